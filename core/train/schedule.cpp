// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/error.h"
#include "core/base/words.h"

namespace counterpoint {
namespace {

struct ShapeName {
  const char* name;
  RateShape shape;
};
constexpr ShapeName kShapes[] = {
    {"constant", RateShape::Constant},
    {"linear_warmup", RateShape::LinearWarmup},
    {"cosine_with_warmup", RateShape::CosineWarmup},
    {"cosine", RateShape::CosineWarmup},
};

}  // namespace

RateShape rateShape(std::string_view name) {
  std::vector<std::string> known;
  for (const auto& entry : kShapes) {
    if (name == entry.name) return entry.shape;
    known.emplace_back(entry.name);
  }
  throw usageError("\"" + std::string(name) + "\" is no schedule of learning rates", "schedule",
                   "Known: " + join(known, ", ") + ".");
}

double RateSchedule::factor(std::int64_t step) const {
  if (step < warmupSteps) return static_cast<double>(step) / static_cast<double>(warmupSteps);
  if (shape == RateShape::Constant) return 1;
  const auto span = static_cast<double>(std::max<std::int64_t>(totalSteps - warmupSteps, 1));
  const double progress = std::min(1.0, static_cast<double>(step - warmupSteps) / span);
  const double down =
      shape == RateShape::LinearWarmup ? 1 - progress : 0.5 * (1 + std::cos(std::numbers::pi * progress));
  return floor + (1 - floor) * down;
}

double EpochSchedule::at(std::int64_t epoch) const {
  if (shape == "constant" || warmupEpochs <= 0) return start;
  const auto span = static_cast<double>(warmupEpochs);
  if (shape == "step") return std::max(end, start - (start - end) / span * static_cast<double>(epoch + 1));
  if (epoch >= warmupEpochs) return end;
  const double progress = static_cast<double>(epoch) / span;
  if (shape == "linear") return start + (end - start) * progress;
  if (shape == "cosine") return start + (end - start) * (1 - std::cos(std::numbers::pi * progress)) / 2;
  if (shape == "exponential") return start * std::exp(std::log(end / start) * progress);
  throw usageError("\"" + shape + "\" is no schedule over epochs", "schedule",
                   "Known: constant, linear, cosine, exponential, step.");
}

}  // namespace counterpoint
