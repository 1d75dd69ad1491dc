// SPDX-License-Identifier: GPL-3.0-or-later
// MViTv2 (Li et al. 2022) as torchvision builds it, under torchvision's keys (DeepCORO spec §5.3).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/models/video_backbone.h"
#include "core/nn/convolution.h"

namespace counterpoint {

struct MvitBlockOptions {
  std::int64_t in = 96, out = 96, heads = 1;
  Extent3 strideQuery{1, 1, 1}, strideKeyValue{1, 8, 8};
};

struct MvitOptions {
  std::int64_t channels = 3, frames = 16;
  std::array<std::int64_t, 2> size{224, 224};
  Extent3 stemKernel{3, 7, 7}, stemStride{2, 4, 4}, poolKernel{3, 3, 3};
  std::vector<MvitBlockOptions> blocks;  // must not be empty, each `in` the `out` before it
  double stochasticDepth = 0.2;          // of the last block; earlier ones less, linearly
};

// The published network: 395 tensors, 34,230,144 parameters, 393 tokens of 768 from 16 × 224 × 224.
MvitOptions mvitV2S();
// The same 16 blocks with `width` in place of 96 (heads as published).
MvitOptions mvitV2SOfWidth(std::int64_t width);

// Keys conv_proj.*, pos_encoding.class_token, blocks.i.*, norm.*. Gives all tokens after the last norm, the class token
// first.
class Mvit : public VideoBackbone {
 public:
  explicit Mvit(const MvitOptions& options);  // throws Error{Usage} for widths and strides that do not fit
  ~Mvit() override;

  // `layers` receives the tokens before block 0 and after each block.
  at::Tensor forward(const at::Tensor& clips, LayerOutputs* layers = nullptr) override;
  std::int64_t features() const override;
  std::int64_t tokenCount(std::int64_t frames, std::int64_t height, std::int64_t width) const override;

 private:
  struct Parts;
  MvitOptions options_;
  Extent3 grid_{};  // of the tokens after the stem
  std::unique_ptr<Parts> parts_;
};

}  // namespace counterpoint
