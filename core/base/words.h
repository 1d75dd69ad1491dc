// SPDX-License-Identifier: GPL-3.0-or-later
// Helpers for messages that name the nearest right word.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace counterpoint {

// Number of insertions, deletions, substitutions and swaps of neighbours from `a` to `b`.
std::size_t editDistance(std::string_view a, std::string_view b);

// The known word nearest to `word`, or empty when none is near (distance over a third of its length, at least 2).
std::string nearestWord(std::string_view word, const std::vector<std::string>& known);

std::vector<std::string> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string lowerAscii(std::string_view text);

}  // namespace counterpoint
