// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/launch_config.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/secrets.h"
#include "core/config/config.h"
#include "core/config/lookup.h"

namespace counterpoint {
Workspace currentWorkspace() {
  const auto here = std::filesystem::current_path();
  const auto found = Workspace::find(here);
  return found ? *found : Workspace::plain(here);
}

LaunchConfig readLaunchConfig(const std::string& yaml, const std::string& where) {
  LaunchConfig config;
  config.yaml = yaml;
  try {
    const YAML::Node root = YAML::Load(yaml);
    if (!root.IsMap()) throw usageError("is no map of names and values", where);
    config.recipe = root["recipe"] && root["recipe"].IsScalar() ? root["recipe"].as<std::string>() : "";
    const YAML::Node launch = root["launch"];
    if (launch && launch.IsMap()) {
      config.ranks = launch["ranks"].as<int>(1);
      for (const auto& device : launch["devices"])
        config.devices += (config.devices.empty() ? "" : ",") + device.as<std::string>();
    }
    if (launch && launch.IsMap() && launch["env"]) {
      for (const auto& entry : launch["env"]) {
        const auto name = entry.first.as<std::string>();
        const auto value = entry.second.as<std::string>();
        if (isSecretName(name) || maskSecrets(value) != value)
          throw usageError("holds a key or token", "launch.env." + name,
                           "Put it into the workspace's .env, which is recorded nowhere.");
        config.environment[name] = value;
      }
    }
  } catch (const YAML::Exception& error) {
    throw usageError(error.msg, where + ", line " + std::to_string(error.mark.line + 1));
  }
  return config;
}

LaunchConfig composeForLaunch(const Workspace& workspace, const std::string& nameOrFile,
                              const std::vector<std::string>& overrides) {
  for (const auto& line : overrides) {
    const auto value = line.substr(std::min(line.size(), line.find('=') + 1));
    if (maskSecrets(value) != value)
      throw usageError("holds a key or token", "override " + line.substr(0, line.find('=')),
                       "Put it into the workspace's .env, which is recorded nowhere.");
  }
  const auto file = findConfig(nameOrFile, configRoots(workspace.root));
  LaunchConfig config = readLaunchConfig(Config::fromFile(file, overrides).yaml(), file.string());
  config.name = file.stem().string();
  return config;
}

}  // namespace counterpoint
