// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens of OmegaConf's interpolation grammar. The lexer has modes: what a character means depends on the braces and
// quotes around it. The longest match counts, the earlier rule among equals.
#pragma once

#include <string_view>
#include <vector>

namespace counterpoint {

struct InterpolationToken {
  enum class Kind {
    AnyText,
    EscapedInter,  // an odd run of backslashes and "${"
    TopEscape,     // pairs of backslashes in plain text
    QuotedEscape,  // pairs of backslashes in quotes
    InterOpen,
    InterClose,
    BraceOpen,
    BraceClose,
    QuoteOpen,
    QuoteClose,
    Comma,
    BracketOpen,
    BracketClose,
    Colon,
    Float,
    Int,
    Bool,
    Null,
    UnquotedChar,
    Id,
    Escape,
    Blanks,
    Dot,
    Key,
    End,
  };
  Kind kind = Kind::End;
  std::string_view text;
  std::size_t offset = 0;
};

enum class InterpolationMode { Plain, Value };

// Throws ConfigError{Grammar} for a character that no rule takes and for a brace too many. Ends with End.
std::vector<InterpolationToken> lexInterpolation(std::string_view text, InterpolationMode mode);

}  // namespace counterpoint
