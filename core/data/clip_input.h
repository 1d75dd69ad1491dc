// SPDX-License-Identifier: GPL-3.0-or-later
// From a clip on disk to the tensor that a model sees (DeepCORO's load_video, spec §4.3).
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/random.h"
#include "core/media/clip.h"

namespace counterpoint {

enum class ClipStart { First, RWave, Random };
enum class ClipChannels {
  Rgb,
  Grey,
  GreyDifference
};  // the last: normalised grey, and it minus its mean over the clip
enum class FrameChoice {
  Window,  // `frames` frames from the start on
  Spread,  // trunc(linspace(0, t − 1, frames)) over all strided frames (DeepCORO)
};

struct ClipInputOptions {
  int frames = 16;
  int stride = 1;  // not applied to .npy clips (spec)
  FrameChoice choice = FrameChoice::Window;
  ClipStart start = ClipStart::First;
  std::array<double, 4> crop{0, 0, 1, 1};  // x, y, width, height as fractions of the frame
  int size = 224;                          // square, aspect not kept
  ClipChannels channels = ClipChannels::Rgb;
  std::vector<double> mean{0}, deviation{1};  // on the scale 0–255; one value, or one a channel (RGB)
  bool randomStride = false;                  // compat: in training each load draws its stride from 1 … stride
};

int channelCount(ClipChannels channels);
ClipChannels channelsFromName(const std::string& name);  // "rgb", "grey", "grey_difference"; else Error{Usage}
std::string nameOf(ClipChannels channels);
ClipStart startFromName(const std::string& name);  // "r_wave", "random", "first"
std::string nameOf(ClipStart start);
FrameChoice choiceFromName(const std::string& name);  // "window", "spread"
std::string nameOf(FrameChoice choice);

// Throws Error{Usage} naming the key of the first value that cannot be.
void checkOptions(const ClipInputOptions& options);

// trunc(linspace(0, total − 1, count)) with torch's float32 linspace.
std::vector<int> spreadIndices(int total, int count);

// The numbers of the `options.frames` frames that are used; too short: the last one repeats. `random` is drawn from
// only where the options ask for it; null outside training (start: random is then first). Throws Error{Data} for start
// r_wave without a time.
std::vector<int> chooseFrames(const Clip& clip, const ClipInputOptions& options, std::optional<double> rWave,
                              Random* random);

struct ClipInput {
  at::Tensor pixels;  // float32 [frames, size, size, channels]; no NaN, no infinity
  Json seen;          // ARCHITECTURE.md, Seen
};

// `id` is what Seen calls the clip. Errors name the file.
ClipInput loadClip(const std::filesystem::path& path, const std::string& id, const ClipInputOptions& options,
                   std::optional<double> rWave = {}, Random* random = nullptr, const ClipOptions& decoding = {});

// The same into memory of frames × size × size × channels values; returns Seen and leaves damage in `damage`.
Json loadClipInto(float* output, const std::filesystem::path& path, const std::string& id,
                  const ClipInputOptions& options, std::optional<double> rWave, Random* random,
                  const ClipOptions& decoding, std::string* damage = nullptr);

}  // namespace counterpoint
