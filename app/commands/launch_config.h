// SPDX-License-Identifier: GPL-3.0-or-later
// What launch and resume need of a config: its text, and the few keys that concern the launcher.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/config/workspace.h"

namespace counterpoint {

struct LaunchConfig {
  std::string yaml;                                // resolved and complete
  std::string name;                                // for the run folder
  std::string recipe;                              // "" where the config names none
  std::map<std::string, std::string> environment;  // launch.env
  int ranks = 1;                                   // launch.ranks
  std::string devices;                             // launch.devices, joined by commas; "": this machine's
};

// NAME in the workspace's configs/ or a FILE, with overrides. Throws Error{Usage} for a wrong config.
LaunchConfig composeForLaunch(const Workspace& workspace, const std::string& nameOrFile,
                              const std::vector<std::string>& overrides);

// From the config.yaml of a run. `where` names it in errors.
LaunchConfig readLaunchConfig(const std::string& yaml, const std::string& where);

// The workspace around the current folder, else its usual layout there.
Workspace currentWorkspace();

}  // namespace counterpoint
