// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/rank/bench_training.h"

#include "core/base/error.h"
#include "core/base/process.h"
#include "core/runs/event_reader.h"
#include "core/runs/run_list.h"

namespace counterpoint {
namespace {

constexpr int kStudies = 100, kWarmUp = 20, kSteps = 60, kBatch = 32;

void run(const std::filesystem::path& folder, std::vector<std::string> command) {
  ProcessOptions options;
  options.command = std::move(command);
  options.workingDirectory = folder;
  options.outputFile = folder / "bench.log";
  auto child = ChildProcess::start(options);
  if (child.wait(300) != 0)
    throw environmentError("failed; see its log", (folder / "bench.log").string(), "Run it by hand to see why.");
}

// Sum of the values of a curve after the warm-up.
double sumOf(const EventReader& reader, const char* name) {
  const Series* series = reader.find(name);
  double sum = 0;
  for (std::size_t i = 0; series && i < series->size(); ++i)
    if ((*series)[i].step > kWarmUp) sum += (*series)[i].value;
  return sum;
}

}  // namespace

TrainingPace measureTraining(const std::filesystem::path& worker, const std::filesystem::path& workspace, int ranks) {
  if (!std::filesystem::exists(workspace / "counterpoint.yaml"))
    run(workspace.parent_path(), {worker, "sample", workspace, "--studies", std::to_string(kStudies)});
  const std::string name = "bench-" + std::to_string(ranks);
  run(workspace, {worker, "launch", "--ranks", std::to_string(ranks), "--devices", "cpu", "--name", name, "echo_text",
                  "train.max_steps=" + std::to_string(kSteps), "train.epochs=1000", "train.validate_every=0",
                  "train.checkpoint_every=0", "train.log_every=1", "caption.calibrate=false",
                  "train.batch_size=" + std::to_string(kBatch)});
  const auto folder = findRun(workspace / "runs", name);
  EventReader reader(folder);
  while (reader.poll().more) continue;
  const Series* loss = reader.find("train/loss");
  if (!loss || loss->size() < kSteps) throw environmentError("wrote too few steps", folder.path().string());
  const double seconds = (*loss)[kSteps - 1].time - (*loss)[kWarmUp - 1].time;
  TrainingPace pace;
  pace.clipsPerSecond = (kSteps - kWarmUp) * kBatch / seconds;
  pace.waiting = sumOf(reader, "time/data") / sumOf(reader, "time/step");
  std::error_code ignored;
  std::filesystem::remove_all(folder.path(), ignored);
  return pace;
}

}  // namespace counterpoint
