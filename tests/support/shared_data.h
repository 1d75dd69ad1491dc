// SPDX-License-Identifier: GPL-3.0-or-later
// Where the real sample data lie, which never enter the repository.
#pragma once

#include <cstdlib>
#include <filesystem>

namespace counterpoint {

// $COUNTERPOINT_SHARED/data, or ../shared/data beside the checkout, or /work/shared/data; empty where there is none.
inline std::filesystem::path sharedData() {
  std::error_code ignored;
  if (const char* named = std::getenv("COUNTERPOINT_SHARED")) return std::filesystem::path(named) / "data";
  for (const std::filesystem::path& folder :
       {std::filesystem::path(COUNTERPOINT_SOURCE_DIR) / "../shared/data", std::filesystem::path("/work/shared/data")})
    if (std::filesystem::is_directory(folder, ignored)) return folder;
  return {};
}

}  // namespace counterpoint
