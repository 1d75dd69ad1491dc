// SPDX-License-Identifier: GPL-3.0-or-later
// Who is in the sample: studies, their clips and their reports, drawn from one seed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/sample/heart.h"

namespace counterpoint {

struct CohortOptions {
  int studies = 500;  // 4 of 5 to train, 2 of 25 to validate, 3 of 25 held out
  std::uint64_t seed = 20;
  int frames = 64;  // of each clip
  double framesPerSecond = 50;
};

struct SampleClip {
  std::string file;  // relative to the workspace
  EchoView view = EchoView::ParasternalLongAxis;
  std::string report;
  double rWave = 0;  // seconds from the first frame; at least 0.64 s of the clip follow
  std::uint64_t seed = 0;
};

struct SampleStudy {
  std::string id;
  std::string split;  // train, val, test
  HeartTruth heart;
  std::vector<SampleClip> clips;  // two to four, each of another view
};

// The same on every machine for the same options. Throws Error{Usage} for fewer than 10 studies.
std::vector<SampleStudy> planCohort(const CohortOptions& options = {});

}  // namespace counterpoint
