// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <iostream>

#include "app/rank/work.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/process.h"
#include "core/config/config.h"
#include "core/config/lookup.h"
#include "core/device/device.h"
#include "core/recipes/echo_text/model.h"
#include "core/recipes/recipe.h"
#include "core/runs/environment_record.h"
#include "core/runs/rank_side.h"
#include "core/runs/status.h"

namespace counterpoint {
namespace {

struct Start {
  RunFolder folder;
  Config config;
  std::filesystem::path workspace;
  int attempt = 0;
  bool ownStatus = false;  // no launcher keeps status.json
};

// A rank that a launcher started finds everything in its run folder.
Start launchedStart(const RankPlace& place) {
  const RunFolder& folder = *place.folder;
  return {folder, Config::fromFile(folder.config()), workspaceOf(folder.path()), place.attempt, false};
}

// `train` from a shell: rank 0 makes the run folder and tells the others.
Start shellStart(const TrainOptions& options, const ProcessGroup& group, const Context& context) {
  if (options.config.empty())
    throw usageError("needs a config", "train", "Name one, as in: counterpoint-worker train echo_text");
  const auto here = std::filesystem::current_path();
  const auto workspace = findWorkspace(here);
  const auto file = findConfig(options.config, configRoots(workspace, options.configDirectory));
  auto config = Config::fromFile(file, options.overrides);
  const auto base = workspace.value_or(here);
  std::string path;
  if (group.isMain()) {
    const auto folder = RunFolder::create(base / "runs", config.get<std::string>("name"));
    writeDescription(folder, {config.yaml(), options.overrides, {}, {}});
    EnvironmentFacts facts;
    facts.commandLine = {"counterpoint-worker"};
    facts.commandLine.insert(facts.commandLine.end(), context.arguments.begin(), context.arguments.end());
    facts.workspace = base;
    writeJsonFile(folder.environment(), describeEnvironment(facts));
    path = folder.path().string();
  }
  return {RunFolder(group.broadcast(path)), std::move(config), base, 0, true};
}

// status.json of a run without a launcher.
class OwnStatus {
 public:
  OwnStatus(const Start& start, const ProcessGroup& group)
      : folder_(start.folder), active_(start.ownStatus && group.isMain()) {
    status_.name = folder_.name();
    status_.recipe = start.config.recipe();
    status_.state = RunState::Running;
    status_.host = hostName();
    status_.bootId = bootId();
    status_.ranks = group.size();
    status_.launcher = ProcessIdentity::ofThisProcess();
    status_.processes = {status_.launcher};
    status_.created = status_.started = status_.heartbeat = wallSeconds();
    write();
  }
  void end(RunState state, int exitStatus, const std::exception* error = nullptr) {
    status_.state = state;
    status_.exitStatus = exitStatus;
    status_.ended = status_.heartbeat = wallSeconds();
    if (error) {
      const auto* own = dynamic_cast<const Error*>(error);
      status_.error = RunError{own ? own->problem() : describe(*error), own ? own->where() : "", own ? own->cure() : "",
                               exitStatus, 0};
    }
    write();
  }

 private:
  void write() {
    if (!active_) return;
    if (const auto progress = readProgress(folder_)) {
      status_.progress = progress->progress;
      status_.metrics = progress->metrics;
    }
    writeStatus(folder_, status_);
  }

  RunFolder folder_;
  bool active_;
  Status status_;
};

}  // namespace

int runTrain(const TrainOptions& options, const Context& context) {
  const auto place = RankPlace::fromEnvironment();
  const StopSignals signals;
  const Lifeline lifeline([] { logError("the launcher is gone: this rank ends"); });
  try {
    const auto cuda = openCudaModule();
    JoinOptions joining;
    joining.cuda = cuda.module;
    const auto environment = readGroupEnvironment();
    std::string wanted = place.device;
    if (wanted.empty() && place.folder) wanted = "cpu";
    if (!wanted.empty()) joining.device = chooseDevice(wanted, cuda, environment.localRank);
    const auto group = ProcessGroup::join(environment, joining);
    const Start start = place.folder ? launchedStart(place) : shellStart(options, group, context);
    if (!place.folder && group.isMain()) std::cout << start.folder.path().string() << std::endl;

    TrainingRun run{start.folder, start.config.values(), start.workspace, start.attempt, group, joining.device, [&] {
                      return signals.requested();
                    }};
    if (wanted.empty()) run.device = chooseDevice(start.config.get<std::string>("device"), cuda, environment.localRank);
    if (run.device.is_cuda() && group.size() > 1 && !joining.device.is_cuda())
      throw usageError("ranks started by hand need their device named before they join", "device",
                       "Set COUNTERPOINT_DEVICE=cuda, or use launch.");
    if (!cuda.module && environment.rank == 0) logInfo("no GPU: {}", cuda.whyNot);
    OwnStatus status(start, group);
    try {
      const bool stopped = recipeNamed(start.config.recipe()).train(run);
      status.end(stopped ? RunState::Paused : RunState::Finished, stopped ? static_cast<int>(ErrorKind::Stopped) : 0);
      return stopped ? static_cast<int>(ErrorKind::Stopped) : 0;
    } catch (const std::exception& error) {
      status.end(RunState::Failed, exitStatusOf(error), &error);
      throw;
    }
  } catch (const std::exception& error) {
    if (place.folder) std::cerr << errorLine(error) << std::endl;
    throw;
  }
}

}  // namespace counterpoint
