// SPDX-License-Identifier: GPL-3.0-or-later
// DeepCORO's captioning decoder: a pre-norm transformer that attends to video tokens (DeepCORO spec §12).
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/nn/attention.h"

namespace counterpoint {

struct CaptioningDecoderOptions {
  std::int64_t vocabulary = 30522, dimension = 512, layers = 6, heads = 8, feedForward = 2048, positions = 512;
  double dropout = 0.1, layerNormEps = 1e-12;
  double initializerRange = 0.02;  // as in BertOptions
  std::int64_t padId = 0;
};

// Keys and values that later tokens need again.
struct DecoderCache {
  std::vector<KeysValues> own;    // per layer, [B, heads, capacity, D/heads]; the first `length` are filled
  std::vector<KeysValues> video;  // per layer, computed once
  std::optional<at::Tensor> videoAllowed;
  std::int64_t length = 0, capacity = 0;
};

// Keys token_embeddings.weight, position_embeddings.weight, embedding_layer_norm.*, decoder_layers.i.*,
// final_layer_norm.*, lm_head.weight.
class CaptioningDecoder : public torch::nn::Module {
 public:
  explicit CaptioningDecoder(const CaptioningDecoderOptions& options);
  ~CaptioningDecoder() override;

  // Teacher-forced: ids [B, S] int64, mask [B, S] (1 or true: a real token), videoTokens [B, L, D] → logits [B, S, V].
  // `videoMask` [B, L] bool is false where a video token is padding. Throws Error{Data} when S exceeds the position
  // table. `layers` receives the embeddings and each layer's output.
  at::Tensor forward(const at::Tensor& ids, const std::optional<at::Tensor>& mask, const at::Tensor& videoTokens,
                     const std::optional<at::Tensor>& videoMask = {}, std::vector<at::Tensor>* layers = nullptr);

  // One token at a time: startCache for `capacity` tokens, then step(ids [B]) → logits [B, V] of the next token.
  DecoderCache startCache(const at::Tensor& videoTokens, std::int64_t capacity,
                          const std::optional<at::Tensor>& videoMask = {});
  at::Tensor step(const at::Tensor& ids, DecoderCache& cache);

  const CaptioningDecoderOptions& options() const { return options_; }

 private:
  class Layer;
  at::Tensor embed(const at::Tensor& ids, std::int64_t firstPosition);

  CaptioningDecoderOptions options_;
  std::shared_ptr<torch::nn::EmbeddingImpl> tokens_, positions_;
  std::shared_ptr<torch::nn::LayerNormImpl> embeddingNorm_, finalNorm_;
  std::vector<std::shared_ptr<Layer>> layers_;
  std::shared_ptr<torch::nn::LinearImpl> head_;
  std::shared_ptr<torch::nn::DropoutImpl> dropout_;
};

}  // namespace counterpoint
