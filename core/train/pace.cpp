// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/pace.h"

#include <algorithm>
#include <vector>

namespace counterpoint {

Pace::Pace(std::size_t window, std::size_t steadySteps, double steadySeconds)
    : window_(window), steadySteps_(steadySteps), steadySeconds_(steadySeconds) {}

void Pace::step(double seconds, std::int64_t samples) {
  elapsed_ += seconds;
  if (seen_++ == 0) return;  // allocations, thread starts and empty caches
  entries_.push_back({seconds, samples});
  if (entries_.size() > window_) entries_.pop_front();
}

void Pace::validation(double seconds) { validationSeconds_ = seconds; }

double Pace::samplesPerSecond() const {
  double seconds = 0, samples = 0;
  for (const auto& entry : entries_) {
    seconds += entry.seconds;
    samples += static_cast<double>(entry.samples);
  }
  return seconds > 0 ? samples / seconds : 0;
}

std::optional<double> Pace::remaining(std::int64_t steps, std::int64_t validations) const {
  if (entries_.size() < steadySteps_ || elapsed_ < steadySeconds_) return std::nullopt;
  std::vector<double> seconds;
  for (const auto& entry : entries_) seconds.push_back(entry.seconds);
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::nth_element(seconds.begin(), middle, seconds.end());
  return *middle * static_cast<double>(steps) + validationSeconds_ * static_cast<double>(validations);
}

}  // namespace counterpoint
