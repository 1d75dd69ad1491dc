// SPDX-License-Identifier: GPL-3.0-or-later
// Writes the sample workspace: phantoms with known answers, in the files that a real project would have.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>

#include "core/sample/cohort.h"

namespace counterpoint {

struct SampleOptions {
  int studies = 500;
  std::uint64_t seed = 20;
  int threads = 2;
};

struct SampleSummary {
  int studies = 0, trainStudies = 0, valStudies = 0, testStudies = 0;
  int clips = 0;
  double seconds = 0;
};

// Called after each clip with how many are done, by one thread at a time.
using SampleProgress = std::function<void(int done, int total)>;

// `folder` must not exist or be empty. Its content appears all at once: everything is written to a neighbour
// (".NAME.partial-…") first, which is removed again on an error or when `stop` is asked for (Error{Stopped}). The files
// depend on `studies` and `seed` alone.
SampleSummary writeSampleWorkspace(const std::filesystem::path& folder, const SampleOptions& options = {},
                                   const SampleProgress& progress = {}, std::stop_token stop = {});

}  // namespace counterpoint
