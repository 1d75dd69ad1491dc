// SPDX-License-Identifier: GPL-3.0-or-later
// Bilinear resizing with antialias, as torchvision's resize(antialias=True) on float data: a triangle filter that
// widens with the reduction, weights normalised at the borders, no rounding in between.
#pragma once

#include <cstdint>
#include <vector>

#include "core/media/frame.h"

namespace counterpoint {

// Pixels of the source: x, y, width, height.
struct PixelBox {
  int x = 0, y = 0, width = 0, height = 0;
};

// One axis: output `i` is the sum of weights[i × taps + k] · input[first[i] + k], k < count[i].
struct ResizeAxis {
  int taps = 0;
  std::vector<int> first, count;
  std::vector<float> weights;
};
ResizeAxis makeResizeAxis(int from, int to);

// Resizes the part `box` of frames of one size to width × height. Prepared once, used for every frame of a clip; const
// and free of state, so threads may share it.
class AntialiasResizer {
 public:
  AntialiasResizer(PixelBox box, int width, int height);
  // `output`: height × width × channels values on the scale of the input.
  void apply(const Frame& frame, float* output) const;
  void apply(const float* input, int inputWidth, int channels, float* output) const;

 private:
  template <typename Value>
  void run(const Value* rows, std::size_t rowStride, int channels, float* output) const;

  PixelBox box_;
  int width_, height_;
  ResizeAxis horizontal_, vertical_;
};

}  // namespace counterpoint
