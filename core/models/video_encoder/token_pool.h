// SPDX-License-Identifier: GPL-3.0-or-later
// From the tokens of one clip to one vector (DeepCORO spec §6.2).
#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <memory>
#include <string_view>

namespace counterpoint {

class TokenPool : public torch::nn::Module {
 public:
  virtual at::Tensor forward(const at::Tensor& tokens) = 0;  // [N, L, D] → [N, D]
};

// attention: keys query, attn.*, norm.*; cls_token: keys cls_token, transformer.layers.0.* (post-norm, ReLU, 4·D),
// norm.*. Null for mean, which has no weights. Throws Error{Usage} for another mode.
std::shared_ptr<TokenPool> makeTokenPool(std::string_view mode, std::int64_t dimension, std::int64_t heads,
                                         double dropout);

}  // namespace counterpoint
