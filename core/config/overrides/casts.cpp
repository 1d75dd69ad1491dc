// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/overrides/functions.h"

#include "core/base/words.h"
#include "core/config/tree/python_numbers.h"

#include <fmt/format.h>

#include <cmath>

namespace counterpoint {
namespace {

using Element = OverrideElement;

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
  if (const auto value = pythonInt(written)) return *value;
  // A float of digits alone is a whole number with too many of them.
  const bool isWhole = pythonFloat(written) && written.find_first_of(".eEiInN") == std::string_view::npos;
  if (isWhole) refuseBeyond64Bits(written);
  throw PythonFault{"ValueError", fmt::format("invalid literal for int() with base 10: {}", shown(written))};
}

double floatOf(std::string_view written) {
  if (const auto value = pythonFloat(written)) return *value;
  throw PythonFault{"ValueError", fmt::format("could not convert string to float: {}", shown(written))};
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
