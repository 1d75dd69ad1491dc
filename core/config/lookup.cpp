// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/lookup.h"

#include "core/base/error.h"
#include "core/base/process.h"
#include "core/base/words.h"

#include <algorithm>

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

bool isConfigFile(const fs::path& path) { return path.extension() == ".yaml" || path.extension() == ".yml"; }

}  // namespace

fs::path ownConfigs() {
  std::error_code error;
  const fs::path programs = programDirectory();
  for (const char* place : {"../share/counterpoint/configs", "../../share/counterpoint/configs", "../../configs"}) {
    const fs::path folder = programs / place;
    if (fs::is_directory(folder, error)) return fs::weakly_canonical(folder, error);
  }
  return {};
}

std::vector<fs::path> configRoots(const std::optional<Workspace>& workspace, const fs::path& only) {
  if (!only.empty()) return {only};
  std::vector<fs::path> roots;
  if (workspace) roots.push_back(workspace->configs);
  if (const auto own = ownConfigs(); !own.empty()) roots.push_back(own);
  return roots;
}

std::vector<std::string> configNames(const fs::path& root) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(root, error), end; !error && entry != end; entry.increment(error)) {
    if (!entry->is_regular_file(error) || !isConfigFile(entry->path())) continue;
    names.push_back(entry->path().lexically_relative(root).replace_extension().generic_string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

fs::path findConfig(const std::string& nameOrFile, const std::vector<fs::path>& roots) {
  std::error_code error;
  const fs::path file(nameOrFile);
  if (isConfigFile(file) && fs::is_regular_file(file, error)) return file;
  std::vector<std::string> known, searched;
  for (const auto& root : roots) {
    for (const char* suffix : {".yaml", ".yml", ""}) {
      const fs::path candidate = root / (nameOrFile + suffix);
      if (isConfigFile(candidate) && fs::is_regular_file(candidate, error)) return candidate;
    }
    const auto names = configNames(root);
    known.insert(known.end(), names.begin(), names.end());
    searched.push_back(root.string());
  }
  if (isConfigFile(file)) throw usageError("there is no such file", nameOrFile);
  const auto near = nearestWord(nameOrFile, known);
  throw usageError("there is no config of this name in " + (searched.empty() ? "any folder" : join(searched, ", ")),
                   nameOrFile,
                   !near.empty()   ? "Did you mean " + near + "?"
                   : known.empty() ? "Name a file, or run it inside a workspace."
                                   : "Known: " + join(known, ", ") + ".");
}

}  // namespace counterpoint
