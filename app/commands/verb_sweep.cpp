// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <iostream>

#include "app/commands/sweep_work.h"
#include "app/commands/verbs.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/secrets.h"
#include "core/base/words.h"
#include "core/jobs/launcher.h"
#include "core/runs/requests.h"

namespace counterpoint {
namespace {

struct StartOptions {
  SweepRequest request;
  bool detach = false;
};

void addStart(CLI::App& command, StartOptions& options) {
  SweepRequest& request = options.request;
  command
      .add_option(
          "what", request.what,
          "A sweep FILE or its NAME in configs/sweeps/; a config, with overrides such as optimizer.lr=1e-3,1e-4; "
          "or a sweep that was stopped, to go on with it")
      ->required();
  command.add_option("overrides", request.overrides, "key=value for every trial; key=a,b is swept");
  command.add_option("--base", request.base, "Config of every trial (default: the sweep file's program)");
  command.add_option("--ranks", request.ranks, "How many processes train one trial together")
      ->check(CLI::Range(1, 1024));
  command.add_option("--devices", request.devices, "cpu, or numbers of graphics cards as in 0,1");
  command.add_option("--count", request.count, "Most trials (default: run_cap of the file)")
      ->check(CLI::Range(1, 1000000));
  command.add_option("--hours", request.hours, "Start no trial after so many")->check(CLI::Range(1e-6, 1e6));
  command.add_option("--seed", request.seed, "Of what is drawn (default: 0)");
  command.add_flag("--skip-unknown", request.skipUnknown, "Leave out parameters and values that the recipe lacks");
  command.add_flag("--detach", options.detach, "Print the sweep's folder and go on after the shell has closed");
}

int runStart(const StartOptions& options, const Context& context) {
  auto [folder, work, notes] = prepareSweep(options.request, context);
  for (const auto& note : notes) std::cerr << note << std::endl;
  SweepController controller(folder, std::move(work));
  controller.prepare();
  if (context.json) {
    std::cout << Json{{"sweep", folder.path().string()}}.dump() << std::endl;
  } else {
    std::cout << folder.path().string() << std::endl;
  }
  if (options.detach && !detach(folder.log(), [&] { controller.prepare(); })) return 0;
  return controller.run();
}

struct NamedSweep {
  std::string sweep = "last";
  bool now = false;
};

void addStatus(CLI::App& command, NamedSweep& options) {
  command.add_option("sweep", options.sweep, "Sweep folder, its name or a part of it")->capture_default_str();
}

void addStop(CLI::App& command, NamedSweep& options) {
  command.add_option("sweep", options.sweep, "Sweep folder, its name or a part of it, or last")->required();
  command.add_flag("--now", options.now, "Stop the running trial after its step too; it goes on with the sweep");
}

// A header that claims to run although its controller is gone.
std::string stateInWords(const SweepHeader& header) {
  if (header.state != SweepState::Running || header.controller.alive()) return std::string(nameOf(header.state));
  return "interrupted";
}

Json jsonOf(const TrialRecord& trial, const SweepHeader& header) {
  Json json = {{"trial", trial.number},
               {"state", trial.paused ? "paused" : nameOf(trial.state)},
               {"run", trial.run},
               {"overrides", trial.overrides},
               {"values", trial.history.size()}};
  const auto best = bestOf(trial.history, header.maximize);
  json["best"] = best ? Json(*best) : Json(nullptr);
  json["cause"] = trial.cause;
  return json;
}

const TrialRecord* bestTrial(const std::vector<TrialRecord>& trials, bool maximize) {
  const TrialRecord* best = nullptr;
  for (const auto& trial : trials) {
    const auto value = bestOf(trial.history, maximize);
    if (!value) continue;
    if (!best || (maximize ? *value > *bestOf(best->history, true) : *value < *bestOf(best->history, false)))
      best = &trial;
  }
  return best;
}

int runStatus(const NamedSweep& options, const Context& context) {
  const SweepFolder folder = SweepFolder::find(sweepsOf(currentWorkspace()), options.sweep);
  const SweepHeader header = folder.readHeader();
  const auto trials = folder.readTrials();
  const TrialRecord* best = bestTrial(trials, header.maximize);
  if (context.json) {
    Json json = {{"sweep", folder.path().string()}, {"state", stateInWords(header)},
                 {"cause", header.cause},           {"base", header.base},
                 {"metric", header.metric},         {"trials", Json::array()}};
    for (const auto& trial : trials) json["trials"].push_back(jsonOf(trial, header));
    json["best"] = best ? Json(best->number) : Json(nullptr);
    std::cout << json.dump(2) << "\n";
    return 0;
  }
  std::cout << fmt::format("sweep  {}\nstate  {}{}\nconfig {}\n", folder.path().string(), stateInWords(header),
                           header.cause.empty() ? "" : " (" + header.cause + ")", header.base);
  if (!header.metric.empty())
    std::cout << fmt::format("metric {} ({} is better)\n", header.metric, header.maximize ? "more" : "less");
  for (const auto& trial : trials) {
    const auto value = bestOf(trial.history, header.maximize);
    std::cout << fmt::format("{}{:>4} {:<8} {:>12}  {}{}\n", best == &trial ? "*" : " ", trial.number,
                             trial.paused ? "paused" : nameOf(trial.state), value ? fmt::format("{:.6g}", *value) : "",
                             join(trial.overrides, " "),
                             trial.cause.empty() ? "" : "  (" + maskSecrets(trial.cause) + ")");
  }
  if (stateInWords(header) == "interrupted")
    std::cerr << "Go on with it: counterpoint-worker sweep start " << folder.name() << std::endl;
  return 0;
}

int runStop(const NamedSweep& options, const Context&) {
  const SweepFolder folder = SweepFolder::find(sweepsOf(currentWorkspace()), options.sweep);
  const SweepHeader header = folder.readHeader();
  if (!header.isAlive()) throw usageError("is " + stateInWords(header) + ", not running", folder.name());
  appendRequest(RunFolder(folder.path()), "stop", options.now ? "now" : "trial");
  std::cerr << folder.name() << ": asked to stop " << (options.now ? "now" : "after this trial") << std::endl;
  return 0;
}

}  // namespace

std::vector<Verb> sweepVerbs() {
  std::vector<Verb> verbs;
  verbs.push_back(
      plainVerb<StartOptions>({"sweep start", "Runs", "Train many trials one after the other, each with other values",
                               "sweep start --count 20 echo_text", true},
                              addStart, runStart));
  verbs.push_back(plainVerb<NamedSweep>(
      {"sweep status", "Runs", "Trials of a sweep, their values and the best one", "sweep status last", true},
      addStatus, runStatus));
  verbs.push_back(plainVerb<NamedSweep>({"sweep stop", "Runs", "Ask a sweep to stop", "sweep stop last --now", false},
                                        addStop, runStop));
  return verbs;
}

}  // namespace counterpoint
