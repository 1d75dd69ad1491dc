// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep on disk: sweeps/YYYY-MM-DD_HH-MM-SS_NAME in the workspace.
//   sweep.yaml     the sweep file as it was given (absent for a grid of overrides)
//   jobs.json      the overrides of each job of such a grid
//   sweep.json     header: what it starts trials with, its state
//   trials.jsonl   one line an event of a trial, only ever appended to
//   requests.jsonl what people ask of it, as a run's
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/config/sweeps/trial.h"
#include "core/runs/status.h"

namespace counterpoint {

enum class SweepState { Running, Finished, Stopped, Failed };
std::string_view nameOf(SweepState state);

struct SweepHeader {
  std::string base;  // the config of every trial
  SweepState state = SweepState::Running;
  std::uint64_t seed = 0;
  int ranks = 0;                       // 0: as launch chooses
  std::string devices;                 // as launch understands them
  std::vector<std::string> overrides;  // of every trial, before its own
  std::vector<std::string> left;       // parameters that this program has no key for
  std::optional<std::int64_t> count;   // most trials
  std::optional<double> hours;         // no trial starts later
  std::string metric;
  bool maximize = false;
  double created = 0, ended = 0;
  double spentSeconds = 0;  // by earlier controllers
  std::string cause;        // of Failed; what ended it otherwise
  ProcessIdentity controller;

  bool isAlive() const { return state == SweepState::Running && controller.alive(); }
};

struct TrialRecord {
  int number = 0;  // from 0
  TrialValues values;
  std::vector<std::string> overrides;
  std::string run;  // folder in the workspace's runs; empty: not started yet
  TrialState state = TrialState::Pending;
  bool stopAsked = false;  // by hyperband
  bool paused = false;     // by the user; goes on when the sweep does
  std::vector<double> history;
  std::string cause;
  double started = 0, ended = 0;
};

class SweepFolder {
 public:
  explicit SweepFolder(std::filesystem::path path) : path_(std::move(path)) {}
  static SweepFolder create(const std::filesystem::path& sweeps, const std::string& name);
  // By path, by name inside `sweeps`, by a unique part of it, or "last". Throws Error{Data} naming the nearest one.
  static SweepFolder find(const std::filesystem::path& sweeps, const std::string& wanted);
  // Newest first.
  static std::vector<SweepFolder> list(const std::filesystem::path& sweeps);

  const std::filesystem::path& path() const { return path_; }
  std::string name() const { return path_.filename().string(); }
  std::filesystem::path file() const { return path_ / "sweep.yaml"; }
  std::filesystem::path jobs() const { return path_ / "jobs.json"; }
  std::filesystem::path header() const { return path_ / "sweep.json"; }
  std::filesystem::path trials() const { return path_ / "trials.jsonl"; }
  std::filesystem::path lock() const { return path_ / "controller.lock"; }
  std::filesystem::path log() const { return path_ / "controller.log"; }

  SweepHeader readHeader() const;
  void writeHeader(const SweepHeader& header) const;
  // In order of their numbers. A line that was cut short is skipped.
  std::vector<TrialRecord> readTrials() const;
  // `members` beside "t", "trial", "event".
  void append(int trial, const std::string& event, const Json& members = Json::object()) const;

 private:
  std::filesystem::path path_;
};

// RUN/sweep.json: whose trial a run is. Written once the run folder is complete.
void writeTrialMark(const RunFolder& run, const SweepFolder& sweep, int trial);
// The run of a trial that was made just before its controller died.
std::optional<RunFolder> findTrialRun(const std::filesystem::path& runs, const SweepFolder& sweep, int trial);

}  // namespace counterpoint
