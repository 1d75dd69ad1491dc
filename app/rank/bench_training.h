// SPDX-License-Identifier: GPL-3.0-or-later
// How fast the sample trains with the real launcher and ranks.
#pragma once

#include <filesystem>

namespace counterpoint {

struct TrainingPace {
  double clipsPerSecond = 0;
  double waiting = 0;  // share of the steps' time that went by waiting for clips
};

// Trains the recipe of the sample workspace in `workspace` (made where it is not there) for some steps with `ranks`
// ranks. Counted are the steps after the first epochs, when the clips are cached.
TrainingPace measureTraining(const std::filesystem::path& worker, const std::filesystem::path& workspace, int ranks);

}  // namespace counterpoint
