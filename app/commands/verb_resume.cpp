// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/launch_config.h"
#include "app/commands/supervise.h"
#include "app/commands/verbs.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/words.h"
#include "core/runs/run_list.h"

namespace counterpoint {
namespace {

struct ResumeOptions {
  std::string run;
  int ranks = 0;
  std::string devices;
  bool detach = false;
};

void addResume(CLI::App& command, ResumeOptions& options) {
  command.add_option("run", options.run, "Run folder, its name or a part of it, or last")->required();
  command.add_option("--ranks", options.ranks, "How many processes (default: as before)")->check(CLI::Range(1, 1024));
  command.add_option("--devices", options.devices, "cpu, or numbers of graphics cards (default: as before)");
  command.add_flag("--detach", options.detach, "Go on after the shell has closed");
}

// As launch understands --devices; "" where nothing was recorded.
std::string recordedDevices(const RunFolder& folder) {
  std::error_code code;
  if (!std::filesystem::exists(folder.environment(), code)) return {};
  const Json json = readJsonFile(folder.environment());
  return join(json.value("devices", std::vector<std::string>{}), ",");
}

int runResume(const ResumeOptions& options, const Context& context) {
  const RunFolder folder = findRun(currentWorkspace().runs, options.run);
  const RunSummary summary = summarize(folder);
  if (!summary.status.hasEnded())
    throw usageError("is " + std::string(nameOf(summary.status.state)) + ", not ended", folder.name(),
                     "Stop it first: counterpoint-worker stop " + folder.name());
  if (summary.status.state == RunState::Finished)
    throw usageError("has finished: there is nothing to resume", folder.name(),
                     "Launch again with more epochs to go further.");
  const Workspace workspace = Workspace::find(folder.path()).value_or(currentWorkspace());
  const LaunchConfig config = recordedLaunchConfig(folder);
  const std::string devices = options.devices.empty() ? recordedDevices(folder) : options.devices;
  const int ranks = options.ranks > 0 ? options.ranks : summary.status.ranks;
  LaunchPlan plan = planLaunch(workspace, config, ranks, devices, summary.status.attempt + 1);
  return superviseRun(folder, std::move(plan), options.detach, context.json);
}

}  // namespace

Verb resumeVerb() {
  return plainVerb<ResumeOptions>(
      {"resume", "Runs", "Go on from a run's last checkpoint, with its own config", "resume last", true}, addResume,
      runResume);
}

}  // namespace counterpoint
