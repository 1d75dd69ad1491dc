// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/launch_config.h"
#include "app/commands/supervise.h"
#include "app/commands/verbs.h"

namespace counterpoint {
namespace {

struct LaunchOptions {
  std::string config;
  std::vector<std::string> overrides;
  int ranks = 0;
  std::string devices;
  std::string name;
  bool detach = false;
};

void addLaunch(CLI::App& command, LaunchOptions& options) {
  command.add_option("config", options.config, "NAME in the workspace's configs/, or a .yaml FILE")->required();
  command.add_option("overrides", options.overrides, "key=value, as in train.epochs=3");
  command
      .add_option("--ranks", options.ranks,
                  "How many processes train together (default: launch.ranks, else one a device)")
      ->check(CLI::Range(1, 1024));
  command.add_option("--devices", options.devices, "cpu, or numbers of graphics cards as in 0,1");
  command.add_option("--name", options.name,
                     "End of the run folder's name (default: the config's name, else its file's)");
  command.add_flag("--detach", options.detach, "Print the run folder and go on after the shell has closed");
}

int runLaunch(const LaunchOptions& options, const Context& context) {
  const Workspace workspace = currentWorkspace();
  const LaunchConfig launch = composeForLaunch(workspace, options.config, options.overrides);
  const std::string devices = options.devices.empty() ? launch.devices : options.devices;
  LaunchPlan plan = planLaunch(workspace, launch, options.ranks > 0 ? options.ranks : launch.ranks, devices, 0);
  checkInputs(launch.config, workspace, plan.ranks);
  // All that can be known to be wrong is known: from here on there is a run.
  const RunFolder folder =
      makeRunFolder(workspace, launch, {options.name, options.overrides, plan.devices, context.arguments, plan.dotEnv});
  return superviseRun(folder, std::move(plan), options.detach, context.json);
}

}  // namespace

Verb launchVerb() {
  return plainVerb<LaunchOptions>({"launch", "Runs", "Train: make a run folder, start the ranks, supervise them",
                                   "launch --ranks 2 echo_text train.epochs=3", true},
                                  addLaunch, runLaunch);
}

}  // namespace counterpoint
