// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures that carry their own number, so that a test can tell which frame it got from any decoder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/media/clip.h"
#include "core/media/video_writer.h"

namespace counterpoint {

constexpr int kNumberedWidth = 96;
constexpr int kNumberedHeight = 48;

// Twelve bits as black and white blocks of 16x16 pixels in the upper two rows of blocks; a ramp that moves below.
inline Frame numberedFrame(int number) {
  std::vector<std::uint8_t> pixels(kNumberedWidth * kNumberedHeight * 3);
  for (int y = 0; y < kNumberedHeight; ++y) {
    for (int x = 0; x < kNumberedWidth; ++x) {
      const int bit = y / 16 * 6 + x / 16;
      const int value = bit < 12 ? ((number >> bit) & 1) * 255 : (x * 2 + number * 5) % 256;
      for (int c = 0; c < 3; ++c)
        pixels[static_cast<std::size_t>((y * kNumberedWidth + x) * 3 + c)] = static_cast<std::uint8_t>(value);
    }
  }
  return makeFrame(kNumberedWidth, kNumberedHeight, 3, pixels.data());
}

inline int numberOf(const Frame& frame) {
  int number = 0;
  for (int bit = 0; bit < 12; ++bit)
    if (frame.row(bit / 6 * 16 + 8)[(bit % 6 * 16 + 8) * frame.channels] > 127) number |= 1 << bit;
  return number;
}

inline void writeNumberedClip(const std::filesystem::path& path, int frames, double framesPerSecond = 30,
                              int keyFrameEvery = 250) {
  VideoWriter writer(path, {.width = kNumberedWidth,
                            .height = kNumberedHeight,
                            .framesPerSecond = framesPerSecond,
                            .quality = path.extension() == ".avi" ? 3 : 20,
                            .keyFrameEvery = keyFrameEvery,
                            .betweenFrames = 2});
  for (int i = 0; i < frames; ++i) writer.write(numberedFrame(i));
  writer.finish();
}

}  // namespace counterpoint
