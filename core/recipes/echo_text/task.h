// SPDX-License-Identifier: GPL-3.0-or-later
// Training of the recipe echo_text: contrastive plus captioning, as DeepCORO's multitask does it (spec §15).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/data/clip_loader.h"
#include "core/dist/process_group.h"
#include "core/media/study_table.h"
#include "core/recipes/echo_text/measure.h"
#include "core/recipes/echo_text/model.h"
#include "core/runs/events.h"
#include "core/train/loop.h"

namespace counterpoint {

class EchoTextTask : public TrainingTask {
 public:
  // `events` is null on ranks other than 0. Validation writes into `results` (RUN/results/val).
  EchoTextTask(EchoTextModel& model, const StudyTable& table, ProcessGroup group, EventWriter* events,
               std::filesystem::path results);

  std::vector<std::pair<std::string, torch::nn::Module*>> stateModules() override;
  std::vector<ParameterGroup> parameterGroups() override;
  std::int64_t batchesPerEpoch() override;
  void startEpoch(std::int64_t epoch, std::int64_t position) override;
  void nextBatch() override;
  StepLosses step() override;
  std::string batchNames() override;
  Scalars validate(const TrainerPosition& position) override;

  // For TrainingLoop::onEpochStart.
  bool scheduleTemperature(std::int64_t epoch);

 private:
  EchoTextModel& model_;
  ProcessGroup group_;
  EventWriter* events_;
  std::filesystem::path results_;
  std::unique_ptr<ClipLoader> loader_;
  std::vector<ClipSample> validation_;
  std::unordered_map<std::string, std::int64_t> reportIds_;  // equal on every rank
  at::Tensor wordWeights_;                                   // [V], undefined where all words weigh 1
  std::map<std::string, double> factMeans_;
  std::optional<Batch> batch_;
};

// Every word of the vocabulary weighs 1, those that tell reports apart `weight`: tokens that stand in some but in less
// than nine tenths of the reports.
at::Tensor contentWordWeights(const WordPieceTokenizer& tokenizer, const std::vector<std::string>& reports,
                              std::int64_t maxTokens, double weight);

}  // namespace counterpoint
