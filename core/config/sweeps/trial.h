// SPDX-License-Identifier: GPL-3.0-or-later
// One trial as the search sees it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/config/sweeps/sweep_file.h"

namespace counterpoint {

enum class TrialState { Pending, Running, Finished, Failed, Killed };
std::string_view nameOf(TrialState state);
std::optional<TrialState> trialStateNamed(std::string_view name);
bool hasEnded(TrialState state);

struct SweepTrial {
  TrialState state = TrialState::Pending;
  TrialValues values;
  std::vector<double> history;  // finite values of the metric, in order
};

// The best value of a history by the metric's goal; empty without any.
std::optional<double> bestOf(const std::vector<double>& history, bool maximize);

}  // namespace counterpoint
