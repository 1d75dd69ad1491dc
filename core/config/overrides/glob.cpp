// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/overrides/glob.h"

#include <optional>
#include <string>

namespace counterpoint {
namespace {

// Bytes that are no UTF-8 stand for themselves.
std::u32string charactersOf(std::string_view text) {
  std::u32string made;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    char32_t character = size == 1 ? lead : lead & (0xFFu >> (size + 1));
    for (std::size_t k = 1; k < size && i + k < text.size(); ++k) {
      character = (character << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3F);
    }
    made += character;
    i += size;
  }
  return made;
}

// Where the set that opens before `first` closes; nullopt: the bracket is a plain one.
std::optional<std::size_t> endOfSet(const std::u32string& pattern, std::size_t first) {
  std::size_t at = first;
  if (at < pattern.size() && pattern[at] == U'!') ++at;
  if (at < pattern.size() && pattern[at] == U']') ++at;
  at = pattern.find(U']', at);
  return at == pattern.npos ? std::nullopt : std::optional(at);
}

bool isInSet(char32_t c, std::u32string_view set) {
  const bool negated = set.starts_with(U'!');
  if (negated) set.remove_prefix(1);
  bool inside = false;
  for (std::size_t i = 0; i < set.size();) {
    if (i + 2 < set.size() && set[i + 1] == U'-') {
      inside = inside || (set[i] <= c && c <= set[i + 2]);
      i += 3;
    } else {
      inside = inside || set[i] == c;
      ++i;
    }
  }
  return inside != negated;
}

}  // namespace

bool matchesGlob(std::string_view text, std::string_view pattern) {
  const std::u32string word = charactersOf(text), wanted = charactersOf(pattern);
  std::size_t at = 0, place = 0;
  // Where the last star stands, and how much of the word it holds: the one point to go back to.
  std::optional<std::size_t> star;
  std::size_t held = 0;
  while (at < word.size() || place < wanted.size()) {
    if (place < wanted.size() && wanted[place] == U'*') {
      star = place++;
      held = at;
      continue;
    }
    if (place < wanted.size() && at < word.size()) {
      std::size_t next = place + 1;
      bool fits = wanted[place] == word[at] || wanted[place] == U'?';
      if (wanted[place] == U'[') {
        if (const auto end = endOfSet(wanted, place + 1)) {
          fits = isInSet(word[at], std::u32string_view(wanted).substr(place + 1, *end - place - 1));
          next = *end + 1;
        }
      }
      if (fits) {
        ++at;
        place = next;
        continue;
      }
    }
    if (!star || held == word.size()) return false;
    place = *star + 1;
    at = ++held;
  }
  return true;
}

}  // namespace counterpoint
