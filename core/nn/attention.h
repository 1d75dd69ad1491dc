// SPDX-License-Identifier: GPL-3.0-or-later
// Multi-head attention under the keys of torch.nn.MultiheadAttention.
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>

#include <cstdint>
#include <memory>
#include <optional>

namespace counterpoint {

struct KeysValues {
  at::Tensor keys, values;  // [B, heads, S, D/heads]
};

// Keys in_proj_weight [3D, D], in_proj_bias, out_proj.{weight,bias}. Starts as PyTorch's (Xavier uniform, biases 0).
// Masks are boolean, true where attention is allowed, and broadcast to [B, heads, L, S]; a row may not be all false.
class MultiheadAttention : public torch::nn::Module {
 public:
  // dimension must be divisible by heads (Error{Usage}). `dropout` acts on the weights while training.
  MultiheadAttention(std::int64_t dimension, std::int64_t heads, double dropout = 0);

  // query [B, L, D], source [B, S, D] (keys and values) → [B, L, D].
  at::Tensor forward(const at::Tensor& query, const at::Tensor& source, const std::optional<at::Tensor>& allowed = {});
  at::Tensor selfAttention(const at::Tensor& x, const std::optional<at::Tensor>& allowed = {}, bool causal = false);

  // The steps of forward, for caches of keys and values.
  at::Tensor projectQuery(const at::Tensor& query);  // [B, heads, L, D/heads]
  KeysValues projectSource(const at::Tensor& source);
  at::Tensor attend(const at::Tensor& projectedQuery, const KeysValues& source,
                    const std::optional<at::Tensor>& allowed, bool causal = false);

  std::int64_t heads() const { return heads_; }

 private:
  at::Tensor splitHeads(const at::Tensor& x) const;

  std::int64_t dimension_, heads_;
  double dropout_;
  at::Tensor inProjWeight_, inProjBias_;
  std::shared_ptr<torch::nn::LinearImpl> outProj_;
};

}  // namespace counterpoint
