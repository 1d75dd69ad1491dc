// SPDX-License-Identifier: GPL-3.0-or-later
// Several losses as one, and weights that change over the steps.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace counterpoint {

struct LossTerm {
  std::string name;  // "contrastive"
  double weight = 1;
  at::Tensor value;  // scalar
};

// Σ weight·value; terms of weight 0 are left out. Throws Error{Bug} when nothing is left.
at::Tensor weightedSum(const std::vector<LossTerm>& terms);

// Moves weights from `first` to `last`; names that are in one of them only keep that value.
struct LossWeightSchedule {
  enum class Shape { Constant, Linear, Cosine, Step };
  Shape shape = Shape::Constant;
  std::int64_t warmupSteps = 0, totalSteps = 1;
  std::map<std::string, double> first, last;

  std::map<std::string, double> at(std::int64_t step) const;
};

}  // namespace counterpoint
