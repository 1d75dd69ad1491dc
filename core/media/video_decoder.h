// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes the first video stream of a file, frame after frame, and says what is damaged. For this folder only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/media/clip.h"
#include "core/media/ffmpeg.h"

namespace counterpoint {

class VideoDecoder {
 public:
  // Throws Error{Data} when the file holds no video that can be decoded.
  VideoDecoder(std::filesystem::path path, const ClipOptions& options);

  // The next frame that decodes without fault, in order of presentation; null at the end. After a fault, frames are
  // left out up to the next one that needs no other (a key frame). Valid until the next call.
  const AVFrame* next();

  // Goes to the key frame at or before `pts`. False where the file cannot be sought.
  bool seek(std::int64_t pts);
  // Back to the first frame.
  void rewind();

  const AVStream& stream() const { return *stream_; }
  const AVInputFormat& container() const { return *format_->iformat; }
  const AVCodecContext& codec() const { return *codec_; }
  // The first fault met: "the data after 1.14 s: Invalid data found"; empty when there was none.
  const std::string& damage() const { return damage_; }
  int framesLeftOut() const { return leftOut_; }
  // How many the file's own index lists; 0 where it has none.
  int framesPromised() const { return static_cast<int>(expectedPackets_); }

 private:
  void open();
  bool feed();  // one packet into the codec; false at the end
  void note(const std::string& problem);

  std::filesystem::path path_;
  ClipOptions options_;
  ffmpeg::Format format_;
  ffmpeg::Codec codec_;
  ffmpeg::Packet packet_;
  ffmpeg::FramePointer frame_;
  AVStream* stream_ = nullptr;
  std::int64_t packets_ = 0, expectedPackets_ = 0;
  int width_ = 0, height_ = 0;
  bool ended_ = false;
  bool whole_ = true;       // nothing is missing since the last key frame
  bool sequential_ = true;  // no seek since the start
  double lastTime_ = 0;
  int leftOut_ = 0;
  std::string damage_;
};

// Pixels of `frame` as RGB the way OpenCV's VideoCapture converts them.
class RgbConverter {
 public:
  Frame convert(const AVFrame& frame);

 private:
  ffmpeg::Scaler scaler_;
  int width_ = 0, height_ = 0, format_ = -1;
};

}  // namespace counterpoint
