// SPDX-License-Identifier: GPL-3.0-or-later
// The runs of a workspace, and whether each of them really lives.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/runs/status.h"

namespace counterpoint {

struct RunSummary {
  std::filesystem::path path;
  Status status;
  // How the state was judged when it differs from what the file says, or a doubt: "not heard from for 3 min".
  std::string remark;

  double durationSeconds(double now) const;
};

struct Liveness {
  double doubtSeconds = 60;   // a run elsewhere that was not heard from for so long gets a remark
  double limitSeconds = 900;  // … and for so long counts as failed
};

// Judges a status that claims to be going on: on its own host by pid, start ticks and boot id, elsewhere by heartbeat.
// A launcher that is gone while ranks still live is "stopping"; with all gone the run has failed.
RunSummary judge(const RunFolder& folder, Status status, double now, const Liveness& liveness = {});

// One run. Throws Error{Data} when its status.json is missing or damaged.
RunSummary summarize(const RunFolder& folder, const Liveness& liveness = {});

// Every folder in `runs` with a status.json, newest first. A damaged one is listed as failed with the reason.
std::vector<RunSummary> listRuns(const std::filesystem::path& runs, const Liveness& liveness = {});

// A run by path, by folder name inside `runs`, by a unique part of the name, or "last". Throws Error{Data} naming the
// nearest one.
RunFolder findRun(const std::filesystem::path& runs, const std::string& wanted);

}  // namespace counterpoint
