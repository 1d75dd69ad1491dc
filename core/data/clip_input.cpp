// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/clip_input.h"

#include <ATen/ops/empty.h>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/words.h"
#include "core/formats/npy.h"
#include "core/media/resize.h"

#include <algorithm>
#include <cmath>

namespace counterpoint {
namespace {

template <typename Kind>
struct Named {
  Kind kind;
  const char* name;
};
constexpr Named<ClipChannels> kChannels[] = {
    {ClipChannels::Rgb, "rgb"}, {ClipChannels::Grey, "grey"}, {ClipChannels::GreyDifference, "grey_difference"}};
constexpr Named<ClipStart> kStarts[] = {
    {ClipStart::First, "first"}, {ClipStart::RWave, "r_wave"}, {ClipStart::Random, "random"}};
constexpr Named<FrameChoice> kChoices[] = {{FrameChoice::Window, "window"}, {FrameChoice::Spread, "spread"}};

template <typename Kind, std::size_t count>
Kind kindOf(const Named<Kind> (&table)[count], const std::string& name, const char* key) {
  std::vector<std::string> known;
  for (const Named<Kind>& row : table) {
    if (name == row.name) return row.kind;
    known.emplace_back(row.name);
  }
  throw usageError(fmt::format("{} is \"{}\"", key, name), {}, "Choose one of " + join(known, ", "));
}

template <typename Kind, std::size_t count>
std::string nameIn(const Named<Kind> (&table)[count], Kind kind) {
  for (const Named<Kind>& row : table)
    if (row.kind == kind) return row.name;
  return {};
}

PixelBox boxOf(const std::array<double, 4>& crop, int width, int height) {
  const auto edge = [](double fraction, int extent) {
    return std::clamp(static_cast<int>(std::lround(fraction * extent)), 0, extent);
  };
  PixelBox box;
  box.x = std::min(edge(crop[0], width), width - 1);
  box.y = std::min(edge(crop[1], height), height - 1);
  box.width = std::max(edge(crop[0] + crop[2], width) - box.x, 1);
  box.height = std::max(edge(crop[1] + crop[3], height) - box.y, 1);
  return box;
}

int sourceChannels(ClipChannels channels) { return channels == ClipChannels::Rgb ? 3 : 1; }

// One frame at a time as float rows of `channels` values, resized. Arrays of numbers keep their fractions.
class FrameReader {
 public:
  FrameReader(const Clip& clip, const ClipInputOptions& options)
      : clip_(clip),
        channels_(sourceChannels(options.channels)),
        resizer_(boxOf(options.crop, clip.info().width, clip.info().height), options.size, options.size) {
    if (clip.info().format != "npy" || clip.info().codec == npyName(DType::U8)) return;
    array_ = NpyArray::open(clip.info().path);
    arrayChannels_ = array_->dimensions() == 4 ? static_cast<int>(array_->shape()[3]) : 1;
    // In Fortran order a frame lies scattered over the whole file.
    if (array_->isFortranOrder()) numbers_ = array_->floats();
  }

  void read(int index, float* output) const {
    if (!array_) {
      resizer_.apply(clip_.frame(index, channels_ == 3 ? Colour::Rgb : Colour::Grey), output);
      return;
    }
    const ClipInfo& info = clip_.info();
    const std::size_t pixels = static_cast<std::size_t>(info.width) * static_cast<std::size_t>(info.height);
    const std::vector<float> numbers = numbersOf(index, pixels * static_cast<std::size_t>(arrayChannels_));
    const float* frame = numbers.data();
    if (arrayChannels_ == channels_) {
      resizer_.apply(frame, info.width, channels_, output);
      return;
    }
    std::vector<float> converted(pixels * static_cast<std::size_t>(channels_));
    for (std::size_t i = 0; i < pixels; ++i) {
      if (channels_ == 3)
        std::fill_n(&converted[i * 3], 3, frame[i]);
      else  // OpenCV's weights
        converted[i] = 0.299F * frame[i * 3] + 0.587F * frame[i * 3 + 1] + 0.114F * frame[i * 3 + 2];
    }
    resizer_.apply(converted.data(), info.width, channels_, output);
  }

 private:
  std::vector<float> numbersOf(int index, std::size_t count) const {
    const std::size_t first = count * static_cast<std::size_t>(index);
    if (!numbers_.empty()) {
      const auto begin = numbers_.begin() + static_cast<std::ptrdiff_t>(first);
      return {begin, begin + static_cast<std::ptrdiff_t>(count)};
    }
    const std::size_t size = sizeOf(array_->dtype());
    std::vector<float> numbers(count);
    convertToFloat(array_->dtype(), array_->bytes().subspan(first * size, count * size), numbers);
    return numbers;
  }

  const Clip& clip_;
  int channels_;
  AntialiasResizer resizer_;
  std::optional<NpyArray> array_;  // clips of numbers other than bytes
  std::vector<float> numbers_;
  int arrayChannels_ = 1;
};

void normalise(const float* input, std::size_t pixels, int inputChannels, int outputChannels,
               const ClipInputOptions& options, float* output) {
  for (int c = 0; c < inputChannels; ++c) {
    const std::size_t at = static_cast<std::size_t>(c);
    const auto mean = static_cast<float>(options.mean[options.mean.size() == 1 ? 0 : at]);
    const auto deviation = static_cast<float>(options.deviation[options.deviation.size() == 1 ? 0 : at]);
    for (std::size_t i = 0; i < pixels; ++i) {
      const float value = (input[i * static_cast<std::size_t>(inputChannels) + at] - mean) / deviation;
      output[i * static_cast<std::size_t>(outputChannels) + at] = std::isfinite(value) ? value : 0.0F;
    }
  }
}

// Second of two channels: the first minus its mean over the frames of the clip.
void addDifference(float* clip, std::size_t pixels, int frames) {
  for (std::size_t i = 0; i < pixels; ++i) {
    double sum = 0;
    for (int t = 0; t < frames; ++t) sum += clip[(static_cast<std::size_t>(t) * pixels + i) * 2];
    const auto mean = static_cast<float>(sum / frames);
    for (int t = 0; t < frames; ++t) {
      float* value = clip + (static_cast<std::size_t>(t) * pixels + i) * 2;
      value[1] = value[0] - mean;
    }
  }
}

// What must be decoded where the start is known beforehand; nothing where all of the clip counts.
std::optional<ClipPart> partOf(const ClipInputOptions& options, std::optional<double> rWave) {
  if (options.choice == FrameChoice::Spread || options.start == ClipStart::Random) return {};
  const int span = (options.frames - 1) * options.stride + 1;
  if (options.start == ClipStart::First) return ClipPart{0, span};
  // One more: the frame nearest to the R wave may lie on either side.
  return ClipPart{rWave.value_or(0), span + 1};
}

}  // namespace

int channelCount(ClipChannels channels) {
  return channels == ClipChannels::Rgb ? 3 : channels == ClipChannels::Grey ? 1 : 2;
}
ClipChannels channelsFromName(const std::string& name) { return kindOf(kChannels, name, "data.channels"); }
std::string nameOf(ClipChannels channels) { return nameIn(kChannels, channels); }
ClipStart startFromName(const std::string& name) { return kindOf(kStarts, name, "data.start"); }
std::string nameOf(ClipStart start) { return nameIn(kStarts, start); }
FrameChoice choiceFromName(const std::string& name) { return kindOf(kChoices, name, "data.mode"); }
std::string nameOf(FrameChoice choice) { return nameIn(kChoices, choice); }

void checkOptions(const ClipInputOptions& options) {
  const auto inRange = [](const char* key, int value, int most) {
    if (value < 1 || value > most)
      throw usageError(fmt::format("{} is {}", key, value), {}, fmt::format("Choose 1 to {}", most));
  };
  inRange("data.frames", options.frames, 4096);
  inRange("data.stride", options.stride, 4096);
  inRange("data.size", options.size, 4096);
  const auto& [x, y, width, height] = options.crop;
  if (!(x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= 1 + 1e-9 && y + height <= 1 + 1e-9))
    throw usageError(fmt::format("data.crop is [{}, {}, {}, {}]", x, y, width, height), {},
                     "Give x, y, width, height as fractions of the frame, such as [0, 0, 0.5, 1]");
  const std::size_t channels = static_cast<std::size_t>(sourceChannels(options.channels));
  for (const auto& [key, values] : {std::pair{"data.mean", &options.mean}, {"data.std", &options.deviation}})
    if (values->size() != 1 && values->size() != channels)
      throw usageError(fmt::format("{} has {} values", key, values->size()), {},
                       fmt::format("Give one value, or {}: one for each channel", channels));
  for (const double value : options.deviation)
    if (!(value > 0 && std::isfinite(value)))
      throw usageError(fmt::format("data.std is {}", value), {}, "It must be above 0, on the scale 0 to 255");
}

std::vector<int> spreadIndices(int total, int count) {
  std::vector<int> indices(static_cast<std::size_t>(count));
  // torch.linspace counts from both ends, the upper half with one rounding; both decide which frame a tie gives.
  const float last = static_cast<float>(total - 1);
  const float step = count > 1 ? last / static_cast<float>(count - 1) : 0.0F;
  for (int i = 0; i < count; ++i) {
    const bool lower = i < count / 2 || count == 1;
    const float value = lower ? step * static_cast<float>(i) : std::fma(-step, static_cast<float>(count - 1 - i), last);
    indices[static_cast<std::size_t>(i)] = static_cast<int>(value);
  }
  return indices;
}

std::vector<int> chooseFrames(const Clip& clip, const ClipInputOptions& options, std::optional<double> rWave,
                              Random* random) {
  const int total = clip.info().frameCount;
  int stride = clip.info().format == "npy" ? 1 : options.stride;
  if (options.randomStride && random && stride > 1)
    stride = 1 + static_cast<int>(random->below(static_cast<std::uint64_t>(stride)));
  int start = 0;
  if (options.start == ClipStart::RWave) {
    if (!rWave)
      throw dataError("no R-wave time is given", clip.info().path.string(),
                      "Fill the column RWave, or set data.start to first");
    start = clip.nearestFrame(*rWave);
  } else if (options.start == ClipStart::Random && random) {
    const int spare = total - ((options.frames - 1) * stride + 1);
    if (spare > 0) start = static_cast<int>(random->below(static_cast<std::uint64_t>(spare) + 1));
  }
  std::vector<int> strided;
  for (int i = start; i < total; i += stride) strided.push_back(i);
  const std::size_t wanted = static_cast<std::size_t>(options.frames);
  if (strided.size() > wanted && options.choice == FrameChoice::Spread) {
    std::vector<int> spread;
    for (const int i : spreadIndices(static_cast<int>(strided.size()), options.frames))
      spread.push_back(strided[static_cast<std::size_t>(i)]);
    return spread;
  }
  strided.resize(wanted, strided.back());
  return strided;
}

Json loadClipInto(float* output, const std::filesystem::path& path, const std::string& id,
                  const ClipInputOptions& options, std::optional<double> rWave, Random* random,
                  const ClipOptions& decoding, std::string* damage) {
  ClipOptions opening = decoding;
  opening.part = partOf(options, rWave);
  const Clip clip = Clip::open(path, opening);
  const ClipInfo& info = clip.info();
  if (damage) *damage = info.damage;
  const std::vector<int> chosen = chooseFrames(clip, options, rWave, random);
  const FrameReader reader(clip, options);
  const int channels = channelCount(options.channels);
  const std::size_t pixels = static_cast<std::size_t>(options.size) * static_cast<std::size_t>(options.size);
  const std::size_t frameValues = pixels * static_cast<std::size_t>(channels);
  std::vector<float> resized(pixels * static_cast<std::size_t>(sourceChannels(options.channels)));
  Json times = Json::array();
  for (std::size_t t = 0; t < chosen.size(); ++t) {
    float* target = output + t * frameValues;
    if (t > 0 && chosen[t] == chosen[t - 1]) {
      std::copy_n(target - frameValues, frameValues, target);
    } else {
      reader.read(chosen[t], resized.data());
      normalise(resized.data(), pixels, sourceChannels(options.channels), channels, options, target);
    }
    times.push_back(info.times[static_cast<std::size_t>(chosen[t])]);
  }
  if (options.channels == ClipChannels::GreyDifference) addDifference(output, pixels, options.frames);
  return Json{{"clip", id},
              {"frames", chosen},
              {"times", times},
              {"crop", options.crop},
              {"source_size", {info.width, info.height}},
              {"size", {options.size, options.size}},
              {"channels", nameOf(options.channels)},
              {"mean", options.mean},
              {"std", options.deviation}};
}

ClipInput loadClip(const std::filesystem::path& path, const std::string& id, const ClipInputOptions& options,
                   std::optional<double> rWave, Random* random, const ClipOptions& decoding) {
  checkOptions(options);
  ClipInput input;
  input.pixels = at::empty({options.frames, options.size, options.size, channelCount(options.channels)}, at::kFloat);
  input.seen = loadClipInto(input.pixels.mutable_data_ptr<float>(), path, id, options, rWave, random, decoding);
  return input;
}

}  // namespace counterpoint
