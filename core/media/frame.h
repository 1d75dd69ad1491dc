// SPDX-License-Identifier: GPL-3.0-or-later
// One picture in memory. Its pixels never change once it is handed out, so that threads and widgets share it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace counterpoint {

// Rows of `width` × `channels` bytes, `stride` bytes apart (padded for swscale: never assume width × channels).
// One channel: grey. Three: red, green, blue.
struct Frame {
  int width = 0;
  int height = 0;
  int channels = 0;
  std::size_t stride = 0;
  std::shared_ptr<const std::uint8_t[]> pixels;

  const std::uint8_t* row(int y) const { return pixels.get() + stride * static_cast<std::size_t>(y); }
  std::size_t bytes() const { return stride * static_cast<std::size_t>(height); }
  explicit operator bool() const { return pixels != nullptr; }
};

enum class Colour { Grey, Rgb };

// A stride that swscale writes correctly: narrower ones spoil the last columns.
std::size_t paddedStride(int width, int channels);

// A fresh buffer of `bytes`, zeroed; share it as Frame::pixels when it is filled.
std::shared_ptr<std::uint8_t[]> makePixels(std::size_t bytes);

// A frame around a copy of tightly packed rows.
Frame makeFrame(int width, int height, int channels, const std::uint8_t* packed);

// Three channels to one with OpenCV's weights (equal to cv2.cvtColor); one to three by repeating. The same frame when
// it is of that kind already.
Frame toColour(const Frame& frame, Colour colour);

}  // namespace counterpoint
