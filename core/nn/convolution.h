// SPDX-License-Identifier: GPL-3.0-or-later
// 3-D convolutions as video networks use them.
#pragma once

#include <torch/nn/modules/conv.h>

#include <array>
#include <cstdint>
#include <memory>

namespace counterpoint {

using Extent3 = std::array<std::int64_t, 3>;  // time, height, width

// Padded by half the kernel.
std::shared_ptr<torch::nn::Conv3dImpl> makeConvolution(std::int64_t in, std::int64_t out, const Extent3& kernel,
                                                       const Extent3& stride, bool bias, std::int64_t groups = 1);
// Length of one axis after such a convolution (or pool).
std::int64_t lengthAfter(std::int64_t length, std::int64_t kernel, std::int64_t stride);

}  // namespace counterpoint
