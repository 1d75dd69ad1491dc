// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/run_folder.h"

#include <fmt/format.h>

#include <cctype>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/folders.h"

namespace counterpoint {
namespace {

std::string fileNameOf(const std::string& name) {
  std::string result;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    result += std::isalnum(byte) || c == '-' || c == '_' || c == '.' || byte >= 0x80 ? c : '-';
  }
  while (!result.empty() && result.front() == '.') result.erase(0, 1);
  if (result.size() > 120) result.resize(120);
  return result.empty() ? "run" : result;
}

void makeInnerFolders(const RunFolder& folder) {
  makeFolder(folder.hydra());
  makeFolder(folder.checkpoints());
  makeFolder(folder.scratch());
}

}  // namespace

RunFolder RunFolder::create(const std::filesystem::path& runs, const std::string& name) {
  const auto parent = std::filesystem::absolute(runs);
  const RunFolder folder(makeFreshDirectory(parent / (localTimeStamp(wallSeconds()) + "_" + fileNameOf(name))));
  makeInnerFolders(folder);
  return folder;
}

RunFolder RunFolder::createAt(const std::filesystem::path& path) {
  std::error_code code;
  const RunFolder folder(std::filesystem::absolute(path).lexically_normal());
  if (std::filesystem::exists(folder.path(), code) && !std::filesystem::is_empty(folder.path(), code))
    throw usageError("is there already, and something is in it", folder.path().string(), "Name another run folder.");
  makeFolder(folder.path());
  makeInnerFolders(folder);
  return folder;
}

RunFolder RunFolder::open(const std::filesystem::path& path) {
  std::error_code code;
  auto absolute = std::filesystem::absolute(path).lexically_normal();
  if (!absolute.has_filename()) absolute = absolute.parent_path();
  const RunFolder folder(absolute);
  if (!std::filesystem::is_directory(absolute, code)) throw dataError("no such run folder", path.string());
  if (!std::filesystem::exists(folder.config(), code) && !std::filesystem::exists(folder.status(), code))
    throw dataError("is no run folder: neither config.yaml nor status.json is in it", path.string());
  return folder;
}

std::filesystem::path RunFolder::checkpoint(std::int64_t step) const {
  return checkpoints() / fmt::format("step_{:06}", step);
}

void writeDescription(const RunFolder& folder, const RunDescription& description) {
  std::string lines, list;
  for (const auto& line : description.overrides) {
    lines += line + "\n";
    std::string quoted;
    for (const char c : line) quoted += c == '\'' ? "''" : std::string(1, c);
    list += "- '" + quoted + "'\n";
  }
  makeFolder(folder.hydra());
  writeFileAtomically(folder.config(), description.config);
  writeFileAtomically(folder.overrides(), lines);
  const auto& hydraConfig = description.hydraConfig.empty() ? description.config : description.hydraConfig;
  writeFileAtomically(folder.hydra() / "config.yaml", hydraConfig);
  writeFileAtomically(folder.hydra() / "hydra.yaml",
                      description.hydraSettings.empty() ? "hydra:\n  run:\n    dir: .\n" : description.hydraSettings);
  writeFileAtomically(folder.hydra() / "overrides.yaml", list.empty() ? "[]\n" : list);
}

}  // namespace counterpoint
