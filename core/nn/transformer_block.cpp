// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/transformer_block.h"

#include <ATen/ops/gelu.h>

#include <cmath>

#include "core/nn/naming.h"

namespace counterpoint {

TransformerBlock::TransformerBlock(std::int64_t dimension, std::int64_t heads, double mlpRatio, double dropout) {
  const auto norm = [&] {
    return std::make_shared<torch::nn::LayerNormImpl>(torch::nn::LayerNormOptions({dimension}));
  };
  const auto hidden = static_cast<std::int64_t>(std::llround(static_cast<double>(dimension) * mlpRatio));
  norm1_ = register_module("norm1", norm());
  attention_ = register_module("attn", std::make_shared<MultiheadAttention>(dimension, heads, dropout));
  norm2_ = register_module("norm2", norm());
  widen_ = registerAt(*this, "mlp.0", std::make_shared<torch::nn::LinearImpl>(dimension, hidden));
  narrow_ = registerAt(*this, "mlp.3", std::make_shared<torch::nn::LinearImpl>(hidden, dimension));
  dropout_ = register_module("dropout", std::make_shared<torch::nn::DropoutImpl>(dropout));
}

at::Tensor TransformerBlock::forward(const at::Tensor& x, const std::optional<at::Tensor>& allowed) {
  const at::Tensor attended = x + dropout_->forward(attention_->selfAttention(norm1_->forward(x), allowed));
  const at::Tensor hidden = dropout_->forward(at::gelu(widen_->forward(norm2_->forward(attended))));
  return attended + dropout_->forward(narrow_->forward(hidden));
}

}  // namespace counterpoint
