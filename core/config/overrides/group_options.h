// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace counterpoint {

// The options of a config group ("db", "model/backbone"): names of the files in that folder below any root, sorted.
std::vector<std::string> groupOptions(const std::vector<std::filesystem::path>& roots, const std::string& group);

}  // namespace counterpoint
