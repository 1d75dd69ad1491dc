// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/tree/scalar_style.h"

#include "core/config/tree/config_error.h"
#include "core/config/tree/python_numbers.h"
#include "core/config/tree/scalars.h"

#include <regex>

namespace counterpoint {
namespace {

bool isOneOf(char32_t c, std::u32string_view set) { return set.find(c) != std::u32string_view::npos; }
bool isBlankOrBreak(char32_t c) { return c == 0 || c == ' ' || c == '\t' || c == '\r' || isYamlBreak(c); }

// What may stand in a YAML text as it is, beyond ASCII.
bool isPrintable(char32_t c) {
  if (c == 0x85) return true;
  if (c == 0xFEFF) return false;
  return (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c < 0x10FFFF);
}

bool isTimestamp(const std::string& text) {
  if (text.size() < 8 || text.size() > 80 || text[0] < '0' || text[0] > '9') return false;
  static const std::regex kTimestamp(
      "[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \\t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\\.[0-9]*)?"
      "([ \\t]*(Z|[-+][0-9]{1,2}(:[0-9]{2})?))?");
  return std::regex_match(text, kTimestamp);
}

// Whether PyYAML reads the plain text back as something else.
bool isOtherType(const std::string& text) {
  if (text == "<<" || text == "=" || isTimestamp(text)) return true;
  try {
    return !std::holds_alternative<std::string>(yamlScalar(text));
  } catch (const ConfigError&) {
    return true;
  }
}

}  // namespace

bool isYamlBreak(char32_t c) { return c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029; }

ScalarAnalysis analyzeScalar(std::u32string_view text) {
  if (text.empty()) return {};
  bool indicators = text.starts_with(U"---") || text.starts_with(U"...");
  bool breaks = false, special = false, breakSpace = false, spaceBreak = false;
  bool previousSpace = false, previousBreak = false, afterBlank = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text[i];
    const bool beforeBlank = i + 1 >= text.size() || isBlankOrBreak(text[i + 1]);
    if (i == 0) {
      indicators |= isOneOf(c, U"#,[]{}&*!|>'\"%@`") || (isOneOf(c, U"?:-") && beforeBlank);
    } else {
      indicators |= (c == ':' && beforeBlank) || (c == '#' && afterBlank);
    }
    breaks |= isYamlBreak(c);
    special |= c != '\n' && !(c >= 0x20 && c <= 0x7E) && !isPrintable(c);
    breakSpace |= c == ' ' && previousBreak;
    spaceBreak |= isYamlBreak(c) && previousSpace;
    previousSpace = c == ' ';
    previousBreak = isYamlBreak(c);
    afterBlank = isBlankOrBreak(c);
  }
  const auto isEdge = [](char32_t c) { return c == ' ' || isYamlBreak(c); };
  ScalarAnalysis analysis;
  analysis.multiline = breaks;
  analysis.singleQuoted = !breakSpace && !spaceBreak && !special;
  analysis.plain = analysis.singleQuoted && !isEdge(text.front()) && !isEdge(text.back()) && !breaks && !indicators;
  return analysis;
}

ScalarStyle styleOf(const std::string& text, const std::u32string& points, bool key) {
  const ScalarAnalysis analysis = analyzeScalar(points);
  // OmegaConf asks for quotes around what YAML 1.1 or Python takes for a bool or a number.
  const bool wantsQuotes =
      text == "y" || text == "Y" || text == "n" || text == "N" || pythonFloat(text) || isOtherType(text);
  if (!wantsQuotes && analysis.plain && !(key && (text.empty() || analysis.multiline))) return ScalarStyle::Plain;
  if (analysis.singleQuoted && !(key && analysis.multiline)) return ScalarStyle::SingleQuoted;
  return ScalarStyle::DoubleQuoted;
}

}  // namespace counterpoint
