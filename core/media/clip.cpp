// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/clip.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/media/clip_names.h"
#include "core/media/clip_source.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>

namespace counterpoint {
namespace {

bool isDicom(const std::filesystem::path& path) {
  if (isDicomName(path)) return true;
  std::ifstream file(path, std::ios::binary);
  std::array<char, 132> head{};
  return file.read(head.data(), head.size()) && std::equal(head.begin() + 128, head.end(), "DICM");
}

}  // namespace

void assumeTimes(ClipInfo& info, double framesPerSecond) {
  info.timesKnown = false;
  info.framesPerSecond = framesPerSecond;
  info.times.resize(static_cast<std::size_t>(info.frameCount));
  for (std::size_t i = 0; i < info.times.size(); ++i) info.times[i] = static_cast<double>(i) / framesPerSecond;
}

Clip::Clip(std::unique_ptr<Source> source) : source_(std::move(source)) {}
Clip::Clip(Clip&&) noexcept = default;
Clip& Clip::operator=(Clip&&) noexcept = default;
Clip::~Clip() = default;

Clip Clip::open(const std::filesystem::path& path, const ClipOptions& options) {
  std::error_code code;
  const auto status = std::filesystem::status(path, code);
  if (!std::filesystem::exists(status)) throw dataError("no such file", path.string(), "Check the path");
  if (std::filesystem::is_directory(status)) return Clip(openImageFolder(path, options));
  if (!std::filesystem::is_regular_file(status))
    throw dataError("is neither a file nor a folder", path.string(), "Name a video, a .npy file or a folder of images");
  const std::uintmax_t bytes = std::filesystem::file_size(path, code);
  if (code) throw systemError(code.value(), "read", path.string());
  if (bytes == 0) throw dataError("the file is empty", path.string(), "Copy it again from its source");
  if (bytes > options.fileLimit)
    throw dataError(fmt::format("{} bytes are over the limit of {}", bytes, options.fileLimit), path.string(),
                    "Cut it into parts");
  if (isArrayName(path)) return Clip(openArray(path, options));
  if (isDicom(path))
    throw dataError("DICOM files are not read yet", path.string(),
                    "A later version reads them; until then convert it to MP4 or AVI");
  return Clip(openVideo(path, options));
}

const ClipInfo& Clip::info() const { return source_->info; }

Frame Clip::frame(int index, Colour colour) const {
  if (index < 0 || index >= info().frameCount)
    throw Error(ErrorKind::Bug, fmt::format("frame {} of {}", index, info().frameCount), info().path.string());
  return source_->read(index, colour);
}

std::vector<Frame> Clip::decodeAll(std::uint64_t byteLimit, Colour colour) const {
  const std::uint64_t bytes = static_cast<std::uint64_t>(paddedStride(info().width, colour == Colour::Rgb ? 3 : 1)) *
                              static_cast<std::uint64_t>(info().height) * static_cast<std::uint64_t>(info().frameCount);
  if (bytes > byteLimit)
    throw environmentError(fmt::format("{} frames of {}x{} need {} bytes, over the limit of {}", info().frameCount,
                                       info().width, info().height, bytes, byteLimit),
                           info().path.string(), "Raise the limit or use fewer frames");
  std::vector<Frame> frames;
  frames.reserve(static_cast<std::size_t>(info().frameCount));
  for (int i = 0; i < info().frameCount; ++i) frames.push_back(source_->read(i, colour));
  return frames;
}

int Clip::nearestFrame(double seconds) const {
  const std::vector<double>& times = info().times;
  const auto after = std::lower_bound(times.begin(), times.end(), seconds);
  if (after == times.begin()) return 0;
  if (after == times.end()) return info().frameCount - 1;
  const auto before = std::prev(after);
  return static_cast<int>((seconds - *before <= *after - seconds ? before : after) - times.begin());
}

bool looksLikeClip(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) return isVideoName(path) || isImageName(path) || isArrayName(path);
  for (const auto& entry : std::filesystem::directory_iterator(path, ignored))
    if (isImageName(entry.path())) return true;
  return false;
}

Json describeMedia(const std::filesystem::path& path) {
  const Clip clip = Clip::open(path, {.cacheBytes = 0});
  const ClipInfo& info = clip.info();
  Json result{{"path", path.string()},
              {"kind", info.frameCount == 1 ? "picture" : "clip"},
              {"width", info.width},
              {"height", info.height},
              {"frames", info.frameCount},
              {"frames_per_second", numberToJson(info.framesPerSecond)},
              {"seconds", numberToJson(info.times.back() + (info.framesPerSecond > 0 ? 1 / info.framesPerSecond : 0))},
              {"times_known", info.timesKnown},
              {"format", info.format},
              {"codec", info.codec},
              {"pixel_format", info.pixelFormat},
              {"colour", info.colour},
              {"damage", info.damage.empty() ? Json(nullptr) : Json(info.damage)}};
  double shortest = 0, longest = 0;
  for (std::size_t i = 1; i < info.times.size(); ++i) {
    const double step = info.times[i] - info.times[i - 1];
    shortest = i == 1 ? step : std::min(shortest, step);
    longest = std::max(longest, step);
  }
  if (info.frameCount > 1) result["frame_steps"] = Json{{"shortest", shortest}, {"longest", longest}};
  return result;
}

}  // namespace counterpoint
