// SPDX-License-Identifier: GPL-3.0-or-later
// Clips: video files, .npy arrays and folders of images, by exact frame number.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/media/frame.h"

namespace counterpoint {

// Ends the table once `frames` frames at or after `seconds` are decoded: loaders need no more than they show.
struct ClipPart {
  double seconds = 0;
  int frames = 1;
};

struct ClipOptions {
  std::uint64_t cacheBytes = std::uint64_t{256} << 20;  // decoded frames kept for frame(); the nearest ones stay
  std::uint64_t pixelLimit = std::uint64_t{1} << 26;    // width × height above which a file is refused
  std::uint64_t fileLimit = std::uint64_t{16} << 30;    // bytes
  int frameLimit = 1'000'000;
  double assumedFramesPerSecond = 30;  // for .npy and folders, which carry no times
  std::optional<ClipPart> part = {};   // videos only; frames after it are neither counted nor checked
};

struct ClipInfo {
  std::filesystem::path path;
  int width = 0;
  int height = 0;
  int frameCount = 0;
  std::vector<double> times;   // seconds from the first frame, one for each frame, never falling
  double framesPerSecond = 0;  // (frames − 1) / (last time − first) where times are known
  bool timesKnown = true;      // false: assumedFramesPerSecond was used
  std::string format;          // container: "mov,mp4,m4a,3gp,3g2,mj2", "gif", "npy", "folder of images"
  std::string codec;           // "h264", "mjpeg", … ; the element type of an array
  std::string pixelFormat;     // as FFmpeg names it
  bool colour = true;          // false where every pixel format in use is grey
  std::string damage;          // empty, or what is wrong and where; the frames counted are those before and after it
};

// An open clip. The frame table is made by decoding to the end once, so that count, times and damage are facts.
// One object serves one thread at a time.
class Clip {
 public:
  // Throws Error{Data} naming the file and what is wrong where nothing of it can be shown. A damaged file opens with
  // info().damage set and the frames that decode without fault.
  static Clip open(const std::filesystem::path& path, const ClipOptions& options = {});
  Clip(Clip&&) noexcept;
  Clip& operator=(Clip&&) noexcept;
  ~Clip();

  const ClipInfo& info() const;

  // Frame `index` (0 … frameCount−1), bit-equal to OpenCV's VideoCapture (RGB) and its cvtColor (grey).
  Frame frame(int index, Colour colour = Colour::Rgb) const;

  // All frames in order. Throws Error{Environment} before allocating when they need more than `byteLimit`.
  std::vector<Frame> decodeAll(std::uint64_t byteLimit, Colour colour = Colour::Rgb) const;

  // The number of the frame nearest to `seconds` (the earlier one of two equally near).
  int nearestFrame(double seconds) const;

  class Source;  // what reads one kind of clip

 private:
  explicit Clip(std::unique_ptr<Source> source);
  std::unique_ptr<Source> source_;
};

// True for the names that Clip::open may read: endings of videos, .npy, or a folder with at least one image.
bool looksLikeClip(const std::filesystem::path& path);

// What `inspect` prints: size, frames, times, codec, damage; decoded to the end. Throws as Clip::open does.
Json describeMedia(const std::filesystem::path& path);

}  // namespace counterpoint
