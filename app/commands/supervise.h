// SPDX-License-Identifier: GPL-3.0-or-later
// What launch and resume have in common: from a run folder and a plan to an exit status.
#pragma once

#include <string>
#include <vector>

#include "app/commands/launch_config.h"
#include "core/jobs/launcher.h"

namespace counterpoint {

// The ranks' command, environment and devices. Checks that counterpoint-rank can start. `devices` "": every graphics
// card of this machine in turn, or cpu. `ranks` 0: one a named device, else 1.
LaunchPlan planLaunch(const Workspace& workspace, const LaunchConfig& config, int ranks, const std::string& devices,
                      int attempt);

// Devices for `ranks` ranks as launch understands --devices. Throws Error{Usage} for cards that this machine lacks.
std::vector<std::string> chooseDevices(const std::string& devices);

// Prints the run folder to stdout, runs to the end (or detaches and returns 0), and returns the exit status. Progress
// is a line on a terminal that is drawn over, and a line every ten seconds elsewhere.
int superviseRun(const RunFolder& folder, LaunchPlan plan, bool detached, bool json);

}  // namespace counterpoint
