// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/sweeps/quantiles.h"

#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace counterpoint {
namespace {

template <std::size_t Size>
double polynomial(const std::array<double, Size>& coefficients, double x) {
  double sum = 0;
  for (std::size_t i = Size; i-- > 0;) sum = sum * x + coefficients[i];
  return sum;
}

// Continued fraction of the incomplete beta function by Lentz's method.
double betaFraction(double x, double a, double b) {
  constexpr double kTiny = 1e-300;
  const auto awayFromZero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double c = 1, d = 1 / awayFromZero(1 - (a + b) * x / (a + 1)), fraction = d;
  for (int m = 1; m < 10000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    fraction *= d * c;
    if (std::abs(d * c - 1) < 1e-16) break;
  }
  return fraction;
}

}  // namespace

double normalDensity(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi); }

double normalProbability(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }

double normalQuantile(double p) {
  if (p <= 0) return -std::numeric_limits<double>::infinity();
  if (p >= 1) return std::numeric_limits<double>::infinity();
  static constexpr std::array kCentre = {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                                         1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                                         3.3430575583588128105e4, 2.5090809287301226727e3};
  static constexpr std::array kCentreBelow = {1.0,
                                              4.2313330701600911252e1,
                                              6.8718700749205790830e2,
                                              5.3941960214247511077e3,
                                              2.1213794301586595867e4,
                                              3.9307895800092710610e4,
                                              2.8729085735721942674e4,
                                              5.2264952788528545610e3};
  static constexpr std::array kSide = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                                       3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                                       2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static constexpr std::array kSideBelow = {1.0,
                                            2.05319162663775882187e0,
                                            1.67638483018380384940e0,
                                            6.89767334985100004550e-1,
                                            1.48103976427480074590e-1,
                                            1.51986665636164571966e-2,
                                            5.47593808499534494600e-4,
                                            1.05075007164441684324e-9};
  static constexpr std::array kTail = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                                       2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                       2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static constexpr std::array kTailBelow = {1.0,
                                            5.99832206555887937690e-1,
                                            1.36929880922735805310e-1,
                                            1.48753612908506148525e-2,
                                            7.86869131145613259100e-4,
                                            1.84631831751005468180e-5,
                                            1.42151175831644588870e-7,
                                            2.04426310338993978564e-15};
  const double centred = p - 0.5;
  if (std::abs(centred) <= 0.425) {
    const double r = 0.180625 - centred * centred;
    return centred * polynomial(kCentre, r) / polynomial(kCentreBelow, r);
  }
  const double r = std::sqrt(-std::log(centred < 0 ? p : 1 - p));
  const double x = r <= 5 ? polynomial(kSide, r - 1.6) / polynomial(kSideBelow, r - 1.6)
                          : polynomial(kTail, r - 5) / polynomial(kTailBelow, r - 5);
  return centred < 0 ? -x : x;
}

double betaProbability(double x, double a, double b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
  // The fraction converges fast on the near side of the mean only.
  return x < (a + 1) / (a + b + 2) ? front * betaFraction(x, a, b) / a : 1 - front * betaFraction(1 - x, b, a) / b;
}

double betaQuantile(double p, double a, double b) {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  if (p > 0.5) return 1 - betaQuantile(1 - p, b, a);  // 1 - p is exact, the sum near 1 is not
  double low = 0, high = 1;
  for (int i = 0; i < 2000; ++i) {  // small a: the answer may lie near the smallest number there is
    const double middle =
        low < 1e-3 && high > 4 * low ? (low > 0 ? std::sqrt(low * high) : high / 16) : low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    (betaProbability(middle, a, b) < p ? low : high) = middle;
  }
  return high;
}

}  // namespace counterpoint
