// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/sweeps/gaussian_process.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "core/config/sweeps/quantiles.h"

namespace counterpoint {
namespace {

constexpr double kStability = 1e-6;

}  // namespace

GaussianProcess::GaussianProcess(std::vector<Point> points, std::vector<double> values, double lengthScale)
    : points_(std::move(points)), values_(std::move(values)), lengthScale_(lengthScale) {
  factorize();
}

double GaussianProcess::kernel(const Point& a, const Point& b) const {
  double square = 0;
  for (std::size_t i = 0; i < a.size(); ++i) square += (a[i] - b[i]) * (a[i] - b[i]);
  const double distance = std::sqrt(3 * square) / lengthScale_;
  return (1 + distance) * std::exp(-distance);
}

void GaussianProcess::factorize() {
  const std::size_t n = points_.size();
  factor_.assign(n * n, 0);
  weights_ = values_;
  double logDeterminant = 0;
  for (std::size_t row = 0; row < n; ++row) {
    for (std::size_t column = 0; column <= row; ++column) {
      double sum = kernel(points_[row], points_[column]) + (row == column ? kNugget : 0);
      for (std::size_t k = 0; k < column; ++k) sum -= factor(row, k) * factor(column, k);
      if (row == column && !(sum > 0)) {
        logLikelihood_ = -std::numeric_limits<double>::infinity();
        return;
      }
      factor(row, column) = row == column ? std::sqrt(sum) : sum / factor(column, column);
    }
    logDeterminant += std::log(factor(row, row));
    for (std::size_t k = 0; k < row; ++k) weights_[row] -= factor(row, k) * weights_[k];
    weights_[row] /= factor(row, row);
  }
  double square = 0;
  for (const double weight : weights_) square += weight * weight;  // y' K^-1 y
  for (std::size_t row = n; row-- > 0;) {
    for (std::size_t k = row + 1; k < n; ++k) weights_[row] -= factor(k, row) * weights_[k];
    weights_[row] /= factor(row, row);
  }
  logLikelihood_ = -square / 2 - logDeterminant - static_cast<double>(n) / 2 * std::log(2 * std::numbers::pi);
}

GaussianProcess::Prediction GaussianProcess::predict(const Point& point) const {
  const std::size_t n = points_.size();
  std::vector<double> column(n);
  Prediction prediction;
  double variance = 1;
  for (std::size_t row = 0; row < n; ++row) {
    column[row] = kernel(points_[row], point);
    prediction.mean += column[row] * weights_[row];
    for (std::size_t k = 0; k < row; ++k) column[row] -= factor(row, k) * column[k];
    column[row] /= factor(row, row);
    variance -= column[row] * column[row];
  }
  prediction.deviation = std::sqrt(std::max(0.0, variance));
  return prediction;
}

GaussianProcess GaussianProcess::fit(std::vector<Point> points, std::vector<double> values) {
  // One length scale: look along its whole range, then close in between the neighbours of the best.
  constexpr int kSteps = 60;
  const double low = std::log(kShortest), high = std::log(kLongest);
  const auto at = [&](double logarithm) { return GaussianProcess(points, values, std::exp(logarithm)); };
  const auto placeOf = [&](int step) { return low + (high - low) * step / kSteps; };
  int best = 0;
  double bestLikelihood = -std::numeric_limits<double>::infinity();
  for (int step = 0; step <= kSteps; ++step)
    if (const double likelihood = at(placeOf(step)).logLikelihood(); likelihood > bestLikelihood) {
      bestLikelihood = likelihood;
      best = step;
    }
  double left = placeOf(std::max(0, best - 1)), right = placeOf(std::min(kSteps, best + 1));
  constexpr double kGolden = 0.6180339887498949;
  double inner = right - kGolden * (right - left), outer = left + kGolden * (right - left);
  double innerLikelihood = at(inner).logLikelihood(), outerLikelihood = at(outer).logLikelihood();
  while (right - left > 1e-7) {
    if (innerLikelihood >= outerLikelihood) {
      right = std::exchange(outer, inner);
      outerLikelihood = innerLikelihood;
      inner = right - kGolden * (right - left);
      innerLikelihood = at(inner).logLikelihood();
    } else {
      left = std::exchange(inner, outer);
      innerLikelihood = outerLikelihood;
      outer = left + kGolden * (right - left);
      outerLikelihood = at(outer).logLikelihood();
    }
  }
  GaussianProcess closest = at((left + right) / 2);
  return closest.logLikelihood() >= bestLikelihood ? std::move(closest) : at(placeOf(best));
}

bool GaussianProcess::isAtBound() const {
  const double logarithm = std::log(lengthScale_);
  const auto isClose = [&](double bound) { return std::abs(logarithm - bound) <= 1e-8 + 1e-5 * std::abs(bound); };
  return isClose(std::log(kShortest)) || isClose(std::log(kLongest));
}

double expectedImprovement(const GaussianProcess::Prediction& prediction, double best) {
  const double gain = best - prediction.mean;
  const double z = gain / (prediction.deviation + kStability);
  return gain * normalProbability(z) + prediction.deviation * normalDensity(z);
}

}  // namespace counterpoint
