// SPDX-License-Identifier: GPL-3.0-or-later
// How fast the steps go and when they will be done.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace counterpoint {

// Times of the last steps. The pace counts as steady after `steadySteps` steps and `steadySeconds` since the start, the
// first (slow) steps left out.
class Pace {
 public:
  explicit Pace(std::size_t window = 50, std::size_t steadySteps = 10, double steadySeconds = 5);

  void step(double seconds, std::int64_t samples);
  void validation(double seconds);

  double samplesPerSecond() const;
  // Steps at the median pace plus validations as long as the last one; nothing before the pace is steady.
  std::optional<double> remaining(std::int64_t steps, std::int64_t validations) const;

 private:
  struct Entry {
    double seconds;
    std::int64_t samples;
  };
  std::size_t window_, steadySteps_, seen_ = 0;
  double steadySeconds_, elapsed_ = 0, validationSeconds_ = 0;
  std::deque<Entry> entries_;
};

}  // namespace counterpoint
