// SPDX-License-Identifier: GPL-3.0-or-later
// The training loop: counts steps and epochs, averages gradients over ranks, clips, updates, reports, validates, writes
// checkpoints, stops on request between two steps. What is trained is a TrainingTask.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/dist/process_group.h"
#include "core/train/checkpoint.h"
#include "core/train/event_sink.h"
#include "core/train/optimizer.h"
#include "core/train/precision.h"
#include "core/train/schedule.h"

namespace torch::nn {
class Module;
}

namespace counterpoint {

struct StepLosses {
  at::Tensor total;  // scalar to minimise; its average over ranks is the loss of the whole batch
  std::vector<std::pair<std::string, at::Tensor>>
      parts;                 // scalars; the same names on every rank; reported as train/NAME, averaged
  std::int64_t samples = 0;  // of this rank
};

class TrainingTask {
 public:
  virtual ~TrainingTask() = default;

  // Prefix ("video_encoder", "loss") and module; their parameters and buffers make model.safetensors as PREFIX.KEY.
  virtual std::vector<std::pair<std::string, torch::nn::Module*>> stateModules() = 0;
  // Groups over the same names. Called once, after the modules are on their device.
  virtual std::vector<ParameterGroup> parameterGroups() = 0;

  // Batches a rank consumes in an epoch; the same number on every rank.
  virtual std::int64_t batchesPerEpoch() = 0;
  // The order of epoch `epoch` from batch `position` on: a function of the seed, epoch and position alone, so that a
  // resumed run sees the same batches.
  virtual void startEpoch(std::int64_t epoch, std::int64_t position) = 0;
  // Waits for the next batch and keeps it for step() and batchNames(). The loop times it.
  virtual void nextBatch() = 0;
  // Forward. The loop holds autocast for it, calls backward and updates.
  virtual StepLosses step() = 0;
  // The samples of the present batch, for messages: "1.2.3/clip_04.mp4, …".
  virtual std::string batchNames() = 0;

  // After each epoch, on every rank, without gradients. Names as "val/loss"; rank 0's values count. May write events
  // of its own.
  virtual Scalars validate(const TrainerPosition& position) = 0;

  // What is to be resumed beyond modules, optimizer and random state.
  virtual std::map<std::string, at::Tensor> extraState() { return {}; }
  virtual void loadExtraState(const std::map<std::string, at::Tensor>&) {}
};

struct LoopOptions {
  std::int64_t epochs = 1;
  std::int64_t maxSteps = 0;      // 0: as the epochs have it
  std::int64_t accumulation = 1;  // batches for each update
  RateSchedule rate;              // totalSteps 0: filled in from the epochs
  OptimizerOptions optimizer;
  double maxGradientNorm = 0;  // 0: no clipping
  Precision precision = Precision::Float32;
  c10::Device device{c10::kCPU};

  std::int64_t logEvery = 1;         // steps
  std::int64_t validateEvery = 1;    // epochs; 0: never
  std::int64_t checkpointEvery = 1;  // epochs; 0: only at the end and on stop
  std::int64_t checkpointSteps = 0;  // also every so many steps
  std::size_t keepCheckpoints = 2;   // besides best and last
  std::string bestMetric = "val/loss";
  bool bestIsLowest = true;

  std::filesystem::path checkpointFolder;  // RUN/checkpoints; empty: none are written
  std::filesystem::path resumeFrom;        // a checkpoint folder; empty: from the start
};

// AfterEpoch: the epoch is finished, validated and saved first.
enum class StopWish { None, AfterStep, AfterEpoch };
// Polled on rank 0 after every step; the answer goes to all ranks.
using StopRequest = std::function<StopWish()>;

struct LoopResult {
  bool stopped = false;  // on request, after a checkpoint was written
  TrainerPosition position;
  Scalars metrics;  // of the last validation
};

// Where the time of a step went, in seconds; reported as time/NAME.
struct StepTimes {
  double data = 0, forward = 0, backward = 0, update = 0, total = 0;
};

class TrainingLoop {
 public:
  // `sink` may be null; only rank 0's is used.
  TrainingLoop(TrainingTask& task, ProcessGroup group, LoopOptions options, EventSink* sink = nullptr,
               StopRequest stop = {});
  ~TrainingLoop();

  // Throws Error{NonFinite} on every rank, naming step, rank and samples, when a loss or gradient is not finite; the
  // update is not made.
  LoopResult run();

  // Called at the start of every epoch with its number, before the first batch (temperature and freeze schedules).
  // Returns true where it changed which parameters take gradients.
  void onEpochStart(std::function<bool(std::int64_t epoch)> hook);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace counterpoint
