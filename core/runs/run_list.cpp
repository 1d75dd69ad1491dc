// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/run_list.h"

#include <algorithm>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/process.h"
#include "core/base/words.h"

namespace counterpoint {

double RunSummary::durationSeconds(double now) const {
  if (status.started <= 0) return 0;
  return std::max(0.0, (status.ended > status.started ? status.ended : now) - status.started);
}

RunSummary judge(const RunFolder& folder, Status status, double now, const Liveness& liveness) {
  RunSummary summary{folder.path(), std::move(status), {}};
  Status& run = summary.status;
  // A queued run has no process until something takes it up.
  if (run.hasEnded() || (run.state == RunState::Queued && run.launcher.pid == 0)) return summary;
  const double silence = now - std::max(run.heartbeat, run.created);
  const auto fail = [&](const std::string& what) {
    run.state = RunState::Failed;
    run.ended = std::max(run.heartbeat, run.started);
    if (!run.error)
      run.error = RunError{what, folder.name(), "Resume the run to go on from its last checkpoint.", 7, -1};
    summary.remark = what;
  };
  if (run.host == hostName()) {
    if (run.bootId != bootId()) {
      fail("the machine was started anew while the run was going on");
    } else if (!run.launcher.alive()) {
      const auto alive = std::count_if(run.processes.begin(), run.processes.end(),
                                       [](const ProcessIdentity& process) { return process.alive(); });
      if (alive > 0) {
        run.state = RunState::Stopping;
        summary.remark = "the launcher is gone; " + std::to_string(alive) + " ranks are ending";
      } else {
        fail("the launcher (process " + std::to_string(run.launcher.pid) + ") was killed");
      }
    }
  } else if (silence > liveness.limitSeconds) {
    fail("not heard from for " + durationInWords(silence));
  } else if (silence > liveness.doubtSeconds) {
    summary.remark = "not heard from for " + durationInWords(silence);
  }
  return summary;
}

RunSummary summarize(const RunFolder& folder, const Liveness& liveness) {
  Status status = readStatus(folder);
  const bool hadEnded = status.hasEnded();
  RunSummary summary = judge(folder, std::move(status), wallSeconds(), liveness);
  if (hadEnded || !summary.status.hasEnded()) return summary;
  // Its processes are gone: it may have ended well since the file was read.
  return judge(folder, readStatus(folder), wallSeconds(), liveness);
}

std::vector<RunSummary> listRuns(const std::filesystem::path& runs, const Liveness& liveness) {
  std::vector<RunSummary> result;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(runs, code)) {
    const RunFolder folder(entry.path());
    std::error_code ignored;
    if (!std::filesystem::exists(folder.status(), ignored)) continue;
    try {
      result.push_back(summarize(folder, liveness));
    } catch (const Error& error) {
      RunSummary damaged;
      damaged.path = entry.path();
      damaged.status.name = folder.name();
      damaged.status.state = RunState::Failed;
      damaged.status.error = RunError{error.problem(), error.where(), error.cure(), error.exitStatus(), -1};
      damaged.remark = "status.json cannot be read";
      result.push_back(std::move(damaged));
    }
  }
  // Names start with the time; the creation time tells those apart that do not.
  std::sort(result.begin(), result.end(), [](const RunSummary& a, const RunSummary& b) {
    return std::pair(a.status.created, a.path) > std::pair(b.status.created, b.path);
  });
  return result;
}

RunFolder findRun(const std::filesystem::path& runs, const std::string& wanted) {
  std::error_code code;
  if (wanted.find('/') != std::string::npos || std::filesystem::exists(RunFolder(wanted).status(), code))
    return RunFolder::open(wanted);
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(runs, code)) {
    const RunFolder folder(entry.path());
    std::error_code ignored;
    if (std::filesystem::exists(folder.status(), ignored) || std::filesystem::exists(folder.config(), ignored))
      names.push_back(folder.name());
  }
  std::sort(names.begin(), names.end());
  if (names.empty()) throw dataError("no run here", runs.string(), "Launch one first, or say --runs FOLDER.");
  if (wanted == "last") return RunFolder::open(runs / names.back());
  std::vector<std::string> matching;
  for (const auto& name : names) {
    if (name == wanted) return RunFolder::open(runs / name);
    if (name.find(wanted) != std::string::npos) matching.push_back(name);
  }
  if (matching.size() == 1) return RunFolder::open(runs / matching[0]);
  if (matching.size() > 1)
    throw dataError("names " + std::to_string(matching.size()) + " runs: " + join(matching, ", "), wanted,
                    "Give more of the name.");
  const auto nearest = nearestWord(wanted, names);
  throw dataError("no such run in " + runs.string(), wanted,
                  nearest.empty() ? "counterpoint-worker runs list shows them." : "Did you mean " + nearest + "?");
}

}  // namespace counterpoint
