// SPDX-License-Identifier: GPL-3.0-or-later
// The captions that a run has written: results/SPLIT/captions.jsonl, and caption events where a clip has none there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "widgets/common/clip_item.h"

namespace counterpoint {

struct RunCaptions {
  std::string run;  // folder name
  std::filesystem::path path;
  std::vector<ClipCaption> captions;
  std::vector<std::string> problems;  // lines that cannot be read: "captions.jsonl, line 3: …"
};

// Never throws for a damaged line: it becomes a problem. Of caption events those count that a resumed run stands by
// (EventReader). Some MB a second: call it off the event loop.
RunCaptions readRunCaptions(const std::filesystem::path& run);

// Calls `take` with each line of a .jsonl file as JSON; what cannot be read, or what `take` throws Error for, is noted.
// A missing file has no lines.
void readJsonLines(const std::filesystem::path& file, const std::function<void(const Json&)>& take,
                   std::vector<std::string>& problems);

// Folders in RUN/results, in the order test, val, train, others.
std::vector<std::string> resultSplits(const std::filesystem::path& run);

// What a run has to show: when its results were last written (ticks since 1970; 0: it has none), and when its events
// were, once it has ended; either changes where there is something new to read. And whether it has a model to load.
struct RunToReview {
  std::filesystem::path path;
  std::int64_t results = 0, events = 0;
  bool hasModel = false;
  bool operator==(const RunToReview&) const = default;
  // Nothing new to read in `other`.
  bool readsAs(const RunToReview& other) const {
    return path == other.path && results == other.results && events == other.events;
  }
};

// Runs of the workspace that have results, captions or checkpoints, newest first.
std::vector<RunToReview> runsToReview(const std::filesystem::path& runs);

}  // namespace counterpoint
