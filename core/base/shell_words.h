// SPDX-License-Identifier: GPL-3.0-or-later
// Words of a command line as a POSIX shell cuts them (Shell Command Language, 2.2 Quoting): quotes and backslashes
// count; nothing is expanded, and no operator ends a word.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace counterpoint {

struct ShellWord {
  std::string text;                // without its quotes
  std::size_t begin = 0, end = 0;  // bytes of the line, quotes included
  std::vector<std::size_t> at;     // for each byte of `text`, where it stands in the line
};

struct ShellWords {
  std::vector<ShellWord> words;
  std::string problem;  // "the quote ' is not closed"; empty: none. The open word is the last of `words`
};

ShellWords splitShellWords(std::string_view line);

// One word that a shell reads back as `text`: as it stands where that is safe, else in single quotes.
std::string shellQuoted(std::string_view text);
std::string shellLine(const std::vector<std::string>& words);

}  // namespace counterpoint
