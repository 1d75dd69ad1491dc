// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/freeze.h"

#include <algorithm>

namespace counterpoint {

std::size_t freezeFirst(std::vector<std::pair<std::string, at::Tensor>>& parameters, double trainableShare) {
  const auto count = parameters.size();
  const auto trained = static_cast<std::size_t>(std::clamp(trainableShare, 0.0, 1.0) * static_cast<double>(count));
  const auto frozen = count - trained;
  for (std::size_t i = 0; i < count; ++i) parameters[i].second.set_requires_grad(i >= frozen);
  return frozen;
}

}  // namespace counterpoint
