// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace counterpoint {

// Makes a folder and its parents where they are missing. Throws Error{Environment}, whatever stands in the way.
void makeFolder(const std::filesystem::path& path);

}  // namespace counterpoint
