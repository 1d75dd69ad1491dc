// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the trials of a sweep one after the other, and survives its own death: each trial's launcher is a process of its
// own that goes on, and the next controller finds it by its run folder.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/config/sweeps/hyperband.h"
#include "core/config/sweeps/sweep_file.h"
#include "core/jobs/launcher.h"
#include "core/jobs/sweep_folder.h"

namespace counterpoint {

struct TrialProposal {
  TrialValues values;
  std::vector<std::string> overrides;  // "optimizer.lr=0.001"
};

// What a sweep is made of, whichever form it was written in.
struct SweepWork {
  // Pure: the same trials give the same proposal. Empty: nothing is left to try.
  std::function<std::optional<TrialProposal>(std::span<const SweepTrial>)> next;
  // A complete run folder and its plan. Throws what is wrong with these overrides.
  std::function<std::pair<RunFolder, LaunchPlan>(int trial, const std::vector<std::string>& overrides)> makeRun;
  // To go on with a run that lost its launcher or was paused.
  std::function<LaunchPlan(const RunFolder&, int attempt)> planOf;
  std::function<void(const std::string&)> say;
  std::filesystem::path runs;
  std::optional<SweepMetric> metric;
  std::optional<HyperbandRule> hyperband;
};

struct SweepLimits {
  double flappingSeconds = 60;  // so many failures within the first seconds end the sweep …
  int flappingFailures = 3;
  int initialFailures = 5;  // … and so many before anything else
  int mostLosses = 3;       // times that a trial is taken up again after its launcher was killed
};

class SweepController {
 public:
  SweepController(SweepFolder folder, SweepWork work, SweepLimits limits = {});
  ~SweepController();

  // Takes the sweep for this process; one that detach() makes calls it again. Throws Error{Usage} when another
  // controller has it.
  void prepare();
  // To the end. Returns the exit status: 0, 75 when it was stopped on request, that of the last failure.
  int run();

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

}  // namespace counterpoint
