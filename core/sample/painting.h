// SPDX-License-Identifier: GPL-3.0-or-later
// Soft-edged shapes on a square picture, and the fan that an ultrasound probe sees.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/random.h"
#include "core/sample/phantom.h"

namespace counterpoint {

// Reflected intensity, `size` × `size`. Positions and lengths are in heights of the picture, (0, 0) top left.
struct Canvas {
  int size;
  std::vector<float> pixels;

  void fill(const Egg& egg, float brightness);
  // The outline only, `thickness` wide and centred on it.
  void ring(const Egg& egg, float thickness, float brightness);
  void line(float fromX, float fromY, float toX, float toY, float thickness, float brightness);
};

// 1 where a pixel's centre lies inside.
std::vector<std::uint8_t> eggMask(const Egg& egg, int size);

// Intensities of mean 1, exponentially distributed and correlated as a probe sees them: fine in depth, coarse across
// the beam and coarser with depth.
std::vector<float> sectorSpeckle(int size, Random& random);

// Grey levels for an intensity of 1: 0 outside the fan, falling a little with depth.
std::vector<float> sectorGain(int size, float gain);

}  // namespace counterpoint
