// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/launch_config.h"
#include "app/commands/verbs.h"
#include "core/base/error.h"
#include "core/runs/requests.h"
#include "core/runs/run_list.h"

#include <iostream>

namespace counterpoint {
namespace {

struct StopOptions {
  std::string run;
  std::string after = "step";
};

void addStop(CLI::App& command, StopOptions& options) {
  command.add_option("run", options.run, "Run folder, its name or a part of it, or last")->required();
  command.add_option("--after", options.after, "step or epoch: save first, can be resumed; now: at once")
      ->check(CLI::IsMember({"step", "epoch", "now"}))
      ->capture_default_str();
}

int runStop(const StopOptions& options, const Context&) {
  const RunFolder folder = findRun(currentWorkspace().runs, options.run);
  const RunSummary summary = summarize(folder);
  if (summary.status.hasEnded())
    throw usageError("has ended already (" + std::string(nameOf(summary.status.state)) + ")", folder.name());
  appendRequest(folder, "stop", options.after);
  std::cerr << folder.name() << ": asked to stop " << (options.after == "now" ? "now" : "after this " + options.after)
            << std::endl;
  return 0;
}

}  // namespace

Verb stopVerb() {
  return plainVerb<StopOptions>({"stop", "Runs", "Ask a run to stop", "stop last --after epoch", false}, addStop,
                                runStop);
}

}  // namespace counterpoint
