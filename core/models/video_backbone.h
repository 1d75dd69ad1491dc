// SPDX-License-Identifier: GPL-3.0-or-later
// What turns a clip into tokens.
#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <vector>

namespace counterpoint {

// What a model computed on its way, first layer first; collected where a pointer to one is passed.
using LayerOutputs = std::vector<at::Tensor>;

class VideoBackbone : public torch::nn::Module {
 public:
  // clips [N, C, T, H, W] → [N, L, features()]. Throws Error{Usage} for a size that the backbone was not built for.
  virtual at::Tensor forward(const at::Tensor& clips, LayerOutputs* layers = nullptr) = 0;
  virtual std::int64_t features() const = 0;
  // Most tokens a clip of `frames` × `height` × `width` gives.
  virtual std::int64_t tokenCount(std::int64_t frames, std::int64_t height, std::int64_t width) const = 0;
};

}  // namespace counterpoint
