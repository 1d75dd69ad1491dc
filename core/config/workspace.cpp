// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/workspace.h"

#include <yaml-cpp/yaml.h>

#include "core/base/error.h"
#include "core/base/files.h"

namespace counterpoint {
namespace {

constexpr const char* kFile = "counterpoint.yaml";

// The nearest folder with a counterpoint.yaml, looking upwards.
std::optional<std::filesystem::path> nearestRoot(const std::filesystem::path& folder) {
  std::error_code code;
  for (auto place = std::filesystem::absolute(folder, code).lexically_normal(); !place.empty();
       place = place.parent_path()) {
    if (std::filesystem::is_regular_file(place / kFile, code)) return place;
    if (place == place.root_path()) break;
  }
  return std::nullopt;
}

}  // namespace

Workspace Workspace::plain(const std::filesystem::path& folder) {
  Workspace workspace;
  workspace.root = std::filesystem::absolute(folder).lexically_normal();
  if (!workspace.root.has_filename()) workspace.root = workspace.root.parent_path();
  workspace.name = workspace.root.filename().string();
  workspace.runs = workspace.root / "runs";
  workspace.configs = workspace.root / "configs";
  workspace.models = workspace.root / "models";
  workspace.data = workspace.root / "data";
  workspace.studies = workspace.data / "studies.csv";
  return workspace;
}

Workspace Workspace::open(const std::filesystem::path& folder) {
  Workspace workspace = plain(folder);
  const auto file = workspace.root / kFile;
  try {
    const YAML::Node yaml = YAML::Load(readFile(file, 1 << 20));
    if (!yaml.IsMap()) throw dataError("is no map of names and values", file.string());
    if (const int version = yaml["version"].as<int>(1); version != 1)
      throw dataError("has version " + std::to_string(version) + ", this program knows 1", file.string(),
                      "Use a newer version of Counterpoint.");
    workspace.name = yaml["name"].as<std::string>(workspace.name);
    workspace.synthetic = yaml["synthetic"].as<bool>(false);
    const auto place = [&](const char* key, std::filesystem::path& path) {
      if (yaml[key] && !yaml[key].IsNull()) path = (workspace.root / yaml[key].as<std::string>()).lexically_normal();
    };
    place("runs", workspace.runs);
    place("configs", workspace.configs);
    place("models", workspace.models);
    place("data", workspace.data);
    place("studies", workspace.studies);
    for (const auto& entry : yaml["adapters"]) {
      workspace.adapters.push_back((workspace.root / entry.as<std::string>()).lexically_normal());
    }
  } catch (const YAML::Exception& error) {
    throw dataError(error.msg, file.string() + ", line " + std::to_string(error.mark.line + 1));
  }
  return workspace;
}

std::optional<Workspace> Workspace::find(const std::filesystem::path& folder) {
  const auto root = nearestRoot(folder);
  return root ? std::optional(open(*root)) : std::nullopt;
}

std::filesystem::path workspaceOf(const std::filesystem::path& run) {
  if (const auto root = nearestRoot(run)) return *root;
  auto folder = std::filesystem::absolute(run).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  return folder.parent_path().parent_path();
}

}  // namespace counterpoint
