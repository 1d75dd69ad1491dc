// SPDX-License-Identifier: GPL-3.0-or-later
// What the loop reports; rank 0 only. core/runs writes the files behind it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace counterpoint {

using Scalars = std::map<std::string, double>;

struct TrainingProgress {
  std::int64_t step = 0, totalSteps = 0;
  double epoch = 0, epochs = 0;      // with its fraction
  double samplesPerSecond = 0;       // all ranks, over the last steps
  std::optional<double> etaSeconds;  // nothing until the pace is steady
};

class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void scalars(std::int64_t step, double epoch, const Scalars& values) = 0;
  virtual void progress(const TrainingProgress& progress) = 0;
  virtual void checkpoint(std::int64_t step, double epoch, const std::filesystem::path& path, bool best,
                          const Scalars& metrics) = 0;
  virtual void log(std::int64_t step, double epoch, const std::string& text) = 0;
};

}  // namespace counterpoint
