// SPDX-License-Identifier: GPL-3.0-or-later
// A clip of the study table, or one that was dropped on the window.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/protocol/messages.h"
#include "widgets/common/annotation_store.h"

namespace counterpoint {

struct ClipItem {
  std::string id;              // as the study table writes it; the key in annotations
  std::filesystem::path path;  // absolute
  std::string study, split, view, report;
  ClipAnnotation annotation{};
  std::optional<double> rWave{};  // seconds; where a model that looks from there begins
};

// What a model said of a clip, from a run's results, its events, or the server just now.
struct ClipCaption {
  std::string clip;  // as the file writes it
  std::string reference;
  Caption caption;
  Seen seen;
  std::string run, source;  // "siglip-3", "test results"
};

}  // namespace counterpoint
