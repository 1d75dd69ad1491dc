// SPDX-License-Identifier: GPL-3.0-or-later
// The state of LibTorch's generators as bytes.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

namespace counterpoint {

// uint8: the CPU generator's state, then that of `device` where it is a GPU.
at::Tensor randomState(c10::Device device);
void setRandomState(c10::Device device, const at::Tensor& state);

}  // namespace counterpoint
