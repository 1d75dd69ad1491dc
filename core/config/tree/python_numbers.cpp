// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/tree/python_numbers.h"

#include "core/base/words.h"

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <string>

namespace counterpoint {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view withoutBlanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// Digits with single bars between them go from `rest` to `into`; false when there are none.
bool takeDigits(std::string_view& rest, std::string& into) {
  if (rest.empty() || !isDigit(rest[0])) return false;
  while (!rest.empty()) {
    if (isDigit(rest[0])) {
      into += rest[0];
    } else if (rest[0] != '_' || rest.size() < 2 || !isDigit(rest[1])) {
      break;
    }
    rest.remove_prefix(1);
  }
  return true;
}

void takeSign(std::string_view& rest, std::string& into) {
  if (rest.empty() || (rest[0] != '+' && rest[0] != '-')) return;
  if (rest[0] == '-') into += '-';
  rest.remove_prefix(1);
}

}  // namespace

std::optional<std::int64_t> pythonInt(std::string_view text) {
  std::string_view rest = withoutBlanks(text);
  std::string digits;
  takeSign(rest, digits);
  if (!takeDigits(rest, digits) || !rest.empty()) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

std::optional<double> pythonFloat(std::string_view text) {
  std::string_view rest = withoutBlanks(text);
  std::string digits;
  takeSign(rest, digits);
  const bool negative = !digits.empty();
  const std::string word = lowerAscii(rest);
  if (word == "inf" || word == "infinity") {
    return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }
  if (word == "nan") return std::numeric_limits<double>::quiet_NaN();
  bool any = takeDigits(rest, digits);
  if (!rest.empty() && rest[0] == '.') {
    digits += '.';
    rest.remove_prefix(1);
    any = takeDigits(rest, digits) || any;
  }
  if (!any) return std::nullopt;
  if (!rest.empty() && (rest[0] == 'e' || rest[0] == 'E')) {
    digits += 'e';
    rest.remove_prefix(1);
    takeSign(rest, digits);
    if (!takeDigits(rest, digits)) return std::nullopt;
  }
  if (!rest.empty()) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  // Beyond the range Python has inf and 0, as strtod has; only the decimal point of the locale could differ there.
  if (error == std::errc::result_out_of_range) {
    const auto exponent = digits.find('e');
    const bool tiny = exponent != std::string::npos && digits.find('-', exponent) != std::string::npos;
    const double bound = tiny ? 0.0 : std::numeric_limits<double>::infinity();
    return negative ? -bound : bound;
  }
  return value;
}

}  // namespace counterpoint
