// SPDX-License-Identifier: GPL-3.0-or-later
// In which style PyYAML writes a text: what its analyze_scalar finds, and OmegaConf's wish for quotes.
#pragma once

#include <string>
#include <string_view>

namespace counterpoint {

struct ScalarAnalysis {
  bool multiline = false;
  bool plain = true, singleQuoted = true;  // allowed in block style
};

bool isYamlBreak(char32_t c);
ScalarAnalysis analyzeScalar(std::u32string_view text);

enum class ScalarStyle { Plain, SingleQuoted, DoubleQuoted };
// Of a text; `key`: of a key that stands on one line with its value.
ScalarStyle styleOf(const std::string& text, const std::u32string& points, bool key);

}  // namespace counterpoint
