// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/frame.h"

#include <cstring>
#include <opencv2/imgproc.hpp>

namespace counterpoint {

std::size_t paddedStride(int width, int channels) {
  // swscale's vector code writes whole blocks; 64 bytes is its widest.
  return (static_cast<std::size_t>(width) * static_cast<std::size_t>(channels) + 63) / 64 * 64;
}

std::shared_ptr<std::uint8_t[]> makePixels(std::size_t bytes) { return std::make_shared<std::uint8_t[]>(bytes); }

Frame makeFrame(int width, int height, int channels, const std::uint8_t* packed) {
  Frame frame{width, height, channels, paddedStride(width, channels), nullptr};
  auto pixels = makePixels(frame.bytes());
  const std::size_t rowBytes = static_cast<std::size_t>(width) * static_cast<std::size_t>(channels);
  for (int y = 0; y < height; ++y)
    std::memcpy(pixels.get() + frame.stride * static_cast<std::size_t>(y),
                packed + rowBytes * static_cast<std::size_t>(y), rowBytes);
  frame.pixels = std::move(pixels);
  return frame;
}

Frame toColour(const Frame& frame, Colour colour) {
  const int channels = colour == Colour::Rgb ? 3 : 1;
  if (!frame || frame.channels == channels) return frame;
  Frame result{frame.width, frame.height, channels, paddedStride(frame.width, channels), nullptr};
  auto pixels = makePixels(result.bytes());
  // cv::Mat has no const view; the source is only read.
  const cv::Mat source(frame.height, frame.width, frame.channels == 3 ? CV_8UC3 : CV_8UC1,
                       const_cast<std::uint8_t*>(frame.pixels.get()), frame.stride);
  cv::Mat target(result.height, result.width, channels == 3 ? CV_8UC3 : CV_8UC1, pixels.get(), result.stride);
  cv::cvtColor(source, target, channels == 1 ? cv::COLOR_RGB2GRAY : cv::COLOR_GRAY2RGB);
  result.pixels = std::move(pixels);
  return result;
}

}  // namespace counterpoint
