// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/overrides/decimal.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace counterpoint {
namespace {

constexpr std::size_t kPrecision = 28;
// A double has at most 767 significant digits.
constexpr int kExactDigits = 766;

void dropLeadingZeros(std::string& digits) { digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size())); }

// Both with as many digits, the shorter one filled up in front.
void level(std::string& a, std::string& b) {
  const std::size_t size = std::max(a.size(), b.size());
  a.insert(0, size - a.size(), '0');
  b.insert(0, size - b.size(), '0');
}

std::string sum(std::string a, std::string b) {
  level(a, b);
  int carry = 0;
  for (std::size_t i = a.size(); i-- > 0;) {
    const int digit = (a[i] - '0') + (b[i] - '0') + carry;
    a[i] = static_cast<char>('0' + digit % 10);
    carry = digit / 10;
  }
  return carry ? "1" + a : a;
}

// a - b, of a >= b.
std::string difference(std::string a, std::string b) {
  level(a, b);
  int borrow = 0;
  for (std::size_t i = a.size(); i-- > 0;) {
    const int digit = a[i] - b[i] - borrow;
    borrow = digit < 0 ? 1 : 0;
    a[i] = static_cast<char>('0' + digit + 10 * borrow);
  }
  return a;
}

}  // namespace

Decimal::Decimal(double value) : negative_(std::signbit(value)) {
  if (value == 0) return;
  char text[kExactDigits + 16];
  std::snprintf(text, sizeof text, "%.*e", kExactDigits, std::fabs(value));
  const std::string_view all = text;
  const auto mark = all.find('e');
  digits_ = all.substr(0, 1);
  digits_ += all.substr(2, mark - 2);
  const std::size_t size = digits_.find_last_not_of('0') + 1;
  digits_.resize(size);
  exponent_ = std::atoi(text + mark + 1) - static_cast<int>(size) + 1;
}

Decimal::Decimal(long long value) : negative_(value < 0), digits_(fmt::format("{}", value)) {
  if (negative_) digits_.erase(0, 1);
  dropLeadingZeros(digits_);
}

Decimal Decimal::operator+(const Decimal& other) const {
  Decimal made;
  made.exponent_ = std::min(exponent_, other.exponent_);
  std::string a = digits_, b = other.digits_;
  if (!a.empty()) a.append(static_cast<std::size_t>(exponent_ - made.exponent_), '0');
  if (!b.empty()) b.append(static_cast<std::size_t>(other.exponent_ - made.exponent_), '0');
  if (negative_ == other.negative_) {
    made.digits_ = sum(a, b);
    made.negative_ = negative_;
  } else {
    const bool mine = a.size() != b.size() ? a.size() > b.size() : a >= b;
    made.digits_ = mine ? difference(a, b) : difference(b, a);
    made.negative_ = mine ? negative_ : other.negative_;
  }
  dropLeadingZeros(made.digits_);
  if (made.digits_.empty()) {
    made.negative_ = negative_ && other.negative_;
  } else if (made.digits_.size() > kPrecision) {
    const std::string rest = made.digits_.substr(kPrecision);
    made.exponent_ += static_cast<int>(rest.size());
    made.digits_.resize(kPrecision);
    const std::string half = "5" + std::string(rest.size() - 1, '0');
    if (rest > half || (rest == half && (made.digits_.back() - '0') % 2 == 1)) made.digits_ = sum(made.digits_, "1");
  }
  return made;
}

std::strong_ordering Decimal::operator<=>(const Decimal& other) const {
  if (digits_.empty() && other.digits_.empty()) return std::strong_ordering::equal;
  const auto sign = [](const Decimal& value) { return value.digits_.empty() ? 0 : value.negative_ ? -1 : 1; };
  if (sign(*this) != sign(other)) return sign(*this) <=> sign(other);
  const int exponent = std::min(exponent_, other.exponent_);
  std::string a = digits_, b = other.digits_;
  a.append(static_cast<std::size_t>(exponent_ - exponent), '0');
  b.append(static_cast<std::size_t>(other.exponent_ - exponent), '0');
  const int order = a.size() != b.size() ? (a.size() < b.size() ? -1 : 1) : a.compare(b);
  return (negative_ ? -order : order) <=> 0;
}

double Decimal::toDouble() const {
  double value = 0;
  const std::string text = fmt::format("{}e{}", digits_.empty() ? "0" : digits_, exponent_);
  std::from_chars(text.data(), text.data() + text.size(), value);
  return negative_ ? -value : value;
}

}  // namespace counterpoint
