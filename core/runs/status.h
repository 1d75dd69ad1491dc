// SPDX-License-Identifier: GPL-3.0-or-later
// status.json and progress.json, as ARCHITECTURE.md lays them down.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/runs/run_folder.h"

namespace counterpoint {

enum class RunState { Queued, Running, Paused, Stopping, Finished, Failed, Killed };

std::string_view nameOf(RunState state);  // "queued", …
std::optional<RunState> runStateNamed(std::string_view name);
// Nothing more will come by itself. A paused run has ended too when its exit status is known.
bool isFinal(RunState state);

struct ProcessIdentity {
  pid_t pid = 0;
  std::uint64_t ticks = 0;  // field 22 of /proc/PID/stat

  static ProcessIdentity ofThisProcess();
  bool alive() const;
};

struct RunProgress {
  std::int64_t step = 0, totalSteps = 0;
  double epoch = 0, epochs = 0;
  double samplesPerSecond = 0;
  std::optional<double> etaSeconds;
};

struct MetricSummary {
  double last = std::numeric_limits<double>::quiet_NaN();
  double best = std::numeric_limits<double>::quiet_NaN();
  std::int64_t bestStep = 0;
  bool smallerIsBetter = true;

  // Takes in a new value; a value that is not finite is last but never best.
  void update(double value, std::int64_t step);
};

struct RunError {
  std::string what, where, cure;
  int status = 1;
  int rank = -1;  // -1: none in particular

  std::string line() const;  // "where: what. cure"
};

struct Status {
  int version = 1;
  std::string name, recipe;
  RunState state = RunState::Queued;
  std::string host, bootId;
  int attempt = 0;
  int ranks = 1;
  ProcessIdentity launcher;
  std::vector<ProcessIdentity> processes;                     // index = rank
  double created = 0, started = 0, ended = 0, heartbeat = 0;  // seconds since 1970; 0: not yet
  RunProgress progress;
  std::map<std::string, MetricSummary> metrics;
  std::optional<RunError> error;
  std::optional<int> exitStatus;

  // True once no process of the run is expected to do anything.
  bool hasEnded() const { return exitStatus.has_value() || isFinal(state); }
};

// What rank 0 reports beside status.json.
struct Progress {
  RunProgress progress;
  std::map<std::string, MetricSummary> metrics;
  double heartbeat = 0;
};

Json toJson(const Status& status);
Json toJson(const Progress& progress);
// Members that are missing keep their defaults; wrong types throw Error{Data}.
Status statusFromJson(const Json& json);
Progress progressFromJson(const Json& json);

void writeStatus(const RunFolder& folder, const Status& status);
void writeProgress(const RunFolder& folder, const Progress& progress);

// status.json with progress.json laid over it where that is newer. Throws Error{Data} when there is no status.json.
Status readStatus(const RunFolder& folder);
std::optional<Progress> readProgress(const RunFolder& folder);

}  // namespace counterpoint
