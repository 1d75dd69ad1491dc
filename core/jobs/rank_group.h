// SPDX-License-Identifier: GPL-3.0-or-later
// The ranks of one attempt as processes: started with their environment, watched by pidfd, ended as a whole.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/process.h"
#include "core/jobs/launcher.h"
#include "core/runs/run_folder.h"
#include "core/runs/status.h"

namespace counterpoint {

// What rank `rank` finds in its environment: launch.env, .env, then ours.
std::map<std::string, std::string> rankEnvironment(const RunFolder& folder, const LaunchPlan& plan, int rank,
                                                   int lifeline);

// Throws Error{Environment} when the port that the user asked for (MASTER_PORT) is taken.
void checkMasterPort(const LaunchPlan& plan);

class RankGroup {
 public:
  RankGroup() = default;
  RankGroup(const RankGroup&) = delete;
  RankGroup& operator=(const RankGroup&) = delete;
  ~RankGroup();  // kills what still runs

  // Throws Error{Environment} when a rank cannot be started; those that were are ended by the destructor.
  void start(const RunFolder& folder, const LaunchPlan& plan);

  struct Exit {
    int rank;
    int status;
  };
  // Ranks that ended since the last call; what they left behind in their process groups is killed.
  std::vector<Exit> reap();

  void signal(int signal);  // to every rank that still runs
  bool anyRunning() const;
  std::vector<int> descriptors() const;  // pidfds of those that run
  std::vector<ProcessIdentity> identities() const { return identities_; }
  const std::vector<std::optional<int>>& statuses() const { return statuses_; }

 private:
  FileDescriptor lifelineRead_, lifelineWrite_;  // ranks end when the write end closes with this process
  std::vector<ChildProcess> ranks_;
  std::vector<ProcessIdentity> identities_;
  std::vector<std::optional<int>> statuses_;
};

}  // namespace counterpoint
