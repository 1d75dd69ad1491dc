// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/system/trained_run.h"

#include <csignal>

#include "core/base/clock.h"
#include "core/base/files.h"

namespace counterpoint {
namespace {

std::string lastCheckpoint(const RunFolder& run) {
  std::error_code none;
  return std::filesystem::read_symlink(run.checkpoints() / "last", none).string();
}

TrainedRun make() {
  auto& place = phantoms();
  TrainedRun run;
  run.check = place.worker({"config", "check", "echo_text"});

  auto launcher = place.start(
      smallLaunch({"train.epochs=3", "train.validate_every=1", "train.checkpoint_every=1", "--name", "broken"}),
      "launch.out");
  // One epoch is saved, and the next is under way.
  place.await("broken", 120, [&](const RunFolder& folder) {
    if (isFinal(readStatus(folder).state)) return true;
    run.lastAtKill = lastCheckpoint(folder);
    run.stepAtKill = loggedStep(folder);
    return !run.lastAtKill.empty() && run.stepAtKill > std::stoll(run.lastAtKill.substr(run.lastAtKill.find('_') + 1));
  });
  const RunFolder folder = findRun(place / "runs", "broken");
  run.folder = folder.path();
  const auto before = readStatus(folder);
  if (before.processes.size() == 2) ::kill(before.processes[1].pid, SIGKILL);
  const double killed = steadySeconds();
  const auto status = launcher.wait(60);
  if (status) run.secondsToFail = steadySeconds() - killed;
  if (!status) launcher.signalGroup(SIGKILL);
  run.launch = {status.value_or(-1), readFile(place / "launch.out"), readFile(place / "launch.out.err")};
  run.failed = readStatus(folder);
  for (const auto& process : before.processes)
    if (process.alive()) run.left.push_back(process.pid);

  run.resume = place.worker({"resume", run.name()});
  run.finished = readStatus(folder);
  return run;
}

}  // namespace

const TrainedRun& trainedRun() {
  static const TrainedRun run = make();
  return run;
}

}  // namespace counterpoint
