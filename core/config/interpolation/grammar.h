// SPDX-License-Identifier: GPL-3.0-or-later
// OmegaConf 2.3's interpolation grammar: texts with ${path} and ${resolver:arguments}, and the element grammar of
// resolver arguments and oc.decode.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/tree/node.h"

namespace counterpoint {

// One piece of a parsed value.
struct InterpolationSyntax {
  enum class Kind {
    Literal,   // value: a typed scalar or unescaped text
    Text,      // parts, joined as text; a single interpolation keeps its type
    Quoted,    // the same, but always text
    Node,      // parts: keys and nested interpolations; dots; steps tell how they join
    Resolver,  // parts: pieces of the name, joined by "."; arguments
    List,      // arguments
    Dict,      // entries: keys[i] : arguments[i]
  };
  Kind kind = Kind::Literal;
  ConfigScalar value = {};
  std::vector<InterpolationSyntax> parts = {};
  std::vector<std::string> joins = {};  // of a Node: text before each part and behind the last ("", ".", "[", "]["…)
  std::vector<InterpolationSyntax> arguments = {}, keys = {};
  std::string source = {};  // as it was written, without blanks at its ends
};

// True for a text that evaluation has to look at: it holds "${", escaped or not.
bool needsEvaluation(std::string_view text);

// The whole value of a key ("a ${b}"). Throws ConfigError{Grammar} naming the column and what was expected.
InterpolationSyntax parseInterpolation(std::string_view text);

// One element, as oc.decode reads it: "[1, a]", "{a: 1}", "'x'", "1e3".
InterpolationSyntax parseElement(std::string_view text);

}  // namespace counterpoint
