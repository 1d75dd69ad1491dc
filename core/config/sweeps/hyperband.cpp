// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/sweeps/hyperband.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.h"

namespace counterpoint {
namespace {

constexpr int kMostBands = 100;

double signedValue(double value, bool maximize) { return maximize ? -value : value; }

}  // namespace

std::vector<double> hyperbandIterations(const HyperbandRule& rule) {
  std::vector<double> iterations;
  if (rule.maxIterations) {
    double band = *rule.maxIterations;
    for (int i = 0; i < rule.rounds && (band /= rule.eta) >= 1; ++i) iterations.push_back(std::floor(band));
    std::sort(iterations.begin(), iterations.end());
  } else if (rule.minIterations) {
    double band = *rule.minIterations;
    for (int i = 0; i < kMostBands; ++i, band *= rule.eta) iterations.push_back(std::floor(band));
  }
  if (iterations.empty())
    throw usageError("no iteration to compare trials at", "early_terminate", "Raise s or max_iter, or lower eta.");
  return iterations;
}

std::vector<HyperbandBand> hyperbandBands(const HyperbandRule& rule, bool maximize,
                                          std::span<const SweepTrial> trials) {
  std::vector<HyperbandBand> bands;
  for (const double iteration : hyperbandIterations(rule)) {
    std::vector<double> values;
    for (const auto& trial : trials)
      if (static_cast<double>(trial.history.size()) >= iteration)
        values.push_back(signedValue(trial.history[static_cast<std::size_t>(iteration) - 1], maximize));
    std::sort(values.begin(), values.end());
    // Truncated as the reference: 1/eta first, then times n.
    const auto place = static_cast<std::size_t>((1.0 / rule.eta) * static_cast<double>(values.size()));
    bands.push_back({iteration, values.empty() ? std::numeric_limits<double>::infinity() : values[place]});
  }
  return bands;
}

std::vector<std::size_t> hyperbandStops(const HyperbandRule& rule, bool maximize, std::span<const SweepTrial> trials) {
  const auto bands = hyperbandBands(rule, maximize, trials);
  std::vector<std::size_t> stops;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const auto& history = trials[i].history;
    if (trials[i].state != TrialState::Running) continue;
    const HyperbandBand* reached = nullptr;
    for (const auto& band : bands)
      if (band.iteration <= static_cast<double>(history.size())) reached = &band;
    if (!reached) continue;
    const double value =
        rule.strict ? history[static_cast<std::size_t>(reached->iteration) - 1] : *bestOf(history, maximize);
    if (signedValue(value, maximize) > reached->threshold) stops.push_back(i);
  }
  return stops;
}

}  // namespace counterpoint
