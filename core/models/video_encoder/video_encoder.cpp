// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/video_encoder/video_encoder.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <map>
#include <vector>

#include "core/base/error.h"
#include "core/base/words.h"
#include "core/nn/full_precision.h"
#include "core/nn/initialise.h"
#include "core/nn/naming.h"
#include "core/nn/transformer_block.h"

namespace counterpoint {
namespace {

using BackboneFactory = std::shared_ptr<VideoBackbone> (*)(const VideoEncoderOptions&);
const std::map<std::string, BackboneFactory>& backbones() {
  static const std::map<std::string, BackboneFactory> kBackbones = {
      {"mvit",
       [](const VideoEncoderOptions& o) -> std::shared_ptr<VideoBackbone> { return std::make_shared<Mvit>(o.mvit); }},
      {"r3d",
       [](const VideoEncoderOptions& o) -> std::shared_ptr<VideoBackbone> { return std::make_shared<R3d>(o.r3d); }},
  };
  return kBackbones;
}

std::shared_ptr<VideoBackbone> makeBackbone(const VideoEncoderOptions& options) {
  const auto found = backbones().find(options.backbone);
  if (found != backbones().end()) return found->second(options);
  std::vector<std::string> names;
  for (const auto& [name, factory] : backbones()) names.push_back(name);
  throw usageError("backbone \"" + options.backbone + "\" is unknown", "video_encoder.backbone",
                   "Choose one of " + join(names, ", "));
}

}  // namespace

// Keys positions, blocks.i.*.
class VideoEncoder::TokenMixer : public torch::nn::Module {
 public:
  TokenMixer(const VideoEncoderOptions& options) {
    positions_ = register_parameter("positions", at::empty({1, options.mixerTokens, options.dimension}));
    truncatedNormal(positions_, 0.02);
    for (std::int64_t i = 0; i < options.mixerDepth; ++i) {
      blocks_.push_back(registerAt(
          *this, "blocks." + std::to_string(i),
          std::make_shared<TransformerBlock>(options.dimension, options.heads, options.mlpRatio, options.dropout)));
    }
  }

  at::Tensor forward(const at::Tensor& tokens) {
    if (tokens.size(1) > positions_.size(1)) {
      throw usageError("a clip gives " + std::to_string(tokens.size(1)) + " tokens; there are positions for " +
                           std::to_string(positions_.size(1)),
                       "video_encoder.mixer_tokens", "Raise mixer_tokens");
    }
    at::Tensor x = tokens + positions_.narrow(1, 0, tokens.size(1));
    for (const auto& block : blocks_) x = block->forward(x);
    return x;
  }

 private:
  at::Tensor positions_;
  std::vector<std::shared_ptr<TransformerBlock>> blocks_;
};

VideoEncoder::VideoEncoder(const VideoEncoderOptions& options) : options_(options) {
  backbone_ = register_module("model", makeBackbone(options));
  projection_ =
      registerAt(*this, "proj.1", std::make_shared<torch::nn::LinearImpl>(backbone_->features(), options.dimension));
  dropout_ = register_module("dropout", std::make_shared<torch::nn::DropoutImpl>(options.dropout));
  if (options.mixerDepth > 0) mixer_ = register_module("token_mixer", std::make_shared<TokenMixer>(options));
  pool_ = makeTokenPool(options.pooling, options.dimension, options.poolHeads, options.poolDropout);
  if (pool_) register_module("attention_pool", pool_);
  aggregator_ = register_module("aggregator", std::make_shared<Aggregator>(AggregatorOptions{
                                                  options.dimension, options.heads, options.depth, options.maxClips,
                                                  options.mlpRatio, options.dropout}));
}

VideoTokens VideoEncoder::tokens(const at::Tensor& clips, const std::optional<at::Tensor>& present) {
  if (clips.dim() != 5 && clips.dim() != 6) {
    throw usageError("clips have " + std::to_string(clips.dim()) + " dimensions", "video_encoder",
                     "Give [studies, frames, height, width, channels] or [studies, clips, frames, …]");
  }
  const at::Tensor studies = clips.dim() == 5 ? clips.unsqueeze(1) : clips;
  const std::int64_t batch = studies.size(0), count = studies.size(1);
  // A view: the first convolution lays the channels out as it needs them.
  const at::Tensor all = studies.flatten(0, 1).permute({0, 4, 1, 2, 3});
  std::optional<at::Tensor> real;  // rows of `all` that hold a clip
  if (present && options_.maskPaddedClips) real = present->reshape({-1}).nonzero().squeeze(1);
  const at::Tensor volumes = real ? all.index_select(0, *real) : all;
  at::Tensor features;
  if (options_.fullPrecisionBackbone) {
    const FullPrecision guard(clips.device().type());
    features = backbone_->forward(volumes.to(at::kFloat));
  } else {
    features = backbone_->forward(volumes);
  }
  at::Tensor flat = dropout_->forward(at::gelu(projection_->forward(dropout_->forward(features))));  // [B·N, L, D]
  if (mixer_) flat = mixer_->forward(flat);
  at::Tensor pooled = pool_ ? pool_->forward(flat) : flat.mean(1);
  VideoTokens result;
  if (real) {
    const std::int64_t length = flat.size(1);
    flat = at::zeros({batch * count, length, options_.dimension}, flat.options()).index_copy(0, *real, flat);
    pooled = at::zeros({batch * count, options_.dimension}, pooled.options()).index_copy(0, *real, pooled);
    result.patchMask = present->unsqueeze(2).expand({batch, count, length}).reshape({batch, count * length});
  }
  result.perClip = pooled.reshape({batch, count, options_.dimension});
  result.tokenGrid = flat.reshape({batch, count, flat.size(1), options_.dimension});
  result.patchTokens = flat.reshape({batch, count * flat.size(1), options_.dimension});
  result.study = aggregate(result.perClip, present);
  return result;
}

at::Tensor VideoEncoder::forward(const at::Tensor& clips, const std::optional<at::Tensor>& present) {
  return tokens(clips, present).study;
}

at::Tensor VideoEncoder::aggregate(const at::Tensor& perClip, const std::optional<at::Tensor>& present) {
  const FullPrecision guard(perClip.device().type());
  const at::Tensor full = perClip.scalar_type() == at::kDouble ? perClip : perClip.to(at::kFloat);
  return aggregator_->forward(full, options_.maskPaddedClips ? present : std::nullopt);
}

}  // namespace counterpoint
