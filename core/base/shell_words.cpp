// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/shell_words.h"

#include "core/base/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace counterpoint {
namespace {

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Safe unquoted everywhere, also in bash and zsh: no globs, no braces, no "~" or "=" that begins a word.
bool isPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-./,:@%+=").find(c) != std::string_view::npos;
}

}  // namespace

ShellWords splitShellWords(std::string_view line) {
  ShellWords found;
  ShellWord word;
  bool open = false;  // a word has begun, maybe an empty one in quotes
  char quote = 0;
  const auto take = [&](std::size_t i) {
    word.text += line[i];
    word.at.push_back(i);
  };
  const auto finish = [&](std::size_t end) {
    word.end = end;
    if (open) found.words.push_back(std::move(word));
    word = {};
    open = false;
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (!quote && isBlank(c)) {
      finish(i);
      continue;
    }
    if (!open) word.begin = i;
    open = true;
    const bool last = i + 1 == line.size();
    if (quote == '\'') {
      c == '\'' ? void(quote = 0) : take(i);
    } else if (quote == '"') {
      if (c == '"') {
        quote = 0;
      } else if (c == '\\' && !last && std::string_view("$`\"\\\n").find(line[i + 1]) != std::string_view::npos) {
        if (line[++i] != '\n') take(i);
      } else {
        take(i);
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '\\') {
      if (last) {
        found.problem = "a backslash ends the line";
      } else if (line[++i] != '\n') {
        take(i);
      }
    } else {
      take(i);
    }
  }
  if (quote) found.problem = fmt::format("the quote {} is not closed", quote);
  finish(line.size());
  return found;
}

std::string shellQuoted(std::string_view text) {
  const bool plain = !text.empty() && text.front() != '=' && std::all_of(text.begin(), text.end(), isPlain);
  if (plain) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) c == '\'' ? quoted += "'\\''" : quoted += c;
  return quoted + "'";
}

std::string shellLine(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  for (const auto& word : words) quoted.push_back(shellQuoted(word));
  return join(quoted, " ");
}

}  // namespace counterpoint
