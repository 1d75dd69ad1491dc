// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/config/compose/compose.h"
#include "core/config/import/foreign_config.h"
#include "core/config/interpolation/evaluate.h"
#include "core/config/interpolation/resolvers.h"
#include "core/config/tree/access.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/reader.h"
#include "core/config/tree/yaml_guard.h"

namespace counterpoint {

bool ForeignConfig::has(std::string_view path) const { return select(tree, path) != nullptr; }

std::string ForeignConfig::spelling(const std::string& path) const {
  const auto found = spelled.find(path);
  return found == spelled.end() ? path : found->second;
}

namespace {

// Each leaf by itself: one whose interpolation leads nowhere stays as it is written, and is open.
void resolveEach(const ConfigNode& root, ConfigNode& node, const std::string& path, const Resolvers& resolvers,
                 ForeignConfig& config) {
  std::vector<ConfigKey> keys;
  for (const auto& member : node.members()) keys.push_back(member.key);
  for (const auto& key : keys) {
    const std::string here = path.empty() ? key.text() : path + "." + key.text();
    ConfigNode& value = *node.find(key);
    if (value.isDict()) {
      resolveEach(root, value, here, resolvers, config);
      continue;
    }
    try {
      ConfigNode resolved = resolveValue(root, here, resolvers);
      resolved.origins = value.origins;
      value = std::move(resolved);
    } catch (const ConfigError& error) {
      config.open[here] = error.problem();
    }
  }
}

}  // namespace

ForeignConfig readForeignYaml(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  ForeignConfig config;
  config.source = file.string();
  const std::string text = readFile(file, kMostYamlBytes);
  std::vector<ReadNote> notes;
  ReadOptions options;
  options.dialect = dialectOf(text, config.source);
  options.notes = &notes;
  ConfigNode tree = readConfig(text, config.source, options);
  for (const auto& note : notes) config.notes.push_back({{}, note.position, config.source, note.text});
  if (!tree.isDict()) return config;
  if (options.dialect == ReadOptions::Dialect::LastWins) {
    config.tree = std::move(tree);
    return config;
  }
  if (tree.find("defaults") || !overrides.empty()) {
    const Composed composed = compose(requestOfFile(std::filesystem::absolute(file), overrides));
    for (const auto& warning : composed.warnings) config.notes.push_back({{}, {}, config.source, warning});
    config.tree = composed.task;
    resolveEach(composed.task, config.tree, {}, composed.resolvers(), config);
    return config;
  }
  Resolvers resolvers;
  config.tree = tree;
  resolveEach(tree, config.tree, {}, resolvers, config);
  return config;
}

}  // namespace counterpoint
