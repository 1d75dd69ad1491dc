// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers that follow the steps or epochs: learning rates (DeepCORO spec §14.2), temperature and frozen share (§9).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace counterpoint {

enum class RateShape { Constant, LinearWarmup, CosineWarmup };

// "constant", "linear_warmup", "cosine_with_warmup", "cosine" (no warm-up). Throws Error{Usage} naming the nearest.
RateShape rateShape(std::string_view name);

struct RateSchedule {
  RateShape shape = RateShape::CosineWarmup;
  std::int64_t warmupSteps = 0, totalSteps = 1;
  double floor = 0;  // least factor after the warm-up

  // What the learning rates are multiplied with at optimizer step `step` = 0, 1, …: 0 → 1 over the warm-up, then
  // constant, linear to the floor, or ½(1 + cos πp).
  double factor(std::int64_t step) const;
};

// Temperature and frozen share per epoch.
struct EpochSchedule {
  std::string shape = "constant";  // constant, linear, cosine, exponential; "step" for the frozen share
  double start = 0.1, end = 0.1;
  std::int64_t warmupEpochs = 0;

  double at(std::int64_t epoch) const;
};

}  // namespace counterpoint
