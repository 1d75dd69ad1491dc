// SPDX-License-Identifier: GPL-3.0-or-later
// From what a person asks for to a sweep on disk and the work of its trials.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/commands/launch_config.h"
#include "app/commands/verb.h"
#include "core/jobs/sweep_controller.h"

namespace counterpoint {

struct SweepRequest {
  std::string what;
  std::vector<std::string> overrides;
  std::string base;
  int ranks = 0;
  std::string devices;
  std::optional<std::int64_t> count;
  std::optional<double> hours;
  std::optional<std::uint64_t> seed;
  bool skipUnknown = false;
};

struct PreparedSweep {
  SweepFolder folder;
  SweepWork work;
  std::vector<std::string> notes;  // what was renamed or left out
};

// Sweeps lie beside the workspace's runs.
std::filesystem::path sweepsOf(const Workspace& workspace);

// A new sweep (of a file or of overrides), or one that is there already. All that can be known to be wrong is thrown
// before a folder is made: keys, values, devices, the first trial's inputs.
PreparedSweep prepareSweep(const SweepRequest& request, const Context& context);

}  // namespace counterpoint
