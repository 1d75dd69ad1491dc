// SPDX-License-Identifier: GPL-3.0-or-later
// From the clips of a study to one vector (DeepCORO spec §6.1).
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/normalization.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/nn/transformer_block.h"

namespace counterpoint {

struct AggregatorOptions {
  std::int64_t dimension = 512, heads = 8, depth = 2, maxClips = 1024;
  double mlpRatio = 4, dropout = 0;
};

// Keys pos_encoding, blocks.i.*, final_ln.*, attn_query.
class Aggregator : public torch::nn::Module {
 public:
  explicit Aggregator(const AggregatorOptions& options);
  // clips [B, N, D]; `present` [B, N] true for real clips (a study without any is taken as it is). → [B, D].
  // The weights of the clips are softmax(query · x) without scaling. `layers` receives each block's output.
  at::Tensor forward(const at::Tensor& clips, const std::optional<at::Tensor>& present = {},
                     std::vector<at::Tensor>* layers = nullptr);

 private:
  at::Tensor positions_, query_;
  std::vector<std::shared_ptr<TransformerBlock>> blocks_;
  std::shared_ptr<torch::nn::LayerNormImpl> finalNorm_;
};

}  // namespace counterpoint
