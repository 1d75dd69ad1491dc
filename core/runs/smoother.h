// SPDX-License-Identifier: GPL-3.0-or-later
// TensorBoard's smoothing, one value after the other, so that a live curve is never smoothed from its start again.
#pragma once

#include <cmath>

namespace counterpoint {

// An exponential mean started at 0 and divided by 1 - weight^n, n counting finite values. Values that are not finite
// pass through and do not count. Weight in [0, 1).
class Smoother {
 public:
  explicit Smoother(double weight = 0) : weight_(weight) {}

  double next(double value) {
    if (!std::isfinite(value)) return value;
    mean_ = weight_ * mean_ + (1 - weight_) * value;
    bias_ *= weight_;
    return bias_ < 1 ? mean_ / (1 - bias_) : mean_;
  }

 private:
  double weight_;
  double mean_ = 0;
  double bias_ = 1;  // weight^n
};

}  // namespace counterpoint
