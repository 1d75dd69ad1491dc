// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/convolution.h"

namespace counterpoint {

std::shared_ptr<torch::nn::Conv3dImpl> makeConvolution(std::int64_t in, std::int64_t out, const Extent3& kernel,
                                                       const Extent3& stride, bool bias, std::int64_t groups) {
  const Extent3 padding{kernel[0] / 2, kernel[1] / 2, kernel[2] / 2};
  return std::make_shared<torch::nn::Conv3dImpl>(torch::nn::Conv3dOptions(in, out, torch::ExpandingArray<3>(kernel))
                                                     .stride(torch::ExpandingArray<3>(stride))
                                                     .padding(torch::ExpandingArray<3>(padding))
                                                     .groups(groups)
                                                     .bias(bias));
}

std::int64_t lengthAfter(std::int64_t length, std::int64_t kernel, std::int64_t stride) {
  return (length + 2 * (kernel / 2) - kernel) / stride + 1;
}

}  // namespace counterpoint
