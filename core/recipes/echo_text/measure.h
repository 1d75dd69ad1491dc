// SPDX-License-Identifier: GPL-3.0-or-later
// What the recipe echo_text measures on a split: losses, retrieval both ways, captions, calibration.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/dist/process_group.h"
#include "core/media/study_table.h"
#include "core/recipes/echo_text/model.h"
#include "core/runs/events.h"

namespace counterpoint {

struct MeasureOptions {
  std::string split = "val";
  std::map<std::string, double> factMeans;  // means of numbers over the training reports
  at::Tensor wordWeights;                   // as in training, for the loss
  std::filesystem::path folder;             // RUN/results/SPLIT; empty: nothing is written
  bool shuffleFrames = false;               // control: each clip's frames in random order
  std::uint64_t seed = 0;
  std::function<void(std::size_t done, std::size_t total)> progress;  // this rank's clips
};

// One clip of the split with all that the model made of it.
struct MeasuredClip {
  std::size_t row = 0;  // in the split's rows
  std::string id, study, view, report;
  Caption caption;
  Seen seen;
};

struct MeasuredQuery {
  std::string text;
  std::vector<std::string> right;        // ids
  std::vector<std::int64_t> rightRanks;  // ascending, from 1
  std::vector<Hit> hits;                 // the first ten
  std::int64_t total = 0;
  double bestScore = 0;
};

// Complete on rank 0, empty elsewhere.
struct Measured {
  std::map<std::string, double> metrics;  // "loss", "text_to_clip/recall@5", "caption/bleu4", "fact/…"
  std::vector<MeasuredClip> clips;        // in the order of the rows
  std::vector<MeasuredQuery> queries;     // unique reports, in order of their first clip
  at::Tensor clipEmbeddings, textEmbeddings;
};

// Collective. Every clip comes exactly once, whatever the number of ranks.
Measured measureSplit(EchoTextModel& model, const std::vector<ClipRow>& rows, const ProcessGroup& group,
                      const MeasureOptions& options);

// Captions of the first clips, best and worst retrievals, as events named SPLIT/….
void writeMeasuredEvents(const Measured& measured, const std::string& split, const EchoTextSettings& settings,
                         EventWriter& events);

// Sentences of the captions, their raw confidence and whether they stand in the report.
std::optional<Calibration> fitCalibration(const Measured& measured);

// Mean of each fact that is a number, over texts that name it.
std::map<std::string, double> meansOfFacts(const std::vector<Fact>& facts, const std::vector<std::string>& reports);

}  // namespace counterpoint
