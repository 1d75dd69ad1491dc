// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/formats/npy.h"
#include "core/media/clip_source.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace counterpoint {
namespace {

// Arrays of bytes are shown as they are; others hold values of 0 … 255, rounded to show them.
class ArraySource final : public Clip::Source {
 public:
  ArraySource(const std::filesystem::path& path, const ClipOptions& options) : array_(NpyArray::open(path)) {
    const std::vector<std::int64_t>& shape = array_.shape();
    const bool fits = (shape.size() == 3 || (shape.size() == 4 && (shape[3] == 1 || shape[3] == 3))) &&
                      std::all_of(shape.begin(), shape.end(), [](std::int64_t extent) { return extent > 0; });
    if (!fits)
      throw dataError("is an array of shape " + shapeInWords(shape), path.string(),
                      "A clip is [frames, height, width] or [frames, height, width, 1 or 3]");
    if (shape[0] > options.frameLimit || shape[1] > (1 << 20) || shape[2] > (1 << 20) ||
        static_cast<std::uint64_t>(shape[1] * shape[2]) > options.pixelLimit)
      throw dataError("an array of shape " + shapeInWords(shape) + " is over the limits of a clip", path.string(),
                      "Cut it into parts");
    info.path = path;
    info.frameCount = static_cast<int>(shape[0]);
    info.height = static_cast<int>(shape[1]);
    info.width = static_cast<int>(shape[2]);
    channels_ = shape.size() == 4 ? static_cast<int>(shape[3]) : 1;
    info.colour = channels_ == 3;
    info.format = "npy";
    info.codec = std::string(npyName(array_.dtype()));
    info.pixelFormat = channels_ == 3 ? "rgb" : "grey";
    assumeTimes(info, options.assumedFramesPerSecond);
    if (array_.isFortranOrder()) ordered_ = array_.orderedBytes();
  }

  Frame read(int index, Colour colour) override {
    const std::size_t values = static_cast<std::size_t>(info.width) * static_cast<std::size_t>(info.height) *
                               static_cast<std::size_t>(channels_);
    const std::size_t bytes = values * sizeOf(array_.dtype());
    const std::span<const std::byte> all = ordered_.empty() ? array_.bytes() : std::span<const std::byte>(ordered_);
    const std::span<const std::byte> raw = all.subspan(static_cast<std::size_t>(index) * bytes, bytes);
    std::vector<std::uint8_t> packed(values);
    if (array_.dtype() == DType::U8) {
      std::memcpy(packed.data(), raw.data(), values);
    } else {
      std::vector<float> numbers(values);
      convertToFloat(array_.dtype(), raw, numbers);
      std::transform(numbers.begin(), numbers.end(), packed.begin(), [](float value) {
        return std::isnan(value) ? std::uint8_t{0}
                                 : static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0F, 255.0F)));
      });
    }
    return toColour(makeFrame(info.width, info.height, channels_, packed.data()), colour);
  }

 private:
  NpyArray array_;
  std::vector<std::byte> ordered_;  // only for Fortran order
  int channels_ = 1;
};

}  // namespace

std::unique_ptr<Clip::Source> openArray(const std::filesystem::path& path, const ClipOptions& options) {
  return std::make_unique<ArraySource>(path, options);
}

}  // namespace counterpoint
