// SPDX-License-Identifier: GPL-3.0-or-later
// The pre-norm transformer block that the aggregator and the token mixer are made of (DeepCORO spec §6.1).
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <cstdint>
#include <memory>
#include <optional>

#include "core/nn/attention.h"

namespace counterpoint {

// x += drop(attn(norm1 x)); x += drop(mlp(norm2 x)). Keys norm1.*, attn.*, norm2.*, mlp.0.*, mlp.3.*; GELU (erf).
class TransformerBlock : public torch::nn::Module {
 public:
  TransformerBlock(std::int64_t dimension, std::int64_t heads, double mlpRatio, double dropout);
  // x [B, L, D]; `allowed` as in MultiheadAttention.
  at::Tensor forward(const at::Tensor& x, const std::optional<at::Tensor>& allowed = {});

 private:
  std::shared_ptr<torch::nn::LayerNormImpl> norm1_, norm2_;
  std::shared_ptr<MultiheadAttention> attention_;
  std::shared_ptr<torch::nn::LinearImpl> widen_, narrow_;
  std::shared_ptr<torch::nn::DropoutImpl> dropout_;
};

}  // namespace counterpoint
