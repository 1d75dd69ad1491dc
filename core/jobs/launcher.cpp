// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/launcher.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <limits>

#include "core/base/any_error.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/folders.h"
#include "core/base/log.h"
#include "core/base/process.h"
#include "core/base/secrets.h"
#include "core/jobs/failure_cause.h"
#include "core/jobs/gauges.h"
#include "core/jobs/rank_group.h"
#include "core/jobs/signal_queue.h"
#include "core/runs/folder_watcher.h"
#include "core/runs/requests.h"
#include "core/runs/supervisor_log.h"

namespace counterpoint {
namespace {

constexpr int kStopped = static_cast<int>(ErrorKind::Stopped);
constexpr int kPeerLost = static_cast<int>(ErrorKind::PeerLost);
constexpr double kGaugeSeconds = 10;

// Values of .env are written nowhere, also when a rank's last words quoted them.
void hide(const std::map<std::string, std::string>& dotEnv, RunError& error) {
  std::vector<std::string> values;
  for (const auto& [name, value] : dotEnv) values.push_back(value);
  for (std::string* text : {&error.what, &error.where, &error.cure}) *text = maskValues(*text, values);
}

}  // namespace

struct Launcher::Work {
  Work(RunFolder runFolder, LaunchPlan launchPlan) : folder(std::move(runFolder)), plan(std::move(launchPlan)) {}

  // Ending: the ranks were told to end at once, and are killed at `killAt`.
  enum class Phase { Going, StopAsked, Ending };

  RunFolder folder;
  LaunchPlan plan;
  Status status;
  std::optional<FileDescriptor> lock;  // launcher.lock; shared with the process that detach() makes
  std::unique_ptr<SupervisorLog> log;
  AttemptStart start;
  RankGroup ranks;
  Phase phase = Phase::Going;
  bool endedByUser = false;
  bool killed = false;  // by us: SIGTERM was not enough
  int lastSignal = 0;
  double nextHeartbeat = 0;  // 0: at once, because the state changed
  double killAt = std::numeric_limits<double>::infinity();
  std::optional<RankGroup::Exit> failure;

  std::filesystem::path reserve() const { return folder.scratch() / "reserve"; }
  void reserveSpace();
  void writeFinalStatus();
  void takeProgress();
  void writeHeartbeat();
  // True for a status that follows from another rank's end or from our own signals, never a cause by itself.
  bool isConsequence(int exitStatus) const {
    return exitStatus == 0 || exitStatus == kStopped || exitStatus == kPeerLost || exitStatus == 128 + SIGTERM ||
           (killed && exitStatus == 128 + SIGKILL);
  }
  void changeTo(RunState state) {
    status.state = state;
    nextHeartbeat = 0;
  }
  void endNow(const std::string& reason);
  void takeSignal(int signal);
  void takeRequests(RequestReader& requests);
  void takeExits();
  void supervise(const std::function<void(const Status&)>& onStatus);
  LaunchResult conclude();
};

// A few blocks that are given back when the disk is full, so that the end of the run can still be written down.
void Launcher::Work::reserveSpace() {
  FileDescriptor file(::open(reserve().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  if (file) [[maybe_unused]]
    const int ignored = ::posix_fallocate(file.get(), 0, 64 << 10);
}

void Launcher::Work::writeFinalStatus() {
  try {
    writeStatus(folder, status);
  } catch (const Error&) {
    ::unlink(reserve().c_str());
    writeStatus(folder, status);
  }
  ::unlink(reserve().c_str());
}

void Launcher::Work::takeProgress() {
  const auto progress = readProgress(folder);
  if (!progress || progress->heartbeat < status.started) return;
  status.progress = progress->progress;
  for (const auto& [name, metric] : progress->metrics) status.metrics[name] = metric;
}

void Launcher::Work::writeHeartbeat() {
  takeProgress();
  status.heartbeat = wallSeconds();
  try {
    writeStatus(folder, status);
  } catch (const Error& error) {
    logWarning("{}", error.what());  // the ranks may still come through
  }
}

void Launcher::Work::endNow(const std::string& reason) {
  if (phase == Phase::Ending) return;
  phase = Phase::Ending;
  killAt = steadySeconds() + plan.termSeconds;
  changeTo(RunState::Stopping);
  log->write("ending", {{"reason", reason}});
  ranks.signal(SIGTERM);
}

void Launcher::Work::takeSignal(int signal) {
  lastSignal = signal;
  log->write("signal", {{"signal", signal}});
  if (phase == Phase::Going) {
    phase = Phase::StopAsked;
    changeTo(RunState::Stopping);
    ranks.signal(SIGTERM);
  } else {
    endedByUser = true;
    endNow("asked twice");
  }
}

void Launcher::Work::takeRequests(RequestReader& requests) {
  for (const auto& request : requests.poll()) {
    log->write("request", {{"command", request.command}, {"when", request.when}});
    if (request.command != "stop") continue;
    if (request.when == "now") {
      endedByUser = true;
      lastSignal = SIGTERM;
      endNow("stop now was asked");
      ranks.signal(SIGTERM);  // the second ends a rank that would finish its step on the first
    } else if (phase == Phase::Going) {
      changeTo(RunState::Stopping);  // rank 0 reads the request itself
    }
  }
}

void Launcher::Work::takeExits() {
  for (const auto& exit : ranks.reap()) {
    log->write("exit", {{"rank", exit.rank}, {"status", exit.status}});
    if (exit.status == 0 || exit.status == kStopped) continue;
    const bool first = !failure && !endedByUser && !(phase == Phase::StopAsked && exit.status == 128 + SIGTERM);
    // A rank that lost its peer may end before the one that is to blame.
    const bool better = failure && failure->status == kPeerLost && !isConsequence(exit.status);
    if (first || better) failure = exit;
    endNow("rank " + std::to_string(exit.rank) + " failed");
  }
  if (steadySeconds() >= killAt && ranks.anyRunning()) {
    log->write("kill", {{"reason", "still running after SIGTERM"}});
    ranks.signal(SIGKILL);
    killed = true;
    killAt = std::numeric_limits<double>::infinity();
  }
}

void Launcher::Work::supervise(const std::function<void(const Status&)>& onStatus) {
  SignalQueue signals;
  RequestReader requests(folder, plan.requestsFrom);
  FolderWatcher watcher(folder.path());
  ranks.start(folder, plan);
  status.processes = ranks.identities();
  for (std::size_t rank = 0; rank < status.processes.size(); ++rank)
    log->write("start", {{"rank", rank}, {"pid", status.processes[rank].pid}});
  status.state = RunState::Running;
  double nextGauge = steadySeconds() + kGaugeSeconds;
  while (ranks.anyRunning()) {
    const double now = steadySeconds();
    if (now >= nextHeartbeat) {
      writeHeartbeat();
      if (onStatus) onStatus(status);
      nextHeartbeat = now + plan.heartbeatSeconds;
    }
    if (now >= nextGauge) {
      log->write("gauges", readGauges(status.processes));
      nextGauge = now + kGaugeSeconds;
    }
    std::vector<struct pollfd> entries = {{signals.descriptor(), POLLIN, 0}, {watcher.descriptor(), POLLIN, 0}};
    for (const int descriptor : ranks.descriptors()) entries.push_back({descriptor, POLLIN, 0});
    const double wait = std::max(0.0, std::min(nextHeartbeat, killAt) - steadySeconds());
    ::poll(entries.data(), entries.size(), static_cast<int>(std::ceil(wait * 1000)));
    while (const int signal = signals.next()) takeSignal(signal);
    if (entries[1].revents && !watcher.changes().empty()) takeRequests(requests);
    takeExits();
  }
}

LaunchResult Launcher::Work::conclude() {
  LaunchResult result;
  const auto& statuses = ranks.statuses();
  const bool stopped = std::any_of(statuses.begin(), statuses.end(), [](const auto& s) { return s == kStopped; });
  if (failure) {
    result.state = RunState::Failed;
    result.exitStatus = failure->status;
    result.error = findCause(folder, start, failure->rank, failure->status);
    hide(plan.dotEnv, *result.error);
  } else if (std::all_of(statuses.begin(), statuses.end(), [](const auto& s) { return s == 0; })) {
    result.state = RunState::Finished;
  } else if (stopped && !endedByUser) {
    result.state = RunState::Paused;
    result.exitStatus = kStopped;
  } else {
    result.state = RunState::Killed;
    result.exitStatus = 128 + (lastSignal ? lastSignal : SIGTERM);
  }
  return result;
}

Launcher::Launcher(RunFolder folder, LaunchPlan plan)
    : work_(std::make_unique<Work>(std::move(folder), std::move(plan))) {}
Launcher::~Launcher() = default;

void Launcher::prepare() {
  Status& status = work_->status;
  if (!work_->lock) {
    makeFolder(work_->folder.scratch());
    work_->lock = tryLockFile(work_->folder.scratch() / "launcher.lock");
    if (!work_->lock) throw usageError("another launcher is at work on this run", work_->folder.path().string());
  }
  work_->plan.requestsFrom = requestsEnd(work_->folder);
  if (work_->plan.attempt > 0) {
    status = readStatus(work_->folder);
    status.error.reset();
    status.exitStatus.reset();
    status.ended = 0;
  } else {
    status.created = wallSeconds();
  }
  status.name = work_->folder.name();
  status.recipe = work_->plan.recipe;
  status.state = RunState::Queued;
  status.host = hostName();
  status.bootId = bootId();
  status.attempt = work_->plan.attempt;
  status.ranks = work_->plan.ranks;
  status.launcher = ProcessIdentity::ofThisProcess();
  status.processes.clear();
  status.heartbeat = wallSeconds();
  writeStatus(work_->folder, status);
}

LaunchResult Launcher::run() {
  Work& work = *work_;
  work.status.started = wallSeconds();
  work.start = AttemptStart::of(work.folder, work.plan.ranks);
  LaunchResult result;
  try {
    work.reserveSpace();
    work.log = std::make_unique<SupervisorLog>(work.folder, work.plan.attempt);
    work.log->write("launch", {{"ranks", work.plan.ranks}, {"devices", work.plan.devices}});
    work.supervise(onStatus);
    result = work.conclude();
  } catch (const std::exception& thrown) {
    const Error error = asError(thrown);
    result.state = RunState::Failed;
    result.exitStatus = error.exitStatus();
    result.error = RunError{error.problem(), error.where(), error.cure(), error.exitStatus(), -1};
    hide(work.plan.dotEnv, *result.error);
  }
  work.ranks.signal(SIGKILL);
  work.takeProgress();
  work.status.state = result.state;
  work.status.error = result.error;
  work.status.exitStatus = result.exitStatus;
  work.status.ended = work.status.heartbeat = wallSeconds();
  if (work.log) {
    work.log->write("end", {{"state", nameOf(result.state)},
                            {"status", result.exitStatus},
                            {"cause", result.error ? Json(result.error->line()) : Json(nullptr)}});
  }
  work.writeFinalStatus();
  if (onStatus) onStatus(work.status);
  return result;
}

}  // namespace counterpoint
