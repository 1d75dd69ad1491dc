// SPDX-License-Identifier: GPL-3.0-or-later
// A clip of the study table, or one that was dropped on the window.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/protocol/messages.h"
#include "widgets/common/annotation_store.h"

namespace counterpoint {

struct ClipItem {
  std::string id;                          // as the study table writes it; the key in annotations
  std::filesystem::path path;              // absolute
  std::string study, split, view, report;  // outside the table a clip is its own study, named by its path
  ClipAnnotation annotation{};
  std::optional<double> rWave{};  // seconds; where a model that looks from there begins
};

// What a model said of a clip, from a run's results, its events, or the server just now.
struct ClipCaption {
  std::string clip;  // as the file writes it
  std::string reference;
  Caption caption;
  Seen seen;
  std::string run;                     // folder name of the run whose model said it
  std::string source;                  // for a person: "test results", "step 500"
  std::optional<std::int64_t> step{};  // of the checkpoint, where it is known
};

}  // namespace counterpoint
