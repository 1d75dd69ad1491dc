// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/amounts.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>

namespace counterpoint {

std::string bytesInWords(double bytes) {
  constexpr std::array kUnits{"bytes", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  while (bytes >= 999.5 && unit + 1 < kUnits.size()) {
    bytes /= 1000;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", bytes, unit > 0 && bytes < 9.95 ? 1 : 0, kUnits[unit]);
}

std::string countInWords(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string countOf(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", countInWords(count), count == 1 ? one : many);
}

}  // namespace counterpoint
