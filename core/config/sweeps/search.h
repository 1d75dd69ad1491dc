// SPDX-License-Identifier: GPL-3.0-or-later
// What to try next. Pure: the same file, trials and seed give the same values, so a sweep that was cut short goes on
// as if it had not been.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/random.h"
#include "core/config/sweeps/gaussian_process.h"
#include "core/config/sweeps/trial.h"

namespace counterpoint {

// The next trial by the file's method. Empty: a grid is done.
std::optional<TrialValues> nextTrial(const SweepFile& file, std::span<const SweepTrial> trials, std::uint64_t seed);

// The first combination that no trial used (by value: 1 and 1.0 are equal); the last parameter is fastest.
std::optional<TrialValues> nextOfGrid(const SweepFile& file, std::span<const SweepTrial> trials);
// Number of combinations; saturates at 2^63.
std::uint64_t gridSize(const SweepFile& file);

TrialValues randomTrial(const SweepFile& file, Random& random);

// A standardised sample of the trials for the Gaussian process: points in [0, 1] of the parameters that vary, values
// of which less is better.
struct BayesData {
  std::vector<Point> points;
  std::vector<double> values;
  std::vector<Point> running;  // no value yet
};
BayesData bayesData(const SweepFile& file, std::span<const SweepTrial> trials);
// The highest expected improvement among 1000 random candidates; random with fewer than two values.
TrialValues bayesTrial(const SweepFile& file, std::span<const SweepTrial> trials, Random& random);

}  // namespace counterpoint
