// SPDX-License-Identifier: GPL-3.0-or-later
// 3-D residual network (Tran et al. 2018) under the keys of torchvision's r3d_18 (DeepCORO spec §7).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/models/video_backbone.h"
#include "core/nn/convolution.h"

namespace counterpoint {

struct R3dStageOptions {
  std::int64_t width = 64, blocks = 2;
  Extent3 stride{2, 2, 2};  // of the first block
};

struct R3dOptions {
  std::int64_t channels = 3, stemWidth = 64;
  Extent3 stemKernel{3, 7, 7}, stemStride{1, 2, 2};
  std::vector<R3dStageOptions> stages{
      {64, 2, {1, 1, 1}}, {128, 2, {2, 2, 2}}, {256, 2, {2, 2, 2}}, {512, 2, {2, 2, 2}}};
  std::string tokens = "pooled";  // pooled: one averaged vector; grid: each place and time of the last stage (ours)
  std::int64_t normGroups = 0;    // 0: batch norm as published; else group norm (ours), for batches of few clips
};

// Keys stem.0.*, stem.1.*, layerS.B.conv1.0.*, … , layerS.B.downsample.0.*; the head is left out.
class R3d : public VideoBackbone {
 public:
  explicit R3d(const R3dOptions& options = {});  // the default is r3d_18
  ~R3d() override;

  // `layers` receives the output of the stem and of each stage, [N, width, T', H', W'].
  at::Tensor forward(const at::Tensor& clips, LayerOutputs* layers = nullptr) override;
  std::int64_t features() const override;
  std::int64_t tokenCount(std::int64_t frames, std::int64_t height, std::int64_t width) const override;

 private:
  struct Parts;
  R3dOptions options_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace counterpoint
