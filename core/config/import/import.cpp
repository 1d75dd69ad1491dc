// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/import/import.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/words.h"
#include "core/config/import/draft.h"
#include "core/config/import/source_system.h"
#include "core/config/tree/access.h"
#include "core/config/tree/yaml_guard.h"

#include <fmt/format.h>

#include <algorithm>

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

bool isYaml(const fs::path& file) { return file.extension() == ".yaml" || file.extension() == ".yml"; }

const SourceSystem* systemOf(const ForeignConfig& config, const std::vector<SourceSystem>& systems) {
  const auto found = std::find_if(systems.begin(), systems.end(),
                                  [&](const SourceSystem& system) { return system.recognise(config); });
  return found == systems.end() ? nullptr : &*found;
}

[[noreturn]] void refuse(const fs::path& path, const ForeignConfig& config, const std::vector<SourceSystem>& systems) {
  if (config.has("method") && config.has("parameters")) {
    throw usageError("is a sweep file", path.string(), "It is used as it is: counterpoint-worker sweep start FILE.");
  }
  std::vector<std::string> lookedFor;
  for (const auto& system : systems) lookedFor.push_back(system.lookedFor);
  throw usageError("is of no system that is known here", path.string(), "Looked for: " + join(lookedFor, "; ") + ".");
}

ImportReport finish(const ForeignConfig& config, const SourceSystem& system, const fs::path& from) {
  ImportReport report = ImportDraft(config, system).finish();
  report.yaml =
      fmt::format("# Imported from {} ({})\n{}", from.filename().string(), system.title, yamlOf(report.values));
  report.problems = composeText(report.yaml, from.filename().string()).problems;
  return report;
}

std::vector<fs::path> yamlFilesIn(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file() && isYaml(entry.path())) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// The files of a folder that are of one system whose files join: later ones on top.
std::optional<ImportReport> joinedReport(const std::vector<fs::path>& files, const fs::path& folder,
                                         const std::vector<SourceSystem>& systems) {
  ForeignConfig all;
  const SourceSystem* system = nullptr;
  for (const auto& file : files) {
    const ForeignConfig one = readForeignYaml(file, {});
    const SourceSystem* own = systemOf(one, systems);
    if (!own || !own->filesJoin || (system && own != system)) return {};
    system = own;
    merge(all.tree, one.tree);
    all.open.insert(one.open.begin(), one.open.end());
    all.notes.insert(all.notes.end(), one.notes.begin(), one.notes.end());
  }
  if (!system) return {};
  all.source = folder.string();
  return finish(all, *system, folder);
}

// A project's folder has its tree in one of these.
fs::path treeIn(const fs::path& folder) {
  std::error_code code;
  for (const char* name : {"conf", "config", "configs"}) {
    if (fs::exists(folder / name / "config.yaml", code)) return folder / name;
  }
  return folder;
}

ImportReport importFolder(const fs::path& given, const std::vector<std::string>& overrides,
                          const std::vector<SourceSystem>& systems) {
  auto files = yamlFilesIn(given);
  const fs::path folder = files.empty() ? treeIn(given) : given;
  if (files.empty()) files = yamlFilesIn(folder);
  const auto main =
      std::find_if(files.begin(), files.end(), [](const fs::path& file) { return file.stem() == "config"; });
  if (main == files.end() && files.size() != 1) {
    if (auto joined = joinedReport(files, folder, systems)) return std::move(*joined);
    throw usageError(files.empty() ? "holds no YAML file" : "holds several YAML files and no config.yaml",
                     folder.string(), "Name the file that the others are composed into.");
  }
  const fs::path file = main == files.end() ? files.front() : *main;
  const ForeignConfig config = readForeignYaml(file, overrides);
  const SourceSystem* system = systemOf(config, systems);
  if (!system) refuse(file, config, systems);
  return finish(config, *system, file);
}

}  // namespace

std::string_view wordOf(ImportLine::Kind kind) {
  switch (kind) {
    case ImportLine::Kind::Kept: return "kept";
    case ImportLine::Kind::Renamed: return "renamed";
    case ImportLine::Kind::Fixed: return "fixed";
    case ImportLine::Kind::Added: return "added";
    case ImportLine::Kind::Dropped: return "dropped";
  }
  return "";
}

std::vector<SourceSystem> sourceSystems() {
  return {deepcoroSystem(),       deepcoroProbeSystem(), uniirSystem(), productMatchingSystem(),
          selfSupervisedSystem(), loraRetrieverSystem(), stsCftSystem()};
}

ImportReport importConfig(const fs::path& path, const std::vector<std::string>& overrides) {
  const auto systems = sourceSystems();
  std::error_code code;
  if (fs::is_directory(path, code)) return importFolder(path, overrides, systems);
  if (isYaml(path)) {
    const ForeignConfig config = readForeignYaml(path, overrides);
    const SourceSystem* system = systemOf(config, systems);
    if (!system) refuse(path, config, systems);
    return finish(config, *system, path);
  }
  if (!overrides.empty()) throw usageError("overrides are for YAML files", overrides.front(), "Leave them out.");
  const std::string text = readFile(path, kMostYamlBytes);
  checkYamlText(text, path.string());
  const auto commands = readForeignWords(text, path.string());
  for (const auto& command : commands) {
    const SourceSystem* system = systemOf(command, systems);
    if (!system) continue;
    return finish(command, *system, path);
  }
  refuse(path, {}, systems);
}

}  // namespace counterpoint
