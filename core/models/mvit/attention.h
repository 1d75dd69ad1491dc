// SPDX-License-Identifier: GPL-3.0-or-later
// MViTv2's attention: queries, keys and values pooled by convolutions, positions relative to each axis (DeepCORO spec
// §5.3).
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <cstdint>
#include <memory>

#include "core/models/mvit/mvit.h"

namespace counterpoint {

// Depth-wise convolution over the grid, then LayerNorm over all tokens. Keys pool.weight, norm_act.0.*.
class MvitPool : public torch::nn::Module {
 public:
  MvitPool(std::int64_t dimension, const Extent3& kernel, const Extent3& stride);
  // x [B, heads, 1 + T·H·W, D], class token first; `grid` becomes the grid after the pool.
  at::Tensor forward(const at::Tensor& x, Extent3& grid);

 private:
  std::shared_ptr<torch::nn::Conv3dImpl> pool_;
  std::shared_ptr<torch::nn::LayerNormImpl> norm_;
};

// Keys rel_pos_{h,w,t}, qkv.*, project.0.*, pool_{q,k,v}.*.
class MvitAttention : public torch::nn::Module {
 public:
  MvitAttention(const MvitBlockOptions& options, const Extent3& inputGrid, const Extent3& poolKernel);
  // x [B, 1 + T·H·W, in]; `grid` becomes that of the queries after their pool. → [B, 1 + T'·H'·W', out].
  at::Tensor forward(const at::Tensor& x, Extent3& grid);

 private:
  std::int64_t heads_, dimension_;
  at::Tensor relativeHeight_, relativeWidth_, relativeTime_;
  std::shared_ptr<torch::nn::LinearImpl> qkv_, project_;
  std::shared_ptr<MvitPool> poolQuery_, poolKey_, poolValue_;
};

// Rows of `table` for each pair of positions: [queries, keys, D]. The table is interpolated where its length does not
// fit.
at::Tensor relativePositions(const at::Tensor& table, std::int64_t queries, std::int64_t keys);

}  // namespace counterpoint
