// SPDX-License-Identifier: GPL-3.0-or-later
// From a config to a run folder, the same for launch, resume and train: the keys that concern the launcher, and what is
// checked before a folder is made.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/config/config.h"
#include "core/config/workspace.h"
#include "core/runs/run_folder.h"

namespace counterpoint {

struct LaunchConfig {
  Config config;
  std::string name;                                // for the run folder
  std::map<std::string, std::string> environment;  // launch.env
  int ranks = 0;                                   // launch.ranks; 0 where nobody set it
  std::string devices;                             // launch.devices, joined by commas; "": this machine's
};

// NAME in the workspace's configs/ (or in `configDirectory` alone) or a FILE, with overrides. Throws Error{Usage} for a
// wrong config, and where any value of it or of the overrides holds a key or token.
LaunchConfig composeForLaunch(const Workspace& workspace, const std::string& nameOrFile,
                              const std::vector<std::string>& overrides, const std::string& configDirectory = {});

// The same of a run that has its config.yaml.
LaunchConfig recordedLaunchConfig(const RunFolder& folder);

// What would end every rank soon after its start: a table, a split or a tokenizer that is not there, a batch that the
// ranks cannot share. Checks what the recipe's schema has keys for. Throws Error{Data} or Error{Usage}.
void checkInputs(const Config& config, const Workspace& workspace, int ranks);

struct NewRun {
  std::string name;  // "": the config's
  std::vector<std::string> overrides, devices;
  std::vector<std::string> commandLine;       // without the program
  std::map<std::string, std::string> dotEnv;  // names are recorded, values are not
};

// A fresh folder in the workspace's runs, or hydra.run.dir below the workspace where a composed config sets it, with config, overrides and environment written down.
RunFolder makeRunFolder(const Workspace& workspace, const LaunchConfig& launch, const NewRun& run);

// The workspace around the current folder, else its usual layout there.
Workspace currentWorkspace();

}  // namespace counterpoint
