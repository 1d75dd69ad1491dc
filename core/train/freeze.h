// SPDX-License-Identifier: GPL-3.0-or-later
// Freezing by share (DeepCORO spec §5.6, §9): the first tensors in key order are frozen.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace counterpoint {

// int(share·count) tensors train, the ones before them do not. Returns how many are frozen.
std::size_t freezeFirst(std::vector<std::pair<std::string, at::Tensor>>& parameters, double trainableShare);

}  // namespace counterpoint
