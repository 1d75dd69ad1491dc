// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/launch_config.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/json.h"
#include "core/base/secrets.h"
#include "core/config/compose/compose.h"
#include "core/config/lookup.h"
#include "core/runs/environment_record.h"

#ifdef COUNTERPOINT_HAS_MEDIA
#include "core/media/table_source.h"
#endif

namespace counterpoint {
namespace {

constexpr const char* kSecretCure = "Put it into the workspace's .env, which is recorded nowhere.";

void refuseSecrets(const Json& values, const std::string& path) {
  for (const auto& [name, value] : values.items()) {
    const std::string here = values.is_array() ? path : path.empty() ? name : path + "." + name;
    if (value.is_structured()) {
      refuseSecrets(value, here);
    } else if (value.is_string()) {
      const auto text = value.get<std::string>();
      if ((isSecretName(name) && !text.empty()) || maskSecrets(text) != text)
        throw usageError("holds a key or token", here, kSecretCure);
    }
  }
}

// One that a later override replaces is in no value, but on record all the same.
void refuseSecrets(const std::vector<std::string>& overrides) {
  for (const auto& line : overrides)
    if (maskSecrets(line) != line || maskSecrets(line.substr(line.find('=') + 1)) != line.substr(line.find('=') + 1))
      throw usageError("holds a key or token", "override " + line.substr(0, line.find('=')), kSecretCure);
}

LaunchConfig launchConfigOf(Config config, const std::string& fileName) {
  requireTrainable(config.schema());
  LaunchConfig launch{std::move(config), fileName, {}, 0, {}};
  const auto isGiven = [&](const char* key) { return launch.config.originOf(key).kind != ValueOrigin::Kind::Default; };
  if (isGiven("name")) launch.name = launch.config.get<std::string>("name");
  if (isGiven("launch.ranks")) launch.ranks = launch.config.get<int>("launch.ranks");
  for (const auto& device : launch.config.at("launch.devices"))
    launch.devices += (launch.devices.empty() ? "" : ",") + device.get<std::string>();
  for (const auto& [name, value] : launch.config.at("launch.env").items())
    launch.environment[name] = value.get<std::string>();
  return launch;
}

}  // namespace

Workspace currentWorkspace() {
  const auto here = std::filesystem::current_path();
  const auto found = Workspace::find(here);
  return found ? *found : Workspace::plain(here);
}

LaunchConfig composeForLaunch(const Workspace& workspace, const std::string& nameOrFile,
                              const std::vector<std::string>& overrides, const std::string& configDirectory) {
  refuseSecrets(overrides);
  const auto file = findConfig(nameOrFile, configRoots(workspace, configDirectory));
  auto launch = launchConfigOf(Config::fromFile(file, overrides), file.stem().string());
  refuseSecrets(launch.config.values(), {});
  return launch;
}

LaunchConfig recordedLaunchConfig(const RunFolder& folder) {
  return launchConfigOf(Config::fromFile(folder.config()), folder.name());
}

void checkInputs(const Config& config, const Workspace& workspace, int ranks) {
  const auto has = [&](const char* key) { return config.schema().find(key) != nullptr; };
  if (has("train.batch_size")) {
    if (const int batch = config.get<int>("train.batch_size"); batch % ranks != 0)
      throw usageError(std::to_string(batch) + " cannot be dealt to " + std::to_string(ranks) + " ranks evenly",
                       "train.batch_size", "Choose a multiple of the number of ranks.");
  }
#ifdef COUNTERPOINT_HAS_MEDIA
  if (has("data.csv")) {
    const auto table = TableSource::from(config.values(), workspace.root).load();
    for (const char* split : {"train", "val"}) table.rowsOf(split);
  }
#endif
  if (has("text.tokenizer")) {
    const auto tokenizer = workspace.root / config.get<std::string>("text.tokenizer");
    std::error_code code;
    if (!std::filesystem::exists(tokenizer, code))
      throw dataError("there is no such tokenizer", tokenizer.string(), "Set text.tokenizer to one that is there.");
  }
}

RunFolder makeRunFolder(const Workspace& workspace, const LaunchConfig& launch, const NewRun& run) {
  const Composed* composed = launch.config.composed();
  const auto asked = composed ? composed->requestedRunDirectory() : std::nullopt;
  const RunFolder folder = asked ? RunFolder::createAt(workspace.root / *asked)
                                 : RunFolder::create(workspace.runs, run.name.empty() ? launch.name : run.name);
  writeDescription(folder, {launch.config.yaml(), run.overrides, {}, {}});
  if (composed) writeHydraFolder(*composed, folder.hydra());
  EnvironmentFacts facts;
  facts.commandLine = run.commandLine;
  facts.commandLine.insert(facts.commandLine.begin(), "counterpoint-worker");
  facts.launchEnvironment = launch.environment;
  for (const auto& [name, value] : run.dotEnv) facts.dotEnvNames.push_back(name);
  facts.devices = run.devices;
  facts.workspace = workspace.root;
  writeJsonFile(folder.environment(), describeEnvironment(facts));
  return folder;
}

}  // namespace counterpoint
