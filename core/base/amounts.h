// SPDX-License-Identifier: GPL-3.0-or-later
// Amounts in the messages of core.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace counterpoint {

// "1.2 GB": in powers of 1,000.
std::string bytesInWords(double bytes);
// "12,400".
std::string countInWords(std::uint64_t count);
// "1 clip", "12,400 clips".
std::string countOf(std::uint64_t count, std::string_view one, std::string_view many);

}  // namespace counterpoint
