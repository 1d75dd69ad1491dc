// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/supervise.h"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "app/commands/verb.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/secrets.h"
#include "core/base/words.h"
#include "core/jobs/rank_program.h"

namespace counterpoint {
namespace {

int graphicsCards() {
  int count = 0;
  while (::access(("/dev/nvidia" + std::to_string(count)).c_str(), F_OK) == 0) ++count;
  return count;
}

std::string progressLine(const Status& status) {
  const auto& progress = status.progress;
  std::string line = fmt::format("{} step {}", nameOf(status.state), progress.step);
  if (progress.totalSteps > 0)
    line += fmt::format("/{} ({:.0f} %)", progress.totalSteps,
                        100.0 * static_cast<double>(progress.step) / static_cast<double>(progress.totalSteps));
  if (progress.samplesPerSecond > 0) line += fmt::format(", {:.1f} samples/s", progress.samplesPerSecond);
  if (progress.etaSeconds) line += ", " + durationInWords(*progress.etaSeconds) + " left";
  return line;
}

class ProgressPrinter {
 public:
  void show(const Status& status) {
    if (::isatty(STDERR_FILENO)) {
      std::cerr << "\r\033[K" << progressLine(status) << std::flush;
      drawn_ = true;
    } else if (const double now = steadySeconds(); now - last_ >= 10) {
      std::cerr << progressLine(status) << std::endl;
      last_ = now;
    }
  }
  void end() {
    if (drawn_) std::cerr << std::endl;
  }

 private:
  bool drawn_ = false;
  double last_ = steadySeconds();
};

}  // namespace

std::vector<std::string> chooseDevices(const std::string& devices) {
  const int cards = graphicsCards();
  if (devices.empty()) {
    std::vector<std::string> all;
    for (int i = 0; i < cards; ++i) all.push_back("cuda:" + std::to_string(i));
    return all.empty() ? std::vector<std::string>{"cpu"} : all;
  }
  const auto chosen = parseDevices(devices);
  for (const auto& device : chosen) {
    if (device == "cpu" || std::stoi(device.substr(5)) < cards) continue;
    throw environmentError(
        cards == 0 ? "this machine has no graphics card" : "no such device; this machine has " + std::to_string(cards),
        device, "Say --devices cpu to train on the processor.");
  }
  return chosen;
}

LaunchPlan planLaunch(const Workspace& workspace, const LaunchConfig& config, int ranks, const std::string& devices,
                      int attempt) {
  LaunchPlan plan;
  plan.command = {rankProgram(), "train"};  // the run folder tells it the rest
  checkRankProgram(plan.command.front());
  plan.devices = chooseDevices(devices);
  plan.ranks = ranks > 0 ? ranks : devices.empty() ? 1 : static_cast<int>(plan.devices.size());
  plan.recipe = config.config.recipe();
  plan.environment = config.environment;
  plan.dotEnv = readDotEnv(workspace.dotEnv());
  plan.workingDirectory = workspace.root;
  plan.attempt = attempt;
  return plan;
}

int superviseRun(const RunFolder& folder, LaunchPlan plan, bool detached, bool json) {
  Launcher launcher(folder, std::move(plan));
  launcher.prepare();
  if (json) {
    std::cout << Json{{"run", folder.path().string()}}.dump() << std::endl;
  } else {
    std::cout << folder.path().string() << std::endl;
  }
  if (detached && !detach(folder.path() / "launcher.log", [&] { launcher.prepare(); })) return 0;
  ProgressPrinter printer;
  launcher.onStatus = [&](const Status& status) { printer.show(status); };
  const LaunchResult result = launcher.run();
  printer.end();
  std::cerr << folder.name() << ": " << nameOf(result.state) << std::endl;
  if (result.error) {
    const std::string who = result.error->rank >= 0 ? "rank " + std::to_string(result.error->rank) + ": " : "";
    std::cerr << "counterpoint-worker: " << who << maskSecrets(result.error->line()) << std::endl;
  }
  return result.exitStatus;
}

}  // namespace counterpoint
