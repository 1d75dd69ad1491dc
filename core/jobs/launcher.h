// SPDX-License-Identifier: GPL-3.0-or-later
// Starts the ranks of a run, keeps status.json, and leaves no process behind however the run ends.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/runs/run_folder.h"
#include "core/runs/status.h"

namespace counterpoint {

struct LaunchPlan {
  std::vector<std::string> command;  // program and arguments of every rank
  int ranks = 1;
  std::vector<std::string> devices;  // one a rank: "cpu", "cuda:0"; fewer: taken in turn; none: cpu
  std::string recipe;
  std::map<std::string, std::string> environment;  // launch.env of the config
  std::map<std::string, std::string> dotEnv;       // .env of the workspace; written nowhere
  std::filesystem::path workingDirectory;          // the workspace: relative paths of the config start there
  int attempt = 0;
  std::uint64_t requestsFrom = 0;  // set by prepare(): requests from this byte on are this attempt's
  double termSeconds = 10;         // from SIGTERM to SIGKILL
  double heartbeatSeconds = 1;
};

struct LaunchResult {
  RunState state = RunState::Finished;
  int exitStatus = 0;  // that of the rank that failed first; 128 + signal when it was killed
  std::optional<RunError> error;
};

// One attempt of a run. The launcher's process takes SIGTERM and SIGINT itself while run() goes on: the first asks the
// ranks to stop after their step and save, the second ends them now.
class Launcher {
 public:
  Launcher(RunFolder folder, LaunchPlan plan);
  ~Launcher();

  // Takes the run for this process and writes status.json "queued". A process that detach() makes calls it again and so
  // takes over. Throws Error{Usage} when another launcher holds this run, Error{Environment} when the run folder cannot
  // be written to.
  void prepare();
  // Starts the ranks and supervises them to the end; what goes wrong is in the result and in status.json. Throws
  // Error{Environment} when the end cannot be written down.
  LaunchResult run();

  // Called about every second and at the end.
  std::function<void(const Status&)> onStatus;

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

// Lines NAME=value of a .env file; quotes and "export " are taken off, # starts a comment. Missing file: empty. Throws
// Error{Data} naming the line that is wrong.
std::map<std::string, std::string> readDotEnv(const std::filesystem::path& path);

// "0,1" -> cuda:0, cuda:1; "cpu" -> cpu. Throws Error{Usage} for anything else.
std::vector<std::string> parseDevices(const std::string& text);

// Continues in a process of its own session that outlives the shell (double fork), its output appended to `log`.
// Returns true there, false in the caller, whose part is done; `takeOver` runs there before that.
bool detach(const std::filesystem::path& log, const std::function<void()>& takeOver);

}  // namespace counterpoint
