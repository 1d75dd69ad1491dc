// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/tree/scalars.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/base/words.h"
#include "core/config/tree/config_error.h"

namespace counterpoint {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

template <std::size_t size>
bool isOneOf(std::string_view text, const std::array<std::string_view, size>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// A cursor over a word: each step takes what it names and says whether it was there.
class Word {
 public:
  explicit Word(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  bool starts(char c) const { return rest_.starts_with(c); }
  bool take(char c) {
    return takeIf([c](char other) { return other == c; });
  }
  bool takeEither(char a, char b) { return take(a) || take(b); }
  bool takeDigit() { return takeIf(isDigit); }
  void takeSign() { takeEither('+', '-'); }
  // [0-9]+(_[0-9]+)*
  bool takeGroupedDigits() {
    if (!takeDigits()) return false;
    while (rest_.size() > 1 && rest_[0] == '_' && isDigit(rest_[1])) {
      rest_.remove_prefix(1);
      takeDigits();
    }
    return true;
  }
  bool takeDigits() {
    const std::size_t before = rest_.size();
    while (takeDigit()) {
    }
    return rest_.size() < before;
  }
  void takeDigitsAndBars() {
    while (takeDigit() || take('_')) {
    }
  }
  // [eE][-+]?[0-9]+; `needsSign` as PyYAML's.
  bool takeExponent(bool needsSign, bool grouped) {
    Word ahead = *this;
    if (!ahead.takeEither('e', 'E')) return false;
    if (!ahead.takeEither('+', '-') && needsSign) return false;
    if (!(grouped ? ahead.takeGroupedDigits() : ahead.takeDigits())) return false;
    *this = ahead;
    return true;
  }
  // (:[0-5]?[0-9])+
  bool takeSixties() {
    bool any = false;
    for (Word ahead = *this; ahead.take(':'); *this = ahead, any = true) {
      const char first = ahead.rest_.empty() ? 'x' : ahead.rest_[0];
      if (!ahead.takeDigit()) break;
      if (first <= '5') ahead.takeDigit();
    }
    return any;
  }
  // A character of `set`, as often as it stands there; at least once.
  bool takeAll(std::string_view set) {
    const auto end = std::min(rest_.find_first_not_of(set), rest_.size());
    rest_.remove_prefix(end);
    return end > 0;
  }

 private:
  template <typename Test>
  bool takeIf(const Test& test) {
    if (rest_.empty() || !test(rest_[0])) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view rest_;
};

std::string withoutBars(std::string_view text) {
  std::string plain(text);
  std::erase(plain, '_');
  return plain;
}

double readDouble(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {
    // Python reads 1e999 as inf and 1e-999 as 0.
    const auto exponent = text.find_first_of("eE");
    const bool tiny = exponent != std::string_view::npos && exponent + 1 < text.size() && text[exponent + 1] == '-';
    const double bound = tiny ? 0.0 : std::numeric_limits<double>::infinity();
    return text.starts_with('-') ? -bound : bound;
  }
  return value;
}

std::int64_t readWhole(std::string_view digits, int base, bool negative, std::string_view written, ConfigFault fault) {
  const std::string text = (negative ? "-" : "") + std::string(digits);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw ConfigError(fault, fmt::format("the number {} does not fit into 64 bits", written), {},
                      "Write it as a text, in quotes, or with a point.");
  }
  return value;
}

// Base 60: 1:30 is 90.
template <typename Number>
Number sixties(std::string_view text, const auto& read) {
  Number value{};
  for (const auto& part : split(text, ':')) value = value * 60 + read(part);
  return value;
}

bool isYamlFloat(std::string_view text) {
  for (const std::string_view infinity : {".inf", ".Inf", ".INF"}) {
    if (text == infinity || (text.size() == 5 && (text[0] == '+' || text[0] == '-') && text.substr(1) == infinity))
      return true;
  }
  if (isOneOf<3>(text, {".nan", ".NaN", ".NAN"})) return true;
  Word fraction(text);
  if (fraction.take('.')) {  // no sign before a bare point, and its exponent needs one
    if (!fraction.takeGroupedDigits()) return false;
    if (fraction.done() || (fraction.takeExponent(true, false) && fraction.done())) return true;
    // PyYAML's own rule stands beside OmegaConf's: bars anywhere behind the first digit.
    Word loose(text.substr(1));
    if (!loose.takeDigit()) return false;
    loose.takeDigitsAndBars();
    return loose.done() || (loose.takeExponent(true, false) && loose.done());
  }
  Word word(text);
  word.takeSign();
  Word grouped = word;
  if (grouped.takeGroupedDigits()) {
    Word exponent = grouped;
    if (exponent.takeExponent(false, false) && exponent.done()) return true;
    Word clock = grouped;
    if (clock.takeSixties() && clock.take('.')) {
      clock.takeDigitsAndBars();
      if (clock.done()) return true;
    }
    if (grouped.take('.')) {
      grouped.takeDigitsAndBars();
      if (grouped.done() || (grouped.takeExponent(false, false) && grouped.done())) return true;
    }
  }
  // PyYAML's own, with bars anywhere and a sign in the exponent.
  if (!word.takeDigit()) return false;
  word.takeDigitsAndBars();
  Word clock = word;
  if (clock.takeSixties() && clock.take('.')) {
    clock.takeDigitsAndBars();
    if (clock.done()) return true;
  }
  if (!word.take('.')) return false;
  word.takeDigitsAndBars();
  return word.done() || (word.takeExponent(true, false) && word.done());
}

double yamlFloat(std::string_view text) {
  const std::string plain = lowerAscii(withoutBars(text));
  const bool negative = plain.starts_with('-');
  const std::string_view digits = std::string_view(plain).substr(plain[0] == '-' || plain[0] == '+' ? 1 : 0);
  double value = 0;
  if (digits == ".inf") {
    value = std::numeric_limits<double>::infinity();
  } else if (digits == ".nan") {
    return std::numeric_limits<double>::quiet_NaN();
  } else if (digits.find(':') != std::string_view::npos) {
    value = sixties<double>(digits, readDouble);
  } else {
    value = readDouble(digits);
  }
  return negative ? -value : value;
}

std::optional<std::int64_t> yamlInt(std::string_view text) {
  const bool negative = text.starts_with('-');
  std::string_view digits = text;
  if (!digits.empty() && (digits[0] == '-' || digits[0] == '+')) digits.remove_prefix(1);
  if (digits.empty()) return std::nullopt;
  const std::string plain = withoutBars(digits);
  const auto whole = [&](std::string_view number, int base) {
    return readWhole(number, base, negative, text, ConfigFault::Yaml);
  };
  for (const auto& [prefix, set, base] :
       {std::tuple{"0b", "01_", 2}, std::tuple{"0x", "0123456789abcdefABCDEF_", 16}}) {
    if (!digits.starts_with(prefix)) continue;
    Word word(digits.substr(2));
    if (!word.takeAll(set) || !word.done()) return std::nullopt;
    if (plain.size() <= 2) throw ConfigError(ConfigFault::Yaml, fmt::format("{} is no number", text));
    return whole(std::string_view(plain).substr(2), base);
  }
  if (digits == "0") return 0;
  Word word(digits);
  if (digits[0] == '0') {
    word.take('0');
    if (!word.takeAll("01234567_") || !word.done()) return std::nullopt;
    return whole(plain, 8);
  }
  if (!word.takeDigit()) return std::nullopt;
  word.takeDigitsAndBars();
  if (word.done()) return whole(plain, 10);
  if (!word.takeSixties() || !word.done()) return std::nullopt;
  const auto value = sixties<std::int64_t>(
      plain, [&](std::string_view part) { return readWhole(part, 10, false, text, ConfigFault::Yaml); });
  return negative ? -value : value;
}

bool isGrammarInt(std::string_view text) {
  Word word(text);
  word.takeSign();
  if (word.starts('0')) return word.take('0') && word.done();
  return word.takeGroupedDigits() && word.done();
}

bool isGrammarFloat(std::string_view text) {
  Word word(text);
  word.takeSign();
  bool number = false;
  if (word.starts('.')) {
    if (!word.take('.') || !word.takeGroupedDigits()) return false;
    number = true;
  } else {
    // The whole part is a whole number of the grammar: 01.5 is a text.
    const bool zero = word.starts('0');
    if (zero ? !word.takeDigit() : !word.takeGroupedDigits()) return false;
    if (word.take('.')) {
      number = true;
      word.takeGroupedDigits();
    }
  }
  if (number && word.done()) return true;
  return word.takeExponent(false, true) && word.done();
}

}  // namespace

ConfigScalar yamlScalar(std::string_view text) {
  if (text.empty() || isOneOf<4>(text, {"~", "null", "Null", "NULL"})) return nullptr;
  if (isOneOf<9>(text, {"yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})) return true;
  if (isOneOf<9>(text, {"no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})) return false;
  if (isYamlFloat(text)) return yamlFloat(text);
  if (const auto whole = yamlInt(text)) return *whole;
  return std::string(text);
}

std::optional<ConfigScalar> grammarScalar(std::string_view token) {
  const std::string lower = lowerAscii(token);
  if (lower == "null") return nullptr;
  if (lower == "true") return true;
  if (lower == "false") return false;
  const std::string_view bare =
      std::string_view(lower).substr(lower.starts_with('+') || lower.starts_with('-') ? 1 : 0);
  if (bare == "inf") {
    const double infinity = std::numeric_limits<double>::infinity();
    return lower[0] == '-' ? -infinity : infinity;
  }
  if (bare == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (isGrammarInt(token)) {
    const std::string plain = withoutBars(bare);
    return readWhole(plain, 10, token[0] == '-', token, ConfigFault::OverrideSyntax);
  }
  if (isGrammarFloat(token)) {
    const double value = readDouble(withoutBars(bare));
    return token[0] == '-' ? -value : value;
  }
  return std::nullopt;
}

}  // namespace counterpoint
