// SPDX-License-Identifier: GPL-3.0-or-later
// counterpoint.yaml: where the parts of a workspace lie (ARCHITECTURE.md).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace counterpoint {

// All paths are absolute.
struct Workspace {
  std::filesystem::path root;
  std::string name;
  bool synthetic = false;
  std::filesystem::path runs, configs, models, data, studies;
  std::vector<std::filesystem::path> adapters;

  std::filesystem::path dotEnv() const { return root / ".env"; }

  // The workspace in `folder`. Throws Error{Data} when its counterpoint.yaml is missing or wrong.
  static Workspace open(const std::filesystem::path& folder);
  // The nearest workspace at or above `folder`, if any.
  static std::optional<Workspace> find(const std::filesystem::path& folder);
  // Without a counterpoint.yaml: the usual names below `folder`.
  static Workspace plain(const std::filesystem::path& folder);
};

// The workspace folder of a run: the nearest one above it with a counterpoint.yaml, else the parent of the folder of
// runs. Its counterpoint.yaml is not read.
std::filesystem::path workspaceOf(const std::filesystem::path& run);

}  // namespace counterpoint
