// SPDX-License-Identifier: GPL-3.0-or-later
// Why a rank failed, in words, from what it left behind.
#pragma once

#include <cstdint>
#include <vector>

#include "core/runs/run_folder.h"
#include "core/runs/status.h"

namespace counterpoint {

// How far the files went when an attempt began: what lies before belongs to earlier ones.
struct AttemptStart {
  std::uint64_t events = 0;
  std::vector<std::uint64_t> logs;  // index = rank

  static AttemptStart of(const RunFolder& folder, int ranks);
};

// From, in this order: the error line of the rank's own log, rank 0's last `error` event, the signal that killed it, a
// shared library that the loader did not find, the last lines of its log.
RunError findCause(const RunFolder& folder, const AttemptStart& start, int rank, int exitStatus);

}  // namespace counterpoint
