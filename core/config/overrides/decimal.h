// SPDX-License-Identifier: GPL-3.0-or-later
// Decimal numbers as far as a range of floats needs them: exact from a double, sums rounded half to even to 28 digits
// (Python's default context), so that 0, 3.3, 6.6 come out as they do there.
#pragma once

#include <compare>
#include <string>

namespace counterpoint {

class Decimal {
 public:
  // Of a finite number.
  explicit Decimal(double value);
  explicit Decimal(long long value);

  Decimal operator+(const Decimal& other) const;
  std::strong_ordering operator<=>(const Decimal& other) const;
  bool operator==(const Decimal& other) const { return (*this <=> other) == 0; }
  double toDouble() const;

 private:
  Decimal() = default;
  bool negative_ = false;
  std::string digits_;  // without leading zeros; empty for zero
  int exponent_ = 0;    // of the last digit
};

}  // namespace counterpoint
