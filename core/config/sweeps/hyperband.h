// SPDX-License-Identifier: GPL-3.0-or-later
// Hyperband's stopping rule (Li et al. 2017, arXiv:1603.06560) as W&B applies it: at a few numbers of iterations a
// running trial must be among the best 1/eta of all that came so far. An iteration is one finite value of the metric.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/config/sweeps/trial.h"

namespace counterpoint {

struct HyperbandBand {
  double iteration = 0;
  double threshold = 0;  // of the values, negated where more is better; infinite where no trial came so far
};

// Rising. Throws Error{Usage} where the rule gives none.
std::vector<double> hyperbandIterations(const HyperbandRule& rule);
std::vector<HyperbandBand> hyperbandBands(const HyperbandRule& rule, bool maximize, std::span<const SweepTrial> trials);

// Indices of the running trials that are to be stopped.
std::vector<std::size_t> hyperbandStops(const HyperbandRule& rule, bool maximize, std::span<const SweepTrial> trials);

}  // namespace counterpoint
