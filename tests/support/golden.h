// SPDX-License-Identifier: GPL-3.0-or-later
// Where the numbers of reference programs lie, and shared data that not every machine has.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace counterpoint {

inline std::filesystem::path goldenFolder(const std::string& layer) {
  return std::filesystem::path(COUNTERPOINT_SOURCE_DIR) / "tests" / "golden" / layer;
}

// Data that never enters the repository; empty where this machine has none (the test then skips).
inline std::filesystem::path sharedFolder(const std::string& name) {
  const char* set = std::getenv("COUNTERPOINT_SHARED");
  for (const std::filesystem::path& candidate :
       {std::filesystem::path(set ? set : ""), std::filesystem::path(COUNTERPOINT_SOURCE_DIR) / ".." / "shared",
        std::filesystem::path("/work/shared")}) {
    std::error_code ignored;
    if (!candidate.empty() && std::filesystem::exists(candidate / name, ignored)) return candidate / name;
  }
  return {};
}

}  // namespace counterpoint
