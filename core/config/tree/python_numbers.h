// SPDX-License-Identifier: GPL-3.0-or-later
// What Python's int() and float() make of a text: blanks around it, bars between digits.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace counterpoint {

// nullopt also for a number beyond 64 bits.
std::optional<std::int64_t> pythonInt(std::string_view text);
std::optional<double> pythonFloat(std::string_view text);

}  // namespace counterpoint
