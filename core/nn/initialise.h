// SPDX-License-Identifier: GPL-3.0-or-later
// Starting values as the reference implementations draw them (LibTorch's own generator: seed it with
// torch::manual_seed).
#pragma once

#include <torch/nn/module.h>

namespace counterpoint {

// Normal(0, deviation) cut at ±2 (PyTorch's trunc_normal_ with its default bounds).
void truncatedNormal(at::Tensor& tensor, double deviation);
void normal(at::Tensor& tensor, double deviation);

enum class LinearInit { TruncatedNormal, Normal };
// Every Linear (and Embedding, for Normal) below `module`: weights as said with `deviation`, biases 0; LayerNorm 1 and
// 0.
void initialiseLinears(torch::nn::Module& module, LinearInit kind, double deviation);

}  // namespace counterpoint
