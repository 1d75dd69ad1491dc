// SPDX-License-Identifier: GPL-3.0-or-later
// Run folders for the tests of the window: written by the same code as real runs write theirs.
#pragma once

#include <cmath>
#include <filesystem>
#include <limits>
#include <string>

#include "core/base/clock.h"
#include "core/runs/events.h"
#include "core/runs/run_folder.h"
#include "core/runs/status.h"

namespace counterpoint::testing {

// A folder RUNS/NAME with a status; `created` orders runs.
inline RunFolder syntheticRun(const std::filesystem::path& runs, const std::string& name, RunState state,
                              double created) {
  const RunFolder folder(runs / name);
  std::filesystem::create_directories(folder.path());
  Status status;
  status.name = name;
  status.recipe = "echo_text";
  status.state = state;
  status.host = "elsewhere";  // judged by its heartbeat, not by a process
  status.created = created;
  status.started = created + 1;
  status.heartbeat = wallSeconds();
  status.progress.step = 496;
  status.progress.totalSteps = 800;
  status.metrics["val/recall@5"] = {0.38, 0.41, 400, false};
  status.metrics["val/loss"] = {0.71, 0.69, 400, true};
  if (isFinal(state)) {
    status.ended = created + 241;
    status.exitStatus = state == RunState::Finished ? 0 : 1;
  }
  if (state == RunState::Failed) {
    status.error = RunError{"out of memory", "cuda:0", "Lower training.batch_size (now 64).", 4, 1};
  }
  writeStatus(folder, status);
  return folder;
}

// Curves as training writes them: falling losses with noise, rising recalls, a few values that are not finite.
inline void writeCurves(const RunFolder& folder, int steps, double slope, int attempt = 0, int firstStep = 1) {
  EventWriter events(folder, attempt);
  for (int step = firstStep; step < firstStep + steps; ++step) {
    events.at(step, step / 80.0);
    const double noise = std::sin(step * 12.9898) * 0.12;
    double loss = 2.2 * std::exp(-step * slope) + 0.3 + noise * 0.5;
    if (step % 97 == 0) loss = std::numeric_limits<double>::quiet_NaN();
    if (step % 151 == 0) loss = std::numeric_limits<double>::infinity();
    events.scalars({{"train/loss", loss},
                    {"train/contrastive", 1.4 * std::exp(-step * slope) + 0.2 + noise * 0.3},
                    {"train/captioning", 3.1 * std::exp(-step * slope * 0.7) + 0.6 + noise},
                    {"optimizer/lr", 3e-4 * std::min(1.0, step / 50.0) * std::exp(-step * 0.002)},
                    {"system/samples_per_second", 44 + noise * 20 + (step % 61 == 0 ? -30 : 0)}});
    if (step % 20 == 0) {
      const double share = 1 - std::exp(-step * slope);
      events.scalars(
          {{"val/loss", 2.0 * std::exp(-step * slope) + 0.5},
           {"val/recall@5", 0.6 * share},
           {"val/recall@1", 0.3 * share},
           {"val/retrieval/text_to_clip_over_all_views_and_studies/normalised_discounted_gain@10", 0.7 * share}});
    }
  }
}

}  // namespace counterpoint::testing
