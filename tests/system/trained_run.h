// SPDX-License-Identifier: GPL-3.0-or-later
// One run of two ranks that lost a rank and was resumed to its end; trained once for all tests that need a model.
#pragma once

#include "tests/system/programs.h"

namespace counterpoint {

struct TrainedRun {
  Outcome check, launch, resume;
  std::int64_t stepAtKill = 0;
  std::string lastAtKill;     // checkpoint that `last` named when the rank was killed
  double secondsToFail = -1;  // from the SIGKILL to the launcher's end
  Status failed, finished;
  std::vector<pid_t> left;  // processes of the first attempt that lived on
  std::filesystem::path folder;

  // Relative to the workspace, as users type it.
  std::string name() const { return "runs/" + folder.filename().string(); }
  bool isReady() const { return resume.status == 0 && finished.state == RunState::Finished; }
};

// Made at the first call.
const TrainedRun& trainedRun();

}  // namespace counterpoint
