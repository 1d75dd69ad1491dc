// SPDX-License-Identifier: GPL-3.0-or-later
// What Clip asks of each kind of file. For this folder's .cpp files only.
#pragma once

#include <memory>

#include "core/media/clip.h"

namespace counterpoint {

class Clip::Source {
 public:
  virtual ~Source() = default;
  virtual Frame read(int index, Colour colour) = 0;  // index is in range
  ClipInfo info;
};

std::unique_ptr<Clip::Source> openVideo(const std::filesystem::path& path, const ClipOptions& options);
std::unique_ptr<Clip::Source> openArray(const std::filesystem::path& path, const ClipOptions& options);
std::unique_ptr<Clip::Source> openImageFolder(const std::filesystem::path& path, const ClipOptions& options);

// Fills info.times and info.framesPerSecond of a clip that carries no times.
void assumeTimes(ClipInfo& info, double framesPerSecond);

}  // namespace counterpoint
