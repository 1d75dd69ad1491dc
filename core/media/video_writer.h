// SPDX-License-Identifier: GPL-3.0-or-later
// Writes frames as a video file.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/media/frame.h"

namespace counterpoint {

struct VideoWriterOptions {
  int width = 0;   // even for MP4
  int height = 0;  // even for MP4
  double framesPerSecond = 30;
  int quality = 18;  // H.264: constant rate factor, 0 (lossless) … 51; MJPEG and MPEG-4: quantiser 2 … 31
  std::string preset = "veryfast";  // of libx264
  int keyFrameEvery = 250;          // frames between two that can be decoded alone
  int betweenFrames = -1;           // B frames; -1: the encoder's own choice
};

// The ending chooses the kind: .mp4, .mov and .mkv are H.264 (MPEG-4 part 2 where FFmpeg has no libx264), .avi is
// MJPEG. Written beside `path` and renamed into place by finish(); a writer that was not finished leaves nothing.
class VideoWriter {
 public:
  // Throws Error{Usage} for sizes or endings that cannot be written, Error{Environment} when the file cannot be made.
  VideoWriter(std::filesystem::path path, const VideoWriterOptions& options);
  VideoWriter(VideoWriter&&) noexcept;
  VideoWriter& operator=(VideoWriter&&) noexcept;
  ~VideoWriter();

  // Grey or RGB, of the size promised. Throws Error{Environment} on a full disk.
  void write(const Frame& frame);
  // Drains the encoder, writes the trailer, renames. Call once, last.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace counterpoint
