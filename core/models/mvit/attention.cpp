// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/mvit/attention.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/upsample_linear1d.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/nn/initialise.h"
#include "core/nn/naming.h"

namespace counterpoint {
namespace {

constexpr double kLayerNormEps = 1e-6;

// One-hot rows that say where each key lies: [1 + T·H·W, T + H + W]; the class token's row is zero.
at::Tensor keyPlaces(const Extent3& grid, const at::TensorOptions& options) {
  const auto [t, h, w] = grid;
  const at::Tensor places = at::cat({at::eye(t, options).view({t, 1, 1, t}).expand({t, h, w, t}),
                                     at::eye(h, options).view({1, h, 1, h}).expand({t, h, w, h}),
                                     at::eye(w, options).view({1, 1, w, w}).expand({t, h, w, w})},
                                    -1);
  return at::constant_pad_nd(places.reshape({t * h * w, t + h + w}), {0, 0, 1, 0});
}

}  // namespace

at::Tensor relativePositions(const at::Tensor& table, std::int64_t queries, std::int64_t keys) {
  const std::int64_t length = 2 * std::max(queries, keys) - 1;
  at::Tensor rows = table;
  if (table.size(0) != length) {
    rows = at::upsample_linear1d(table.t().unsqueeze(0), {length}, false).squeeze(0).t();
  }
  const double queryStep = std::max(static_cast<double>(keys) / static_cast<double>(queries), 1.0);
  const double keyStep = std::max(static_cast<double>(queries) / static_cast<double>(keys), 1.0);
  // In float32, as the reference computes them: truncation makes the rounding visible.
  const at::TensorOptions floats = table.options().dtype(at::kFloat);
  const at::Tensor distance = at::arange(queries, floats).unsqueeze(1) * queryStep -
                              (at::arange(keys, floats).unsqueeze(0) + (1.0 - static_cast<double>(keys))) * keyStep;
  return rows.index_select(0, distance.to(at::kLong).flatten()).view({queries, keys, table.size(1)});
}

MvitPool::MvitPool(std::int64_t dimension, const Extent3& kernel, const Extent3& stride) {
  pool_ = register_module("pool", makeConvolution(dimension, dimension, kernel, stride, false, dimension));
  norm_ = registerAt(
      *this, "norm_act.0",
      std::make_shared<torch::nn::LayerNormImpl>(torch::nn::LayerNormOptions({dimension}).eps(kLayerNormEps)));
}

at::Tensor MvitPool::forward(const at::Tensor& x, Extent3& grid) {
  const std::int64_t batch = x.size(0), heads = x.size(1), tokens = x.size(2) - 1, dimension = x.size(3);
  const at::Tensor volume =
      x.narrow(2, 1, tokens).transpose(2, 3).reshape({batch * heads, dimension, grid[0], grid[1], grid[2]});
  const at::Tensor pooled = pool_->forward(volume);
  grid = {pooled.size(2), pooled.size(3), pooled.size(4)};
  const at::Tensor flat = pooled.reshape({batch, heads, dimension, -1}).transpose(2, 3);
  return norm_->forward(at::cat({x.narrow(2, 0, 1), flat}, 2));
}

MvitAttention::MvitAttention(const MvitBlockOptions& options, const Extent3& inputGrid, const Extent3& poolKernel)
    : heads_(options.heads), dimension_(options.out / std::max<std::int64_t>(options.heads, 1)) {
  if (options.heads < 1 || options.out % options.heads != 0) {
    throw usageError(
        "width " + std::to_string(options.out) + " does not divide into " + std::to_string(options.heads) + " heads",
        "mvit.blocks", "Choose a number of heads that divides the width");
  }
  const std::int64_t side = std::max(inputGrid[1], inputGrid[2]);
  const std::int64_t longest = std::max(side / options.strideQuery[1], side / options.strideKeyValue[1]);
  const auto table = [&](const char* name, std::int64_t length) {
    at::Tensor& parameter = register_parameter(name, at::zeros({std::max<std::int64_t>(length, 1), dimension_}));
    truncatedNormal(parameter, 0.02);
    return parameter;
  };
  relativeHeight_ = table("rel_pos_h", 2 * longest - 1);
  relativeWidth_ = table("rel_pos_w", 2 * longest - 1);
  relativeTime_ = table("rel_pos_t", 2 * inputGrid[0] - 1);
  qkv_ = register_module("qkv", std::make_shared<torch::nn::LinearImpl>(options.in, 3 * options.out));
  project_ = registerAt(*this, "project.0", std::make_shared<torch::nn::LinearImpl>(options.out, options.out));
  poolQuery_ = register_module("pool_q", std::make_shared<MvitPool>(dimension_, poolKernel, options.strideQuery));
  poolKey_ = register_module("pool_k", std::make_shared<MvitPool>(dimension_, poolKernel, options.strideKeyValue));
  poolValue_ = register_module("pool_v", std::make_shared<MvitPool>(dimension_, poolKernel, options.strideKeyValue));
}

at::Tensor MvitAttention::forward(const at::Tensor& x, Extent3& grid) {
  const std::int64_t batch = x.size(0), width = heads_ * dimension_;
  const at::Tensor packed = qkv_->forward(x).view({batch, x.size(1), 3, heads_, dimension_}).permute({2, 0, 3, 1, 4});
  Extent3 keyGrid = grid, valueGrid = grid;
  const at::Tensor keys = poolKey_->forward(packed[1], keyGrid);
  const at::Tensor values = poolValue_->forward(packed[2], valueGrid);
  const at::Tensor query = poolQuery_->forward(packed[0], grid);
  const auto [t, h, w] = grid;

  // bias(q, k) = q·Rt[t, t'] + q·Rh[h, h'] + q·Rw[w, w'] is a dot product too: of (q·Rt[t], q·Rh[h], q·Rw[w]) with the
  // one-hot place of the key. Appended to query and key it needs no [queries, keys] matrix of its own.
  const at::Tensor places = query.narrow(2, 1, t * h * w).reshape({batch, heads_, t, h, w, dimension_});
  const at::Tensor byTime = at::matmul(places.reshape({batch, heads_, t, h * w, dimension_}),
                                       relativePositions(relativeTime_, t, keyGrid[0]).transpose(1, 2));
  const at::Tensor byHeight = at::matmul(places, relativePositions(relativeHeight_, h, keyGrid[1]).transpose(1, 2));
  const at::Tensor byWidth =
      at::matmul(places.transpose(3, 4), relativePositions(relativeWidth_, w, keyGrid[2]).transpose(1, 2))
          .transpose(3, 4);
  const std::int64_t tokens = t * h * w;
  const at::Tensor bias = at::cat(
      {byTime.reshape({batch, heads_, tokens, keyGrid[0]}), byHeight.reshape({batch, heads_, tokens, keyGrid[1]}),
       byWidth.reshape({batch, heads_, tokens, keyGrid[2]})},
      -1);
  const double scale = 1 / std::sqrt(static_cast<double>(dimension_));
  // Widened to a multiple of 8, which the fused kernels ask for; the values too, since they must be as wide.
  const std::int64_t extra = bias.size(3), padding = (8 - (dimension_ + extra) % 8) % 8;
  const at::Tensor wideQuery =
      at::constant_pad_nd(at::cat({query * scale, at::constant_pad_nd(bias, {0, 0, 1, 0})}, -1), {0, padding});
  const at::Tensor place = keyPlaces(keyGrid, keys.options()).expand({batch, heads_, -1, -1});
  const at::Tensor wideKeys = at::constant_pad_nd(at::cat({keys, place}, -1), {0, padding});
  const at::Tensor wideValues = at::constant_pad_nd(values, {0, extra + padding});
  const at::Tensor mixed =
      at::scaled_dot_product_attention(wideQuery, wideKeys, wideValues, {}, 0.0, false, 1.0).narrow(3, 0, dimension_);

  // Residual pooling leaves the class token out.
  const at::Tensor summed =
      at::cat({mixed.narrow(2, 0, 1), mixed.narrow(2, 1, tokens) + query.narrow(2, 1, tokens)}, 2);
  return project_->forward(summed.transpose(1, 2).reshape({batch, tokens + 1, width}));
}

}  // namespace counterpoint
