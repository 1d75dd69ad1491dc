// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/overrides/group_options.h"

#include <set>

namespace counterpoint {

std::vector<std::string> groupOptions(const std::vector<std::filesystem::path>& roots, const std::string& group) {
  namespace fs = std::filesystem;
  std::set<std::string> options;
  for (const auto& root : roots) {
    std::error_code error;
    for (fs::directory_iterator entry(root / group, error), end; !error && entry != end; entry.increment(error)) {
      if (entry->path().extension() == ".yaml") options.insert(entry->path().stem().string());
    }
  }
  return {options.begin(), options.end()};
}

}  // namespace counterpoint
