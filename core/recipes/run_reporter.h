// SPDX-License-Identifier: GPL-3.0-or-later
// Rank 0's report on a run: events.jsonl and progress.json.
#pragma once

#include <functional>

#include "core/runs/events.h"
#include "core/runs/requests.h"
#include "core/runs/run_folder.h"
#include "core/runs/status.h"
#include "core/train/event_sink.h"
#include "core/train/loop.h"

namespace counterpoint {

class RunReporter : public EventSink {
 public:
  RunReporter(RunFolder folder, EventWriter& events);

  void scalars(std::int64_t step, double epoch, const Scalars& values) override;
  void progress(const TrainingProgress& progress) override;
  void checkpoint(std::int64_t step, double epoch, const std::filesystem::path& path, bool best,
                  const Scalars& metrics) override;
  void log(std::int64_t step, double epoch, const std::string& text) override;

  // The last word of the training: written whatever the time since the one before.
  void finish();

 private:
  void write(bool now);

  RunFolder folder_;
  EventWriter& events_;
  Progress report_;
  double written_ = 0;
};

// What requests.jsonl and signals ask of rank 0.
class StopListener {
 public:
  // Commands that a training does not know are said to `log`.
  StopListener(const RunFolder& folder, std::function<bool()> signalled, std::function<void(const std::string&)> log);
  StopWish asked();

 private:
  RequestReader requests_;
  std::function<bool()> signalled_;
  std::function<void(const std::string&)> log_;
  StopWish wish_ = StopWish::None;
};

}  // namespace counterpoint
