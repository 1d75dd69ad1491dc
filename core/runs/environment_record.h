// SPDX-License-Identifier: GPL-3.0-or-later
// environment.json: on what a run ran, without anything secret.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/base/json.h"

namespace counterpoint {

struct EnvironmentFacts {
  std::vector<std::string> commandLine;                  // values of secret options are masked
  std::map<std::string, std::string> launchEnvironment;  // the config's launch.env; secret names are masked
  std::vector<std::string> dotEnvNames;                  // names only: values of .env are written nowhere
  std::vector<std::string> devices;                      // one a rank: "cpu", "cuda:0"
  std::filesystem::path workspace;                       // its git revision is recorded where it has one
};

// {"versions", "git", "host", "devices", "command_line", "launch_env", "dot_env_names", "workspace", "time"}
Json describeEnvironment(const EnvironmentFacts& facts);

// The commit that is checked out in the repository around `folder` ("" where there is none). Reads .git itself.
std::string gitRevision(const std::filesystem::path& folder);

}  // namespace counterpoint
