// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/video_encoder/aggregator.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>

#include <limits>
#include <string>

#include "core/base/error.h"
#include "core/nn/initialise.h"
#include "core/nn/naming.h"

namespace counterpoint {

Aggregator::Aggregator(const AggregatorOptions& options) {
  positions_ = register_parameter("pos_encoding", at::empty({1, options.maxClips, options.dimension}));
  truncatedNormal(positions_, 0.02);
  query_ = register_parameter("attn_query", at::empty({1, 1, options.dimension}));
  normal(query_, 0.02);
  for (std::int64_t i = 0; i < options.depth; ++i) {
    blocks_.push_back(registerAt(
        *this, "blocks." + std::to_string(i),
        std::make_shared<TransformerBlock>(options.dimension, options.heads, options.mlpRatio, options.dropout)));
  }
  finalNorm_ = register_module(
      "final_ln", std::make_shared<torch::nn::LayerNormImpl>(torch::nn::LayerNormOptions({options.dimension})));
}

at::Tensor Aggregator::forward(const at::Tensor& clips, const std::optional<at::Tensor>& present,
                               std::vector<at::Tensor>* layers) {
  const std::int64_t count = clips.size(1);
  if (count > positions_.size(1)) {
    throw usageError("a study has " + std::to_string(count) + " clips; there are positions for " +
                         std::to_string(positions_.size(1)),
                     "max_clips", "Raise max_clips or take fewer clips a study");
  }
  at::Tensor x = clips + positions_.narrow(1, 0, count);
  std::optional<at::Tensor> allowed, real;
  if (present) {
    real = present->to(at::kBool);
    // A row without any clip would divide zero by zero; its clips attend to each other and count as zeros below.
    allowed = real->logical_or(real->any(1, true).logical_not()).unsqueeze(1).unsqueeze(1);
  }
  for (const auto& block : blocks_) {
    x = block->forward(x, allowed);
    if (layers) layers->push_back(x);
  }
  x = finalNorm_->forward(x);
  if (real) x = x.masked_fill(real->logical_not().unsqueeze(-1), 0);
  at::Tensor scores = at::matmul(query_.to(x.scalar_type()), x.transpose(1, 2));  // [B, 1, N]
  if (allowed) {
    scores = scores.masked_fill(allowed->squeeze(1).logical_not(), -std::numeric_limits<double>::infinity());
  }
  return at::matmul(at::softmax(scores, -1), x).squeeze(1);
}

}  // namespace counterpoint
