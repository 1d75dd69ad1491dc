// SPDX-License-Identifier: GPL-3.0-or-later
// What the recipe echo_text measures on a split: losses, retrieval both ways, captions, calibration.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/data/clip_sample.h"
#include "core/dist/process_group.h"
#include "core/recipes/echo_text/model.h"
#include "core/runs/events.h"

namespace counterpoint {

struct MeasureOptions {
  std::string split = "val";
  std::map<std::string, double> factMeans;  // means of numbers over the training reports
  at::Tensor wordWeights;                   // as in training, for the loss
  std::filesystem::path folder;             // RUN/results/SPLIT; empty: nothing is written
  std::int64_t step = 0;                    // of the weights, for results/SPLIT/model.json
  bool shuffleFrames = false;               // control: each clip's frames in random order
  std::uint64_t seed = 0;
  std::function<void(std::size_t done, std::size_t total)> progress;  // this rank's samples
};

// One sample of the split with all that the model made of it.
struct MeasuredSample {
  std::size_t number = 0;  // among the split's samples
  std::string id, study, view, report;
  Caption caption;
  std::vector<Seen> seen;  // of each of its clips
  const std::string& firstClip() const { return seen.front().clip; }
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
  std::vector<MeasuredSample> samples;    // in their order in the split
  std::vector<MeasuredQuery> queries;     // unique reports, in order of their first sample
  at::Tensor clipEmbeddings, textEmbeddings;
  std::int64_t step = 0;
};

// Collective. Every sample comes exactly once, whatever the number of ranks.
Measured measureSplit(EchoTextModel& model, const std::vector<ClipSample>& samples, const ProcessGroup& group,
                      const MeasureOptions& options);

// Captions of some samples, best and worst retrievals, as events named SPLIT/….
void writeMeasuredEvents(const Measured& measured, const std::string& split, const EchoTextSettings& settings,
                         EventWriter& events);

// Sentences of the captions, their raw confidence and whether they stand in the report.
std::optional<Calibration> fitCalibration(const Measured& measured);
// Passes the raw confidences of all captions through it.
void applyCalibration(const Calibration& calibration, Measured& measured);

// Mean of each fact that is a number, over texts that name it.
std::map<std::string, double> meansOfFacts(const std::vector<Fact>& facts, const std::vector<std::string>& reports);

}  // namespace counterpoint
