// SPDX-License-Identifier: GPL-3.0-or-later
// DeepCORO's video encoder: backbone, projection, token pool, study aggregator (DeepCORO spec §5.1, §5.2).
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/linear.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/models/mvit/mvit.h"
#include "core/models/r3d/r3d.h"
#include "core/models/video_encoder/aggregator.h"
#include "core/models/video_encoder/token_pool.h"

namespace counterpoint {

struct VideoEncoderOptions {
  std::string backbone = "mvit";  // mvit or r3d; its options stand below
  MvitOptions mvit = mvitV2S();
  R3dOptions r3d;
  std::int64_t dimension = 512, heads = 8, depth = 2;  // of the embedding; heads and depth of the aggregator
  double dropout = 0, mlpRatio = 4;
  std::int64_t maxClips = 1024;
  std::string pooling = "mean";  // mean, attention or cls_token
  std::int64_t poolHeads = 8;
  double poolDropout = 0.1;
  bool maskPaddedClips = true;        // false: padded clips take part, as in the original
  bool fullPrecisionBackbone = true;  // the backbone in float32 also under autocast, as in the original
  // Ours: transformer blocks over the tokens of a clip, between projection and pool, with learnt positions
  // (keys token_mixer.*). 0: none.
  std::int64_t mixerDepth = 0, mixerTokens = 512;
};

struct VideoTokens {
  at::Tensor tokenGrid;                 // [B, N, L, D]
  at::Tensor perClip;                   // [B, N, D]
  at::Tensor patchTokens;               // [B, N·L, D]: tokenGrid, flattened
  at::Tensor study;                     // [B, D], not normalised
  std::optional<at::Tensor> patchMask;  // [B, N·L] bool, false for tokens of absent clips; none: all are real
};

// Keys model.* (backbone), proj.1.*, attention_pool.*, aggregator.*.
class VideoEncoder : public torch::nn::Module {
 public:
  explicit VideoEncoder(const VideoEncoderOptions& options);

  // clips [B, T, H, W, C] or [B, N, T, H, W, C], normalised float; `present` [B, N] bool, true for real clips. With
  // maskPaddedClips the others cost nothing: their tokens are zero, and they touch neither norms nor the study.
  VideoTokens tokens(const at::Tensor& clips, const std::optional<at::Tensor>& present = {});
  // One vector a study alone: [B, D].
  at::Tensor forward(const at::Tensor& clips, const std::optional<at::Tensor>& present = {});
  // The same from vectors of clips [B, N, D].
  at::Tensor aggregate(const at::Tensor& perClip, const std::optional<at::Tensor>& present = {});

  VideoBackbone& backbone() { return *backbone_; }
  const VideoEncoderOptions& options() const { return options_; }

 private:
  class TokenMixer;
  VideoEncoderOptions options_;
  std::shared_ptr<VideoBackbone> backbone_;
  std::shared_ptr<torch::nn::LinearImpl> projection_;
  std::shared_ptr<torch::nn::DropoutImpl> dropout_;
  std::shared_ptr<TokenMixer> mixer_;
  std::shared_ptr<TokenPool> pool_;
  std::shared_ptr<Aggregator> aggregator_;
};

}  // namespace counterpoint
