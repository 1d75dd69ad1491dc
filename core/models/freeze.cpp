// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/freeze.h"

#include "core/base/error.h"

namespace counterpoint {

FreezeReport setTrainableFraction(torch::nn::Module& module, double fraction, bool zeroTrainsAll) {
  if (!(fraction >= 0 && fraction <= 1)) {
    throw usageError(std::to_string(fraction) + " is no fraction", "freeze_ratio",
                     "Choose 0 (all frozen) to 1 (all train)");
  }
  const auto parameters = module.named_parameters();
  FreezeReport report;
  report.tensors = static_cast<std::int64_t>(parameters.size());
  report.trainableTensors = zeroTrainsAll && fraction == 0
                                ? report.tensors
                                : static_cast<std::int64_t>(fraction * static_cast<double>(report.tensors));
  const std::int64_t frozen = report.tensors - report.trainableTensors;
  std::int64_t index = 0;
  for (const auto& parameter : parameters) {
    at::Tensor tensor = parameter.value();
    const bool trains = index++ >= frozen;
    tensor.set_requires_grad(trains);
    report.parameters += tensor.numel();
    if (!trains) continue;
    report.trainableParameters += tensor.numel();
    if (report.firstTrainable.empty()) report.firstTrainable = parameter.key();
  }
  return report;
}

}  // namespace counterpoint
