// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/launch_config.h"
#include "app/commands/supervise.h"
#include "app/commands/verbs.h"
#include "core/jobs/rank_program.h"
#include "core/runs/environment_record.h"

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
  command.add_option("--ranks", options.ranks, "How many processes train together")->check(CLI::Range(1, 1024));
  command.add_option("--devices", options.devices, "cpu, or numbers of graphics cards as in 0,1");
  command.add_option("--name", options.name, "End of the run folder's name (default: that of the config)");
  command.add_flag("--detach", options.detach, "Print the run folder and go on after the shell has closed");
}

int runLaunch(const LaunchOptions& options, const Context& context) {
  const Workspace workspace = currentWorkspace();
  const LaunchConfig config = composeForLaunch(workspace, options.config, options.overrides);
  checkRankProgram(rankProgram());
  const std::string devices = options.devices.empty() ? config.devices : options.devices;
  const int ranks = options.ranks > 0 || !options.devices.empty() ? options.ranks : config.ranks;
  chooseDevices(devices);  // before a folder is made for nothing
  const RunFolder folder = RunFolder::create(workspace.runs, options.name.empty() ? config.name : options.name);
  writeDescription(folder, {config.yaml, options.overrides, {}, {}});
  LaunchPlan plan = planLaunch(workspace, config, ranks, devices, 0);
  EnvironmentFacts facts;
  facts.commandLine = context.arguments;
  facts.commandLine.insert(facts.commandLine.begin(), "counterpoint-worker");
  facts.launchEnvironment = plan.environment;
  for (const auto& [name, value] : plan.dotEnv) facts.dotEnvNames.push_back(name);
  facts.devices = plan.devices;
  facts.workspace = workspace.root;
  writeJsonFile(folder.environment(), describeEnvironment(facts));
  return superviseRun(folder, std::move(plan), options.detach, context.json);
}

}  // namespace

Verb launchVerb() {
  return plainVerb<LaunchOptions>({"launch", "Runs", "Train: make a run folder, start the ranks, supervise them",
                                   "launch --ranks 2 echo_text train.epochs=3", true},
                                  addLaunch, runLaunch);
}

}  // namespace counterpoint
