// SPDX-License-Identifier: GPL-3.0-or-later
// The tokens of an override: the key's up to the first "=", then the value's. The longest match wins, the earlier rule
// of two equally long ones.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/config/overrides/override.h"

namespace counterpoint {

enum class OverrideTokenKind {
  Equal,
  Tilde,
  Plus,
  At,
  Colon,
  Slash,
  KeySpecial,  // a key's word with "$"
  DotPath,     // "a.b.0"
  Id,
  ParenthesisOpen,
  Comma,
  ParenthesisClose,
  BracketOpen,
  BracketClose,
  BraceOpen,
  BraceClose,
  Float,
  Int,
  Bool,
  Null,
  UnquotedCharacter,
  Escape,  // one or more escaped characters
  Blanks,
  Quoted,
  Interpolation,
  End,
  Bad,  // no token starts here; nothing follows
};

struct OverrideToken {
  OverrideTokenKind kind = OverrideTokenKind::End;
  std::size_t offset = 0;
  std::string_view text{};  // of a Bad one: up to the character that fits nothing
};

// Ends with End or Bad; the texts point into `text`.
std::vector<OverrideToken> lexOverride(std::string_view text);

// The error of a text at a byte of it: names the override (shortened) and the column, counted in characters from 1.
ConfigError overrideError(std::string_view text, std::size_t offset, std::string what, std::string cure = {});

}  // namespace counterpoint
