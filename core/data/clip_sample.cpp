// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/clip_sample.h"

namespace counterpoint {

std::vector<ClipSample> clipSamples(const std::vector<ClipRow>& rows) {
  std::vector<ClipSample> samples;
  samples.reserve(rows.size());
  for (const ClipRow& row : rows) samples.push_back({row.file, row.study, row.report, row.view, {row}});
  return samples;
}

std::vector<ClipSample> studySamples(const StudyTable& table, const std::string& split) {
  table.rowsOf(split);  // it says what is wrong with a split without clips
  std::vector<ClipSample> samples;
  for (const Study& study : table.studiesOf(split)) {
    ClipSample sample{study.id, study.id, study.report, {}, {}};
    bool oneView = true;
    for (const std::size_t row : study.rows) {
      sample.clips.push_back(table.rows()[row]);
      oneView = oneView && sample.clips.back().view == sample.clips.front().view;
    }
    if (oneView) sample.view = sample.clips.front().view;
    samples.push_back(std::move(sample));
  }
  return samples;
}

}  // namespace counterpoint
