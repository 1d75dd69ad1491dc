// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>

#include "app/commands/launch_config.h"
#include "app/rank/work.h"
#include "core/base/any_error.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/process.h"
#include "core/base/secrets.h"
#include "core/config/workspace.h"
#include "core/device/device.h"
#include "core/jobs/launcher.h"
#include "core/recipes/recipe.h"
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

// `train` from a shell: the same config, checks and environment as launch gives its ranks.
struct Typed {
  Workspace workspace = currentWorkspace();
  LaunchConfig launch;
  std::map<std::string, std::string> dotEnv = readDotEnv(workspace.dotEnv());

  explicit Typed(const TrainOptions& options)
      : launch(composeForLaunch(workspace, options.config, options.overrides, options.configDirectory)) {}

  void setEnvironment() const {
    std::string masked;
    for (const auto& [name, value] : launch.environment) ::setenv(name.c_str(), value.c_str(), 1);
    for (const auto& [name, value] : dotEnv) {
      ::setenv(name.c_str(), value.c_str(), 1);
      masked += (masked.empty() ? "" : ":") + name;
    }
    if (!masked.empty()) ::setenv(kMaskedVariable, masked.c_str(), 1);
  }
};

// Rank 0 makes the run folder and tells the others.
Start shellStart(const Typed& typed, const TrainOptions& options, const ProcessGroup& group, c10::Device device,
                 const Context& context) {
  std::string path;
  if (group.isMain()) {
    const NewRun run{{}, options.overrides, {device.str()}, context.arguments, typed.dotEnv};
    path = makeRunFolder(typed.workspace, typed.launch, run).path().string();
  }
  return {RunFolder(group.broadcast(path)), typed.launch.config, typed.workspace.root, 0, true};
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
      const Error known = asError(*error);
      status_.error =
          RunError{maskSecrets(known.problem()), maskSecrets(known.where()), maskSecrets(known.cure()), exitStatus, 0};
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
    std::optional<Typed> typed;
    if (!place.folder) {
      if (options.config.empty())
        throw usageError("needs a config", "train", "Name one, as in: counterpoint-worker train echo_text");
      typed.emplace(options);
      typed->setEnvironment();  // before any library looks
    }
    const auto cuda = openCudaModule();
    JoinOptions joining;
    joining.cuda = cuda.module;
    const auto environment = readGroupEnvironment();
    std::string wanted = place.device;
    if (wanted.empty() && place.folder) wanted = "cpu";
    if (!wanted.empty()) joining.device = chooseDevice(wanted, cuda, environment.localRank);
    if (typed) checkInputs(typed->launch.config, typed->workspace, environment.size);
    const auto group = ProcessGroup::join(environment, joining);
    c10::Device device = joining.device;
    if (wanted.empty() && typed)
      device = chooseDevice(typed->launch.config.get<std::string>("device"), cuda, environment.localRank);
    if (device.is_cuda() && group.size() > 1 && !joining.device.is_cuda())
      throw usageError("ranks started by hand need their device named before they join", "device",
                       "Set COUNTERPOINT_DEVICE=cuda, or use launch.");
    const Start start = place.folder ? launchedStart(place) : shellStart(*typed, options, group, device, context);
    if (!place.folder && group.isMain()) std::cout << start.folder.path().string() << std::endl;

    const TrainingRun run{start.folder, start.config.values(), start.workspace, start.attempt, group, device, [&] {
                            return signals.requested();
                          }};
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
