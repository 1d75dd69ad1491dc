// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/resize.h"

#include <algorithm>
#include <cmath>

namespace counterpoint {

ResizeAxis makeResizeAxis(int from, int to) {
  // ATen's _upsample_bilinear2d_aa with align_corners false, in its float32 arithmetic.
  const float scale = static_cast<float>(from) / static_cast<float>(to);
  const float support = scale >= 1 ? scale : 1.0F;
  const float inverse = scale >= 1 ? 1.0F / scale : 1.0F;
  ResizeAxis axis;
  axis.taps = static_cast<int>(std::ceil(support)) * 2 + 1;
  axis.first.resize(static_cast<std::size_t>(to));
  axis.count.resize(static_cast<std::size_t>(to));
  axis.weights.assign(static_cast<std::size_t>(to) * static_cast<std::size_t>(axis.taps), 0.0F);
  for (int i = 0; i < to; ++i) {
    const float centre = scale * (static_cast<float>(i) + 0.5F);
    const int first = std::max(static_cast<int>(centre - support + 0.5F), 0);
    const int count = std::clamp(std::min(static_cast<int>(centre + support + 0.5F), from) - first, 0, axis.taps);
    float* weights = axis.weights.data() + static_cast<std::ptrdiff_t>(i) * axis.taps;
    float total = 0;
    for (int k = 0; k < count; ++k) {
      const float distance = std::abs((static_cast<float>(k + first) - centre + 0.5F) * inverse);
      weights[k] = std::max(1.0F - distance, 0.0F);
      total += weights[k];
    }
    for (int k = 0; k < count && total != 0; ++k) weights[k] /= total;
    axis.first[static_cast<std::size_t>(i)] = first;
    axis.count[static_cast<std::size_t>(i)] = count;
  }
  return axis;
}

AntialiasResizer::AntialiasResizer(PixelBox box, int width, int height)
    : box_(box),
      width_(width),
      height_(height),
      horizontal_(makeResizeAxis(box.width, width)),
      vertical_(makeResizeAxis(box.height, height)) {}

template <typename Value>
void AntialiasResizer::run(const Value* rows, std::size_t rowStride, int channels, float* output) const {
  const std::size_t outputRow = static_cast<std::size_t>(width_) * static_cast<std::size_t>(channels);
  if (box_.width == width_ && box_.height == height_) {  // torchvision leaves such pictures alone
    for (int y = 0; y < height_; ++y) {
      const Value* source =
          rows + rowStride * static_cast<std::size_t>(box_.y + y) + static_cast<std::ptrdiff_t>(box_.x) * channels;
      std::transform(source, source + outputRow, output + outputRow * static_cast<std::size_t>(y),
                     [](Value value) { return static_cast<float>(value); });
    }
    return;
  }
  std::vector<float> narrowed(outputRow * static_cast<std::size_t>(box_.height));
  for (int y = 0; y < box_.height; ++y) {
    const Value* source =
        rows + rowStride * static_cast<std::size_t>(box_.y + y) + static_cast<std::ptrdiff_t>(box_.x) * channels;
    float* target = narrowed.data() + outputRow * static_cast<std::size_t>(y);
    for (int x = 0; x < width_; ++x) {
      const float* weights = horizontal_.weights.data() + static_cast<std::ptrdiff_t>(x) * horizontal_.taps;
      const Value* input =
          source + static_cast<std::ptrdiff_t>(horizontal_.first[static_cast<std::size_t>(x)]) * channels;
      const int count = horizontal_.count[static_cast<std::size_t>(x)];
      for (int c = 0; c < channels; ++c) {
        float sum = 0;
        for (int k = 0; k < count; ++k)
          sum += weights[k] * static_cast<float>(input[static_cast<std::ptrdiff_t>(k) * channels + c]);
        *target++ = sum;
      }
    }
  }
  for (int y = 0; y < height_; ++y) {
    const float* weights = vertical_.weights.data() + static_cast<std::ptrdiff_t>(y) * vertical_.taps;
    const float* source =
        narrowed.data() + outputRow * static_cast<std::size_t>(vertical_.first[static_cast<std::size_t>(y)]);
    float* target = output + outputRow * static_cast<std::size_t>(y);
    std::fill(target, target + outputRow, 0.0F);
    for (int k = 0; k < vertical_.count[static_cast<std::size_t>(y)]; ++k, source += outputRow)
      for (std::size_t x = 0; x < outputRow; ++x) target[x] += weights[k] * source[x];
  }
}

void AntialiasResizer::apply(const Frame& frame, float* output) const {
  run(frame.pixels.get(), frame.stride, frame.channels, output);
}

void AntialiasResizer::apply(const float* input, int inputWidth, int channels, float* output) const {
  run(input, static_cast<std::size_t>(inputWidth) * static_cast<std::size_t>(channels), channels, output);
}

}  // namespace counterpoint
