// SPDX-License-Identifier: GPL-3.0-or-later
// supervisor.jsonl: the launcher's own record: starts, exits, signals, gauges, cause of failure.
#pragma once

#include <string>

#include "core/base/files.h"
#include "core/base/json.h"
#include "core/runs/run_folder.h"

namespace counterpoint {

// Each line: {"t", "attempt", "kind", …}. Never throws: a record that cannot be written must not end a run.
class SupervisorLog {
 public:
  SupervisorLog(const RunFolder& folder, int attempt);
  void write(const std::string& kind, const Json& members);

 private:
  LineWriter lines_;
  int attempt_;
};

}  // namespace counterpoint
