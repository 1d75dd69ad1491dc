// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/step.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace counterpoint {
namespace {

constexpr double kSmallest = 1e-6;
constexpr double kSteps[] = {1, 2, 5};

// Number n of …, 1e-1, 2e-1, 5e-1, 1, 2, 5, 10, …; 1 is number 0.
double numberAt(int n) {
  const int power = static_cast<int>(std::floor(n / 3.0));
  // Through text: the double nearest to "2e-5", not a product that is nearly that.
  return std::strtod(fmt::format("{}e{}", kSteps[n - 3 * power], power).c_str(), nullptr);
}

// The next one above (`up`) or below a positive value.
double neighbour(double value, bool up) {
  constexpr double kSame = 1e-9;
  const int power = static_cast<int>(std::floor(std::log10(value) + kSame));
  for (int n = 3 * power - 1; n <= 3 * power + 4; ++n) {
    if (up && numberAt(n) > value * (1 + kSame)) return numberAt(n);
    if (!up && numberAt(n + 1) >= value * (1 - kSame)) return numberAt(n);
  }
  return value;
}

double oneStep(const SchemaKey& key, double value, bool up) {
  if (key.type == ValueType::Int) return value + (up ? 1 : -1);
  if (key.least && key.most) {
    // Hundredths of the range, on their grid.
    const double step = neighbour((*key.most - *key.least) / 100 * 1.0001, false);
    return std::round(value / step + (up ? 1 : -1)) * step;
  }
  if (value < 0) return -neighbour(-value, !up);
  if (value == 0 && !up) return -kSmallest;
  if (up && (value == 0 || (value < kSmallest * (1 - 1e-9) && !key.aboveLeast))) return kSmallest;
  if (!up && value <= kSmallest * (1 + 1e-9) && !key.aboveLeast) return 0;
  return neighbour(value, up);
}

}  // namespace

double stepped(const SchemaKey& key, double value, int steps) {
  for (int i = 0; i < std::abs(steps); ++i) {
    const double next = oneStep(key, value, steps > 0);
    if (key.least && (next < *key.least || (key.aboveLeast && next <= *key.least)))
      return key.aboveLeast ? value : *key.least;
    if (key.most && next > *key.most) return *key.most;
    value = next;
  }
  return value;
}

std::string numberText(double value) {
  std::string text = fmt::format("{:.10g}", value);
  const auto exponent = text.find('e');
  // 3e-4, not 0.0003; 1e-5, not 1e-05.
  if (exponent == text.npos && value != 0 && std::abs(value) < 1e-3) text = fmt::format("{:.9e}", value);
  if (const auto at = text.find('e'); at != text.npos) {
    std::string front = text.substr(0, at);
    if (front.find('.') != front.npos) {
      front.erase(front.find_last_not_of('0') + 1);
      if (front.ends_with('.')) front.pop_back();
    }
    return fmt::format("{}e{}", front, std::atoi(text.c_str() + at + 1));
  }
  return text;
}

}  // namespace counterpoint
