// SPDX-License-Identifier: GPL-3.0-or-later
// The shape of an override before its functions are called.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/config/overrides/lexer.h"

namespace counterpoint {

struct OverrideSyntax {
  enum class Kind { Primitive, List, Dict, Function, SimpleChoice };
  struct Part;
  Kind kind = Kind::Primitive;
  std::size_t offset = 0;
  std::string_view text{};              // all of it, as typed
  std::vector<OverrideToken> tokens{};  // of a primitive
  std::string_view name{};              // of a function
  std::vector<Part> parts;
};

// An item of a list, a member of a dict, an argument, a choice.
struct OverrideSyntax::Part {
  std::vector<OverrideToken> key{};        // of a dict
  std::optional<std::string_view> name{};  // of a named argument
  OverrideSyntax value;
};

struct ParsedOverride {
  Override head;                        // without its value
  bool equals = false;                  // there is a "="
  std::optional<OverrideSyntax> value;  // none behind "=": the empty text
};

// Throws ConfigError{OverrideSyntax}.
ParsedOverride parseOverrideSyntax(std::string_view text);

}  // namespace counterpoint
