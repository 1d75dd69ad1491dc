// SPDX-License-Identifier: GPL-3.0-or-later
// Regression by a Gaussian process with one Matérn 3/2 kernel (Rasmussen and Williams 2006, algorithm 2.1), for up to
// about a hundred points: dense, in double.
#pragma once

#include <cstddef>
#include <vector>

namespace counterpoint {

using Point = std::vector<double>;

class GaussianProcess {
 public:
  static constexpr double kNugget = 1e-7;                    // on the diagonal
  static constexpr double kShortest = 1e-5, kLongest = 1e5;  // length scales

  // Takes the length scale of the highest likelihood within the bounds. Points of one size, as many as values.
  static GaussianProcess fit(std::vector<Point> points, std::vector<double> values);
  GaussianProcess(std::vector<Point> points, std::vector<double> values, double lengthScale);

  struct Prediction {
    double mean = 0, deviation = 0;
  };
  Prediction predict(const Point& point) const;

  double lengthScale() const { return lengthScale_; }
  // Logarithm of the marginal likelihood; -infinity where the kernel has no Cholesky factor.
  double logLikelihood() const { return logLikelihood_; }
  // The likelihood has no maximum within the bounds: the length scale means nothing.
  bool isAtBound() const;

 private:
  double kernel(const Point& a, const Point& b) const;
  void factorize();
  double& factor(std::size_t row, std::size_t column) { return factor_[row * points_.size() + column]; }
  double factor(std::size_t row, std::size_t column) const { return factor_[row * points_.size() + column]; }

  std::vector<Point> points_;
  std::vector<double> values_, weights_, factor_;  // factor_: lower triangle, by rows
  double lengthScale_ = 1, logLikelihood_ = 0;
};

// Expected improvement of a standardised prediction below `best`, as W&B's search computes it.
double expectedImprovement(const GaussianProcess::Prediction& prediction, double best);

}  // namespace counterpoint
