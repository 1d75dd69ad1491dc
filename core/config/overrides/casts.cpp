// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/overrides/functions.h"

#include "core/base/words.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

namespace counterpoint {
namespace {

using Element = OverrideElement;

bool isDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view stripped(std::string_view text) {
  constexpr std::string_view blanks = " \t\n\v\f\r\x1c\x1d\x1e\x1f";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// Digits with single bars between them, bars gone; nullopt for anything else.
std::optional<std::string> plainDigits(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (isDigit(text[i])) {
      plain += text[i];
    } else if (text[i] != '_' || i == 0 || !isDigit(text[i - 1]) || i + 1 == text.size()) {
      return std::nullopt;
    }
  }
  if (plain.empty()) return std::nullopt;
  return plain;
}

// As Python shows a text.
std::string shown(std::string_view text) {
  const char quote = text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos ? '"' : '\'';
  std::string made(1, quote);
  for (const char c : text) {
    const auto control = std::string_view("\n\r\t").find(c);
    if (control != std::string_view::npos) {
      made += std::string(1, '\\') + "nrt"[control];
    } else {
      if (c == quote || c == '\\') made += '\\';
      made += c;
    }
  }
  return made + quote;
}

[[noreturn]] void refuseBeyond64Bits(std::string_view written) {
  throw PythonFault{"OverflowError", fmt::format("{} does not fit into 64 bits", written),
                    "Keep it a text or a float."};
}

std::int64_t wholeOf(std::string_view written) {
  std::string_view text = stripped(written);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto digits = plainDigits(text);
  if (!digits) {
    throw PythonFault{"ValueError", fmt::format("invalid literal for int() with base 10: {}", shown(written))};
  }
  const std::string number = (negative ? "-" : "") + *digits;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc()) refuseBeyond64Bits(number);
  return value;
}

double floatOf(std::string_view written) {
  const auto fail = [&]() -> double {
    throw PythonFault{"ValueError", fmt::format("could not convert string to float: {}", shown(written))};
  };
  std::string_view text = stripped(written);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const std::string lower = lowerAscii(text);
  const double sign = negative ? -1.0 : 1.0;
  if (lower == "inf" || lower == "infinity") return sign * std::numeric_limits<double>::infinity();
  if (lower == "nan") return std::numeric_limits<double>::quiet_NaN();
  const auto mark = lower.find('e');
  const std::string_view base = std::string_view(lower).substr(0, mark);
  const auto point = base.find('.');
  const std::string_view whole = base.substr(0, point);
  const std::string_view fraction = point == base.npos ? std::string_view() : base.substr(point + 1);
  if (whole.empty() && fraction.empty()) return fail();
  std::string number;
  for (const auto part : {whole, fraction}) {
    const auto digits = part.empty() ? std::optional<std::string>("0") : plainDigits(part);
    if (!digits) return fail();
    number += number.empty() ? *digits + "." : *digits;
  }
  if (mark != lower.npos) {
    std::string_view exponent = std::string_view(lower).substr(mark + 1);
    const bool below = exponent.starts_with('-');
    if (below || exponent.starts_with('+')) exponent.remove_prefix(1);
    const auto digits = plainDigits(exponent);
    if (!digits) return fail();
    number += (below ? "e-" : "e") + *digits;
  }
  return sign * std::strtod(number.c_str(), nullptr);
}

struct Caster {
  OverrideCast cast;

  Element operator()(std::nullptr_t) const {
    if (cast == OverrideCast::Bool) return {false};
    throw PythonFault{"AssertionError", "null is no number and no text"};
  }
  Element operator()(bool value) const { return ofNumber(value, value ? "true" : "false"); }
  Element operator()(std::int64_t value) const { return ofNumber(value, pythonText(ConfigScalar(value))); }
  Element operator()(double value) const {
    if (cast == OverrideCast::Int) {
      if (std::isnan(value)) throw PythonFault{"ValueError", "cannot convert float NaN to integer"};
      if (std::isinf(value)) throw PythonFault{"OverflowError", "cannot convert float infinity to integer"};
      if (value < -0x1p63 || value >= 0x1p63) refuseBeyond64Bits(pythonText(value));
    }
    return ofNumber(value, pythonText(value));
  }
  Element operator()(const std::string& value) const {
    switch (cast) {
      case OverrideCast::Int: return {wholeOf(value)};
      case OverrideCast::Float: return {floatOf(value)};
      case OverrideCast::Text: return {value};
      case OverrideCast::Bool: break;
    }
    const std::string lower = lowerAscii(value);
    if (lower != "true" && lower != "false") {
      throw PythonFault{"ValueError", fmt::format("Cannot cast '{}' to bool", value), "Write true or false."};
    }
    return {lower == "true"};
  }
  Element operator()(const Element::List& list) const {
    Element::List made;
    for (const auto& item : list) made.push_back(castOverride(cast, item));
    return {std::move(made)};
  }
  Element operator()(const Element::Dict& dict) const {
    Element::Dict made = dict;
    for (auto& entry : made) entry.value = castOverride(cast, entry.value);
    return {std::move(made)};
  }
  Element operator()(const Element::Sweep& sweep) const { return {std::make_shared<const OverrideSweep>(of(*sweep))}; }

 private:
  template <typename Number>
  Element ofNumber(Number value, const std::string& text) const {
    switch (cast) {
      case OverrideCast::Int: return {static_cast<std::int64_t>(value)};
      case OverrideCast::Float: return {static_cast<double>(value)};
      case OverrideCast::Text: return {text};
      case OverrideCast::Bool: break;
    }
    return {value != Number{}};
  }

  ConfigScalar of(const ConfigScalar& value) const {
    const Element made = std::visit([&](const auto& known) { return castOverride(cast, Element{known}); }, value);
    return made.node().scalar();
  }

  OverrideSweep of(const OverrideSweep& sweep) const {
    const bool number = cast == OverrideCast::Int || cast == OverrideCast::Float;
    OverrideSweep made;
    made.kind = sweep.kind;
    switch (sweep.kind) {
      case OverrideSweep::Kind::Choice:
        made.simple = sweep.simple;
        for (const auto& choice : sweep.choices) {
          made.choices.push_back(castOverride(cast, choice));
          if (made.choices.back().as<Element::Sweep>()) throw PythonFault{"AssertionError", ""};
        }
        return made;
      case OverrideSweep::Kind::Range:
        if (!number) throw PythonFault{"ValueError", "Range can only be cast to int or float"};
        made.start = of(sweep.start);
        made.stop = of(sweep.stop);
        made.step = of(sweep.step);
        return made;
      case OverrideSweep::Kind::Interval:
        if (!number) {
          throw PythonFault{"ValueError",
                            fmt::format("Intervals cannot be cast to {}", cast == OverrideCast::Bool ? "bool" : "str")};
        }
        made.tags = sweep.tags;
        made.start = of(sweep.start);
        made.stop = of(sweep.stop);
        return made;
      case OverrideSweep::Kind::Glob: break;
    }
    throw PythonFault{"AssertionError", ""};
  }
};

}  // namespace

OverrideElement castOverride(OverrideCast cast, const OverrideElement& value) {
  return std::visit(Caster{cast}, value.content);
}

}  // namespace counterpoint
