// SPDX-License-Identifier: GPL-3.0-or-later
// Freezing the first part of a network (DeepCORO spec §5.6).
#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <string>

namespace counterpoint {

struct FreezeReport {
  std::int64_t tensors = 0, trainableTensors = 0, parameters = 0, trainableParameters = 0;
  std::string firstTrainable;  // empty: all frozen
};

// The last int(fraction · P) of the P parameter tensors, in order of registration, train; the others do not. The
// fraction is what DeepCORO calls freeze_ratio: 0 freezes all, 1 none. With `zeroTrainsAll` (its rule for text) 0
// freezes none.
FreezeReport setTrainableFraction(torch::nn::Module& module, double fraction, bool zeroTrainsAll = false);

}  // namespace counterpoint
