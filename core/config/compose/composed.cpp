// SPDX-License-Identifier: GPL-3.0-or-later
// What is done with a composed config.
#include "core/base/files.h"
#include "core/config/compose/compose.h"
#include "core/config/interpolation/evaluate.h"
#include "core/config/tree/access.h"
#include "core/config/tree/reader.h"
#include "core/config/tree/writer.h"

namespace counterpoint {

ConfigNode Composed::whole() const {
  ConfigNode node = task;
  node["hydra"] = hydra;
  return node;
}

Resolvers Composed::resolvers() const {
  Resolvers made;
  addHydraResolvers(made, {secondsSinceEpoch, &hydra});
  return made;
}

ConfigNode Composed::resolvedTask() const { return resolveAll(task, resolvers()); }

ConfigNode Composed::resolvedHydra() const {
  ConfigNode root = ConfigNode::dict();
  root["hydra"] = hydra;
  const ConfigNode resolved = resolveAll(root, resolvers());
  return *resolved.find("hydra");
}

std::optional<std::string> Composed::requestedRunDirectory() const {
  const ConfigNode* directory = select(hydra, "run.dir");
  if (!directory || !directory->isText() || directory->isMissing() || directory->origins.empty()) return std::nullopt;
  if (directory->origins.back().layer == ConfigOrigin::Layer::Default) return std::nullopt;
  return pythonStr(resolveValue(whole(), "hydra.run.dir", resolvers()));
}

bool writeHydraFolder(const Composed& composed, const std::filesystem::path& folder) {
  const ConfigNode* subdirectory = composed.hydra.find("output_subdir");
  if (subdirectory && subdirectory->isNull()) return false;
  std::filesystem::create_directories(folder);
  ConfigNode overrides = ConfigNode::list();
  for (const auto& text : composed.taskOverrides) overrides.items().push_back(ConfigNode(ConfigScalar(text)));
  ConfigNode hydra = ConfigNode::dict();
  hydra["hydra"] = composed.hydra;
  writeFileAtomically(folder / "config.yaml", writeConfig(composed.task));
  writeFileAtomically(folder / "hydra.yaml", writeConfig(hydra));
  writeFileAtomically(folder / "overrides.yaml", writeConfig(overrides));
  return true;
}

}  // namespace counterpoint
