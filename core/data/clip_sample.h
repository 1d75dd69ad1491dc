// SPDX-License-Identifier: GPL-3.0-or-later
// What one position of a batch stands for: a clip by itself, or a study with its clips.
#pragma once

#include <string>
#include <vector>

#include "core/media/study_table.h"

namespace counterpoint {

struct ClipSample {
  std::string id;  // of the clip or of the study
  std::string study, report;
  std::string view;            // empty where the clips' views differ
  std::vector<ClipRow> clips;  // at least one, in the order of the table
};

std::vector<ClipSample> clipSamples(const std::vector<ClipRow>& rows);
// Studies of a split with the report of their last row, sorted by id (DeepCORO spec §4.1, clip multi).
std::vector<ClipSample> studySamples(const StudyTable& table, const std::string& split);

}  // namespace counterpoint
