// SPDX-License-Identifier: GPL-3.0-or-later
// Where configs lie. NAME is looked up in the workspace's configs/, then in ours; a FILE is taken as it is.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/config/workspace.h"

namespace counterpoint {

// The folder of ready-made configs: share/counterpoint/configs beside an installed program, the source's configs/ in a
// build folder. Empty when neither is there.
std::filesystem::path ownConfigs();

// Folders to search, first one first. A given `only` (--config-dir) is the one root.
std::vector<std::filesystem::path> configRoots(const std::optional<Workspace>& workspace,
                                               const std::filesystem::path& only = {});

// "echo_text", "deepcoro/multitask" or a path with .yaml/.yml. Throws Error{Usage} naming the nearest name and the
// roots.
std::filesystem::path findConfig(const std::string& nameOrFile, const std::vector<std::filesystem::path>& roots);

// Names (without .yaml) below a root, sorted.
std::vector<std::string> configNames(const std::filesystem::path& root);

}  // namespace counterpoint
