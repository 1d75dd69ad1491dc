// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/sweep_controller.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "core/base/any_error.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/words.h"
#include "core/jobs/signal_queue.h"
#include "core/runs/event_reader.h"
#include "core/runs/folder_watcher.h"
#include "core/runs/requests.h"
#include "core/runs/run_list.h"

namespace counterpoint {
namespace {

constexpr int kStopped = static_cast<int>(ErrorKind::Stopped);
constexpr double kLookSeconds = 1;  // a launcher that was killed announces nothing

std::vector<double> historyOf(const EventReader& events, const std::string& metric) {
  std::vector<double> history;
  if (const Series* series = events.find(metric))
    for (const double value : series->values())
      if (std::isfinite(value)) history.push_back(value);
  return history;
}

std::string missingMetric(const EventReader& events, const std::string& metric) {
  std::vector<std::string> known;
  for (const auto& [name, series] : events.series()) known.push_back(name);
  return fmt::format("it wrote no value of {}{}", metric,
                     known.empty() ? std::string() : "; it wrote " + join(known, ", "));
}

// The file says that it goes on, but its processes are gone.
bool isLost(const RunFolder& run, const RunSummary& summary) {
  return summary.status.hasEnded() && !readStatus(run).hasEnded();
}

}  // namespace

struct SweepController::Work {
  Work(SweepFolder sweepFolder, SweepWork sweepWork, SweepLimits sweepLimits)
      : folder(std::move(sweepFolder)), work(std::move(sweepWork)), limits(sweepLimits) {}

  enum class Stop { No, AfterTrial, Now };

  SweepFolder folder;
  SweepWork work;
  SweepLimits limits;
  SweepHeader header;
  std::vector<TrialRecord> trials;
  std::optional<FileDescriptor> lock;
  Stop stop = Stop::No;
  double begin = 0;
  double spentBefore = 0;
  int lastStatus = 0;
  int earlyFailures = 0;

  double spentSeconds() const { return spentBefore + steadySeconds() - begin; }
  std::vector<SweepTrial> searchTrials() const;
  std::string endReason() const;  // empty: another trial may start
  bool propose();
  void runTrial(TrialRecord& trial, SignalQueue& signals, RequestReader& requests);
  RunFolder startTrial(TrialRecord& trial);
  void launch(const RunFolder& run, LaunchPlan plan);
  void takeStops(SignalQueue& signals, RequestReader& requests, const RunFolder& run);
  void askHyperband(TrialRecord& trial, const RunFolder& run);
  void conclude(TrialRecord& trial, TrialState state, const std::string& cause);
  void end(SweepState state, const std::string& cause);
};

std::vector<SweepTrial> SweepController::Work::searchTrials() const {
  std::vector<SweepTrial> all;
  for (const auto& trial : trials) all.push_back({trial.state, trial.values, trial.history});
  return all;
}

std::string SweepController::Work::endReason() const {
  if (header.count && static_cast<std::int64_t>(trials.size()) >= *header.count)
    return fmt::format("all {} trials are done", *header.count);
  if (header.hours && spentSeconds() >= *header.hours * 3600) return fmt::format("{} hours have passed", *header.hours);
  if (!work.metric || !work.metric->target) return {};
  for (const auto& trial : trials) {
    const auto best = bestOf(trial.history, work.metric->maximize);
    if (best && (work.metric->maximize ? *best >= *work.metric->target : *best <= *work.metric->target))
      return fmt::format("trial {} reached the target: {} {}", trial.number, work.metric->name, *best);
  }
  return {};
}

bool SweepController::Work::propose() {
  const auto proposal = work.next(searchTrials());
  if (!proposal) return false;
  TrialRecord trial;
  trial.number = static_cast<int>(trials.size());
  trial.values = proposal->values;
  trial.overrides = proposal->overrides;
  folder.append(trial.number, "proposed", {{"values", trial.values}, {"overrides", trial.overrides}});
  trials.push_back(std::move(trial));
  return true;
}

// The launcher becomes a process of its own, so that the trial outlives this controller.
void SweepController::Work::launch(const RunFolder& run, LaunchPlan plan) {
  Launcher launcher(run, std::move(plan));
  launcher.prepare();
  const bool isLauncher = detach(run.path() / "launcher.log", [&] {
    lock.reset();
    launcher.prepare();
  });
  if (!isLauncher) return;
  int status = 1;
  try {
    status = launcher.run().exitStatus;
  } catch (const std::exception& error) {
    status = exitStatusOf(error);
  }
  ::_exit(status);  // nothing of the controller's is to be ended here
}

RunFolder SweepController::Work::startTrial(TrialRecord& trial) {
  std::optional<RunFolder> run;
  if (!trial.run.empty()) {
    run = RunFolder(work.runs / trial.run);
  } else {
    run = findTrialRun(work.runs, folder, trial.number);
  }
  int attempt = 0;
  if (!run) {
    auto overrides = header.overrides;
    overrides.insert(overrides.end(), trial.overrides.begin(), trial.overrides.end());
    auto [fresh, plan] = work.makeRun(trial.number, overrides);
    writeTrialMark(fresh, folder, trial.number);
    trial.run = fresh.name();
    folder.append(trial.number, "started", {{"run", trial.run}, {"attempt", attempt}});
    launch(fresh, std::move(plan));
    run = fresh;
  } else {
    trial.run = run->name();
    std::error_code code;
    const bool hasStatus = std::filesystem::exists(run->status(), code);
    if (!hasStatus || trial.paused || isLost(*run, summarize(*run))) {
      if (hasStatus) attempt = readStatus(*run).attempt + 1;
      auto plan = work.planOf(*run, attempt);
      folder.append(trial.number, "started", {{"run", trial.run}, {"attempt", attempt}});
      launch(*run, std::move(plan));
    } else if (trial.state == TrialState::Pending) {
      folder.append(trial.number, "started", {{"run", trial.run}, {"attempt", readStatus(*run).attempt}});
    }
  }
  trial.paused = false;
  trial.state = TrialState::Running;
  work.say(fmt::format("trial {}: {} ({})", trial.number, trial.run, join(trial.overrides, " ")));
  return *run;
}

void SweepController::Work::takeStops(SignalQueue& signals, RequestReader& requests, const RunFolder& run) {
  Stop wanted = stop;
  bool atOnce = false;  // asked again: the run does not even end its step
  const auto takeNow = [&] {
    atOnce = atOnce || wanted == Stop::Now;
    wanted = Stop::Now;
  };
  while (signals.next()) takeNow();
  for (const auto& request : requests.poll()) {
    if (request.command != "stop") continue;
    if (request.when == "now") {
      takeNow();
    } else {
      wanted = std::max(wanted, Stop::AfterTrial);
    }
  }
  if (wanted == Stop::Now && stop != Stop::Now) appendRequest(run, "stop", "step");
  if (atOnce) appendRequest(run, "stop", "now");
  stop = wanted;
}

void SweepController::Work::askHyperband(TrialRecord& trial, const RunFolder& run) {
  if (!work.hyperband || trial.stopAsked) return;
  const auto all = searchTrials();
  const auto stops = hyperbandStops(*work.hyperband, work.metric->maximize, all);
  if (std::find(stops.begin(), stops.end(), static_cast<std::size_t>(trial.number)) == stops.end()) return;
  trial.stopAsked = true;
  folder.append(trial.number, "stop_asked", {{"reason", "hyperband"}, {"iterations", trial.history.size()}});
  appendRequest(run, "stop", "step");
  work.say(fmt::format("trial {}: hyperband stops it after {} values of {}", trial.number, trial.history.size(),
                       work.metric->name));
}

void SweepController::Work::conclude(TrialRecord& trial, TrialState state, const std::string& cause) {
  trial.state = state;
  trial.cause = cause;
  Json members = {{"state", nameOf(state)}, {"history", trial.history}, {"cause", cause}};
  if (work.metric)
    if (const auto best = bestOf(trial.history, work.metric->maximize)) members["best"] = *best;
  folder.append(trial.number, "ended", members);
  const auto best = members.contains("best")
                        ? fmt::format(", {} {:.6g}", work.metric->name, members["best"].get<double>())
                        : std::string();
  work.say(fmt::format("trial {}: {}{}{}", trial.number, nameOf(state), best, cause.empty() ? "" : ": " + cause));
  if (state == TrialState::Failed && steadySeconds() - begin < limits.flappingSeconds) ++earlyFailures;
}

void SweepController::Work::runTrial(TrialRecord& trial, SignalQueue& signals, RequestReader& requests) {
  for (int losses = 0;;) {
    std::optional<RunFolder> run;
    try {
      run = startTrial(trial);
    } catch (const std::exception& thrown) {
      const Error error = asError(thrown);
      lastStatus = error.exitStatus();
      return conclude(trial, TrialState::Failed, describe(error));
    }
    EventReader events(*run);
    FolderWatcher runWatcher(run->path()), sweepWatcher(folder.path());
    RunSummary summary;
    for (;;) {
      summary = summarize(*run);
      const bool ended = summary.status.hasEnded();  // asked before reading: nothing comes after
      while (events.poll().more) {
      }
      if (work.metric) trial.history = historyOf(events, work.metric->name);
      if (ended) break;
      askHyperband(trial, *run);
      takeStops(signals, requests, *run);
      struct pollfd entries[] = {{signals.descriptor(), POLLIN, 0},
                                 {runWatcher.descriptor(), POLLIN, 0},
                                 {sweepWatcher.descriptor(), POLLIN, 0}};
      ::poll(entries, std::size(entries), static_cast<int>(kLookSeconds * 1000));
      runWatcher.changes();
      sweepWatcher.changes();
    }
    if (isLost(*run, summary) && ++losses <= limits.mostLosses && stop == Stop::No) continue;
    const Status& status = summary.status;
    const std::string cause = status.error ? status.error->line() : std::string();
    if (status.state == RunState::Finished) {
      const bool isSilent = work.metric && trial.history.empty();
      return conclude(trial, TrialState::Finished, isSilent ? missingMetric(events, work.metric->name) : std::string());
    }
    if (status.state == RunState::Failed) {
      lastStatus = status.exitStatus.value_or(1);
      return conclude(trial, TrialState::Failed, cause);
    }
    if (trial.stopAsked) return conclude(trial, TrialState::Killed, "stopped by hyperband");
    if (stop == Stop::Now && status.state == RunState::Paused) {
      trial.paused = true;
      folder.append(trial.number, "paused");
      return;
    }
    return conclude(trial, TrialState::Killed, "stopped by a person");
  }
}

void SweepController::Work::end(SweepState state, const std::string& cause) {
  header.state = state;
  header.cause = cause;
  header.ended = wallSeconds();
  header.spentSeconds = spentSeconds();
  folder.writeHeader(header);
  work.say(fmt::format("sweep {}: {}", nameOf(state), cause));
}

SweepController::SweepController(SweepFolder folder, SweepWork work, SweepLimits limits)
    : work_(std::make_unique<Work>(std::move(folder), std::move(work), limits)) {}
SweepController::~SweepController() = default;

void SweepController::prepare() {
  Work& work = *work_;
  if (!work.lock) {
    work.lock = tryLockFile(work.folder.lock());
    if (!work.lock) throw usageError("another controller is at work on this sweep", work.folder.path().string());
    work.header = work.folder.readHeader();
    work.trials = work.folder.readTrials();
    work.spentBefore = work.header.spentSeconds;
  }
  work.header.state = SweepState::Running;
  work.header.cause.clear();
  work.header.ended = 0;
  work.header.controller = ProcessIdentity::ofThisProcess();
  work.folder.writeHeader(work.header);
}

int SweepController::run() {
  Work& work = *work_;
  work.begin = steadySeconds();
  SignalQueue signals;
  const RunFolder asRun(work.folder.path());
  RequestReader requests(asRun, requestsEnd(asRun));
  for (;;) {
    const bool unfinished = !work.trials.empty() && !hasEnded(work.trials.back().state);
    if (!unfinished) {
      if (const std::string reason = work.endReason(); !reason.empty()) {
        work.end(SweepState::Finished, reason);
        return 0;
      }
      if (!work.propose()) {
        work.end(SweepState::Finished, "every combination was tried");
        return 0;
      }
    }
    work.runTrial(work.trials.back(), signals, requests);
    work.header.spentSeconds = work.spentSeconds();
    work.folder.writeHeader(work.header);
    const auto failures = std::count_if(work.trials.begin(), work.trials.end(),
                                        [](const auto& trial) { return trial.state == TrialState::Failed; });
    const bool allFailed = failures == static_cast<std::ptrdiff_t>(work.trials.size());
    if (work.earlyFailures >= work.limits.flappingFailures || (allFailed && failures >= work.limits.initialFailures)) {
      work.end(SweepState::Failed,
               fmt::format("{} trials failed at once, the last one: {}", failures, work.trials.back().cause));
      return work.lastStatus > 0 ? work.lastStatus : 1;
    }
    if (work.stop != Work::Stop::No) {
      work.end(SweepState::Stopped, "stopped on request");
      return kStopped;
    }
  }
}

}  // namespace counterpoint
