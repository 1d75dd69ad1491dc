// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipes/run_reporter.h"

#include <algorithm>
#include <string_view>

#include "core/base/clock.h"

namespace counterpoint {
namespace {

// progress.json is for eyes; every write waits for the disk.
constexpr double kSecondsBetweenReports = 0.5;

// By the last word of its name; of every other metric more is better.
constexpr std::string_view kSmallerIsBetter[] = {"loss",  "contrastive", "caption",     "grad_norm",
                                                 "brier", "median_rank", "error_ratio", "mean_absolute_error"};

bool smallerIsBetter(std::string_view name) {
  return std::ranges::find(kSmallerIsBetter, name.substr(name.rfind('/') + 1)) != std::end(kSmallerIsBetter);
}

}  // namespace

RunReporter::RunReporter(RunFolder folder, EventWriter& events) : folder_(std::move(folder)), events_(events) {
  if (const auto before = readProgress(folder_)) report_.metrics = before->metrics;
}

void RunReporter::scalars(std::int64_t step, double epoch, const Scalars& values) {
  events_.at(step, epoch);
  events_.scalars({values.begin(), values.end()});
  for (const auto& [name, value] : values) {
    if (name.rfind("time/", 0) == 0) continue;
    const auto [entry, isNew] = report_.metrics.try_emplace(name);
    if (isNew) {
      entry->second.smallerIsBetter = smallerIsBetter(name);
      entry->second.best = value;
      entry->second.bestStep = step;
    }
    entry->second.update(value, step);
  }
}

void RunReporter::progress(const TrainingProgress& progress) {
  report_.progress = {progress.step,   progress.totalSteps,       progress.epoch,
                      progress.epochs, progress.samplesPerSecond, progress.etaSeconds};
  write(false);
}

void RunReporter::checkpoint(std::int64_t step, double epoch, const std::filesystem::path& path, bool best,
                             const Scalars& metrics) {
  // The loop reports progress now and then; a checkpoint is always news.
  report_.progress.step = step;
  report_.progress.epoch = epoch;
  write(false);
  events_.at(step, epoch);
  events_.checkpoint(std::filesystem::relative(path, folder_.path()), best, metrics);
}

void RunReporter::log(std::int64_t step, double epoch, const std::string& text) {
  events_.at(step, epoch);
  events_.log("info", text);
}

void RunReporter::finish() { write(true); }

void RunReporter::write(bool now) {
  const double time = steadySeconds();
  if (!now && time - written_ < kSecondsBetweenReports) return;
  written_ = time;
  report_.heartbeat = wallSeconds();
  writeProgress(folder_, report_);
}

StopListener::StopListener(const RunFolder& folder, std::function<bool()> signalled,
                           std::function<void(const std::string&)> log)
    : requests_(RequestReader::ofThisAttempt(folder)), signalled_(std::move(signalled)), log_(std::move(log)) {}

StopWish StopListener::asked() {
  for (const auto& request : requests_.poll()) {
    if (request.command != "stop" && request.command != "pause") {
      log_("\"" + request.command + "\" was asked of this run, which it does not know");
      continue;
    }
    // A later request may be more urgent, never less.
    if (request.when != "epoch")
      wish_ = StopWish::AfterStep;
    else if (wish_ == StopWish::None)
      wish_ = StopWish::AfterEpoch;
  }
  return signalled_() ? StopWish::AfterStep : wish_;
}

}  // namespace counterpoint
