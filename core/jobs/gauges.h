// SPDX-License-Identifier: GPL-3.0-or-later
// What the machine and the ranks use, for supervisor.jsonl.
#pragma once

#include <vector>

#include "core/base/json.h"
#include "core/runs/status.h"

namespace counterpoint {

// {"load", "memory_available_mb", "ranks": [{"rank", "resident_mb", "cpu_seconds"}]}; ranks that are gone are left out.
Json readGauges(const std::vector<ProcessIdentity>& ranks);

}  // namespace counterpoint
