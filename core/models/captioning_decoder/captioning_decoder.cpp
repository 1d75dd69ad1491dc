// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/captioning_decoder/captioning_decoder.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/ones.h>

#include <string>

#include "core/base/error.h"
#include "core/nn/initialise.h"
#include "core/nn/naming.h"

namespace counterpoint {
namespace {

std::shared_ptr<torch::nn::LayerNormImpl> norm(const CaptioningDecoderOptions& options) {
  return std::make_shared<torch::nn::LayerNormImpl>(
      torch::nn::LayerNormOptions({options.dimension}).eps(options.layerNormEps));
}

// As the attention over video tokens takes it: [B, 1, 1, L].
std::optional<at::Tensor> overHeads(const std::optional<at::Tensor>& videoMask) {
  if (!videoMask) return {};
  return videoMask->unsqueeze(1).unsqueeze(1);
}

}  // namespace

class CaptioningDecoder::Layer : public torch::nn::Module {
 public:
  explicit Layer(const CaptioningDecoderOptions& options) {
    const auto attention = [&] {
      return std::make_shared<MultiheadAttention>(options.dimension, options.heads, options.dropout);
    };
    own_ = register_module("self_attention", attention());
    ownNorm_ = register_module("self_attention_layer_norm", norm(options));
    cross_ = register_module("cross_attention", attention());
    crossNorm_ = register_module("cross_attention_layer_norm", norm(options));
    widen_ = register_module("intermediate",
                             std::make_shared<torch::nn::LinearImpl>(options.dimension, options.feedForward));
    narrow_ =
        register_module("output", std::make_shared<torch::nn::LinearImpl>(options.feedForward, options.dimension));
    feedForwardNorm_ = register_module("feed_forward_layer_norm", norm(options));
    dropout_ = register_module("dropout", std::make_shared<torch::nn::DropoutImpl>(options.dropout));
  }

  // Without `allowed` plainly causal.
  at::Tensor forward(const at::Tensor& x, const std::optional<at::Tensor>& allowed, const at::Tensor& videoTokens,
                     const std::optional<at::Tensor>& videoAllowed) {
    const at::Tensor own = own_->selfAttention(ownNorm_->forward(x), allowed, !allowed.has_value());
    return rest(x + dropout_->forward(own), cross_->projectSource(videoTokens), videoAllowed);
  }

  KeysValues video(const at::Tensor& videoTokens) { return cross_->projectSource(videoTokens); }

  // x [B, 1, D]: the token at `position`; `cache` holds those before it and receives its own.
  at::Tensor step(const at::Tensor& x, KeysValues& cache, const KeysValues& video,
                  const std::optional<at::Tensor>& videoAllowed, std::int64_t position) {
    const at::Tensor normed = ownNorm_->forward(x);
    const KeysValues fresh = own_->projectSource(normed);
    cache.keys.narrow(2, position, 1).copy_(fresh.keys);
    cache.values.narrow(2, position, 1).copy_(fresh.values);
    const KeysValues filled{cache.keys.narrow(2, 0, position + 1), cache.values.narrow(2, 0, position + 1)};
    return rest(x + own_->attend(own_->projectQuery(normed), filled, {}), video, videoAllowed);
  }

  std::int64_t heads() const { return own_->heads(); }

 private:
  at::Tensor rest(const at::Tensor& x, const KeysValues& video, const std::optional<at::Tensor>& videoAllowed) {
    const at::Tensor query = cross_->projectQuery(crossNorm_->forward(x));
    const at::Tensor y = x + dropout_->forward(cross_->attend(query, video, videoAllowed));
    const at::Tensor hidden = dropout_->forward(at::gelu(widen_->forward(feedForwardNorm_->forward(y))));
    return y + dropout_->forward(narrow_->forward(hidden));
  }

  std::shared_ptr<MultiheadAttention> own_, cross_;
  std::shared_ptr<torch::nn::LayerNormImpl> ownNorm_, crossNorm_, feedForwardNorm_;
  std::shared_ptr<torch::nn::LinearImpl> widen_, narrow_;
  std::shared_ptr<torch::nn::DropoutImpl> dropout_;
};

CaptioningDecoder::CaptioningDecoder(const CaptioningDecoderOptions& options) : options_(options) {
  if (options.padId < 0 || options.padId >= options.vocabulary) {
    throw usageError("pad id " + std::to_string(options.padId) + " is not below the vocabulary's " +
                         std::to_string(options.vocabulary),
                     "captioning_decoder.pad_id", "Take pad id and vocabulary size from the tokenizer");
  }
  tokens_ = register_module(
      "token_embeddings",
      std::make_shared<torch::nn::EmbeddingImpl>(
          torch::nn::EmbeddingOptions(options.vocabulary, options.dimension).padding_idx(options.padId)));
  positions_ = register_module("position_embeddings",
                               std::make_shared<torch::nn::EmbeddingImpl>(options.positions, options.dimension));
  embeddingNorm_ = register_module("embedding_layer_norm", norm(options));
  dropout_ = register_module("dropout", std::make_shared<torch::nn::DropoutImpl>(options.dropout));
  for (std::int64_t i = 0; i < options.layers; ++i) {
    layers_.push_back(registerAt(*this, "decoder_layers." + std::to_string(i), std::make_shared<Layer>(options)));
  }
  finalNorm_ = register_module("final_layer_norm", norm(options));
  head_ = register_module("lm_head", std::make_shared<torch::nn::LinearImpl>(
                                         torch::nn::LinearOptions(options.dimension, options.vocabulary).bias(false)));
  initialiseLinears(*this, LinearInit::Normal, options.initializerRange);
}

CaptioningDecoder::~CaptioningDecoder() = default;

at::Tensor CaptioningDecoder::embed(const at::Tensor& ids, std::int64_t firstPosition) {
  const std::int64_t length = ids.size(1);
  if (firstPosition + length > options_.positions) {
    throw dataError("a caption of " + std::to_string(firstPosition + length) + " tokens exceeds the " +
                        std::to_string(options_.positions) + " positions of the decoder",
                    "captioning_decoder.positions", "Truncate captions to that length, or train with more positions");
  }
  const at::Tensor sum = tokens_->forward(ids) + positions_->weight.narrow(0, firstPosition, length);
  return dropout_->forward(embeddingNorm_->forward(sum));
}

at::Tensor CaptioningDecoder::forward(const at::Tensor& ids, const std::optional<at::Tensor>& mask,
                                      const at::Tensor& videoTokens, const std::optional<at::Tensor>& videoMask,
                                      std::vector<at::Tensor>* layers) {
  const std::int64_t length = ids.size(1);
  at::Tensor x = embed(ids, 0);
  std::optional<at::Tensor> allowed;
  if (mask) {
    const at::Tensor causal = at::ones({length, length}, ids.options().dtype(at::kBool)).tril();
    const at::Tensor real = mask->to(at::kBool).unsqueeze(1).logical_and(causal);  // [B, S, S]
    // A pad at the begin sees itself: a row without any key has no softmax.
    const at::Tensor alone = real.any(-1, true).logical_not().logical_and(causal.triu());
    allowed = real.logical_or(alone).unsqueeze(1);
  }
  const std::optional<at::Tensor> videoAllowed = overHeads(videoMask);
  if (layers) layers->push_back(x);
  for (const auto& layer : layers_) {
    x = layer->forward(x, allowed, videoTokens, videoAllowed);
    if (layers) layers->push_back(x);
  }
  return head_->forward(finalNorm_->forward(x));
}

DecoderCache CaptioningDecoder::startCache(const at::Tensor& videoTokens, std::int64_t capacity,
                                           const std::optional<at::Tensor>& videoMask) {
  DecoderCache cache;
  cache.videoAllowed = overHeads(videoMask);
  cache.capacity = capacity;
  for (const auto& layer : layers_) {
    cache.video.push_back(layer->video(videoTokens));
    const at::Tensor& keys = cache.video.back().keys;
    const std::vector<std::int64_t> shape{keys.size(0), keys.size(1), capacity, keys.size(3)};
    cache.own.push_back({at::empty(shape, keys.options()), at::empty(shape, keys.options())});
  }
  return cache;
}

at::Tensor CaptioningDecoder::step(const at::Tensor& ids, DecoderCache& cache) {
  if (cache.length >= cache.capacity) {
    throw Error(ErrorKind::Bug, "the decoder's cache of " + std::to_string(cache.capacity) + " tokens is full");
  }
  at::Tensor x = embed(ids.unsqueeze(1), cache.length);
  for (std::size_t i = 0; i < layers_.size(); ++i)
    x = layers_[i]->step(x, cache.own[i], cache.video[i], cache.videoAllowed, cache.length);
  ++cache.length;
  return head_->forward(finalNorm_->forward(x)).squeeze(1);
}

}  // namespace counterpoint
