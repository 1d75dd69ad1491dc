// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/losses/weighted_sum.h"

#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/error.h"

namespace counterpoint {

at::Tensor weightedSum(const std::vector<LossTerm>& terms) {
  at::Tensor sum;
  for (const auto& term : terms) {
    if (term.weight == 0 || !term.value.defined()) continue;
    const auto part = term.value * term.weight;
    sum = sum.defined() ? sum + part : part;
  }
  if (!sum.defined()) throw Error(ErrorKind::Bug, "every loss has weight 0", "weighted sum", "Set a weight above 0.");
  return sum;
}

std::map<std::string, double> LossWeightSchedule::at(std::int64_t step) const {
  double share = 0;
  if (shape != Shape::Constant && step >= warmupSteps) {
    const double span = static_cast<double>(std::max<std::int64_t>(totalSteps - warmupSteps, 1));
    const double progress = std::min(1.0, static_cast<double>(step - warmupSteps) / span);
    switch (shape) {
      case Shape::Linear: share = progress; break;
      // 0 → 1. DeepCORO's runs from 1 to 0 (spec §10.4), which swaps the two ends.
      case Shape::Cosine: share = 0.5 * (1 - std::cos(std::numbers::pi * progress)); break;
      default: share = progress > 0.5 ? 1 : 0;
    }
  }
  auto weights = last;
  for (const auto& [name, value] : first) {
    const auto found = last.find(name);
    weights[name] = found == last.end() ? value : (1 - share) * value + share * found->second;
  }
  return weights;
}

}  // namespace counterpoint
