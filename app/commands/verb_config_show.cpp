// SPDX-License-Identifier: GPL-3.0-or-later
// config show: a config composed, in the forms of Hydra's --cfg and --info.
#include "app/commands/verbs.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/config/compose/present.h"
#include "core/config/config.h"
#include "core/config/lookup.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/yaml_guard.h"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

struct ConfigShowOptions {
  std::string config, directory, name, part, package, info, version;
  std::vector<std::string> overrides;
  bool sources = false, resolve = false, unresolved = false, multirun = false;
};

void addOptions(CLI::App& command, ConfigShowOptions& options) {
  command.add_option("config", options.config, "Name in the workspace's configs or in ours, or a file")
      ->type_name("NAME|FILE");
  command.add_option("overrides", options.overrides, "key=value, group=option, +add, ++force, ~delete")
      ->type_name("OVERRIDE");
  command
      .add_option("--config-dir", options.directory, "The folder to look names up in; of a FILE, one more for groups")
      ->type_name("DIR");
  command.add_option("--config-name", options.name, "The same as NAME")->type_name("NAME");
  command.add_option("-c,--cfg", options.part, "As Hydra prints it, not resolved: job, hydra or all")
      ->check(CLI::IsMember({"job", "hydra", "all"}));
  command.add_option("-p,--package", options.package, "Only this part of it")->type_name("a.b");
  command.add_option("-i,--info", options.info, "How it was composed")
      ->check(CLI::IsMember({"all", "config", "defaults", "defaults-tree", "searchpath"}));
  command.add_flag("--resolve", options.resolve, "With --cfg: replace interpolations by their values");
  command.add_flag("--no-resolve", options.unresolved, "Leave interpolations as they stand");
  command.add_flag("-m,--multirun", options.multirun, "As the master of a sweep");
  command.add_option("--version-base", options.version, "Behave as this version of Hydra; 1.1 without it")
      ->type_name("1.1|1.2|1.3");
  command.add_flag("--sources", options.sources, "Where each value comes from");
}

std::string placeOf(const ValueOrigin& origin) {
  if (origin.kind == ValueOrigin::Kind::Default) return "default";
  return origin.position.line > 0 ? fmt::format("{}, line {}", origin.source, origin.position.line) : origin.source;
}

// A recipe's config: complete by its schema.
int showRecipe(const fs::path& file, const ConfigShowOptions& options, const Context& context) {
  const Config config = Config::fromFile(file, options.overrides);
  if (context.json) {
    std::cout << config.values().dump(2) << "\n";
  } else if (options.sources) {
    for (const auto& key : config.schema().keys()) {
      std::cout << fmt::format("{:<36} {:<28} {}\n", key.path, yamlText(config.at(key.path)),
                               placeOf(config.originOf(key.path)));
    }
  } else {
    std::cout << config.yaml();
  }
  return 0;
}

void checkOptions(const ConfigShowOptions& options) {
  const int commands = !options.part.empty() + !options.info.empty() + options.multirun;
  if (commands > 1) {
    throw usageError("Only one of --run, --multirun, --cfg, --info and --shell_completion can be specified");
  }
  if (options.resolve && options.part.empty()) {
    throw usageError("The --resolve flag can only be used in conjunction with --cfg or --help", {},
                     "Without --cfg the config is resolved anyway.");
  }
  if (options.resolve && options.unresolved) throw usageError("--resolve and --no-resolve exclude each other");
}

// The file, and the folders in which its groups are looked up.
struct Place {
  fs::path file;
  ComposeRequest request;
};

Place placeOf(const std::string& config, const ConfigShowOptions& options) {
  const auto roots = configRoots(Workspace::find(fs::current_path()), options.directory);
  Place place;
  place.file = fs::absolute(findConfig(config, roots));
  place.request = requestOfFile(place.file, options.overrides);
  for (const auto& root : roots) {
    const auto relative = place.file.lexically_relative(fs::absolute(root).lexically_normal());
    if (relative.empty() || relative.begin()->string() == "..") continue;
    place.request.configDirectories = {root};
    place.request.configName = fs::path(relative).replace_extension().generic_string();
    return place;
  }
  if (!options.directory.empty()) place.request.configDirectories.push_back(options.directory);
  return place;
}

bool isRecipe(const fs::path& file, const ConfigShowOptions& options) {
  if (!options.part.empty() || !options.info.empty() || !options.package.empty() || options.unresolved ||
      options.multirun) {
    return false;
  }
  const LoadedConfig loaded = readConfigText(readFile(file, kMostYamlBytes), file.string());
  return !loaded.rawDefaults && loaded.content.isDict() && loaded.content.find("recipe");
}

int run(const ConfigShowOptions& given, const Context& context) {
  checkOptions(given);
  ConfigShowOptions options = given;
  std::string config = options.config;
  if (!options.name.empty()) {
    if (!config.empty()) options.overrides.insert(options.overrides.begin(), config);
    config = options.name;
  }
  if (config.empty()) throw usageError("name a config or a file", {}, "config show NAME|FILE [OVERRIDE…]");
  Place place = placeOf(config, options);
  if (isRecipe(place.file, options)) return showRecipe(place.file, options, context);
  if (!options.version.empty()) place.request.versionBase = VersionBase::parse(options.version);
  if (options.multirun) place.request.mode = ComposeRequest::Mode::Multirun;
  const Composed composed = compose(place.request);
  for (const auto& warning : composed.warnings) std::cerr << "warning: " << warning << "\n";
  if (!options.info.empty()) {
    std::cout << infoText(composed, options.info);
    return 0;
  }
  ShowOptions show;
  show.package = options.package;
  show.resolve = options.part.empty() ? !options.unresolved : options.resolve;
  if (options.part == "hydra") show.scope = ShowOptions::Scope::Hydra;
  if (options.part == "all") show.scope = ShowOptions::Scope::All;
  try {
    if (options.sources) {
      std::cout << sourcesText(shownNode(composed, show));
    } else if (context.json) {
      std::cout << toJson(shownNode(composed, show)).dump(2) << "\n";
    } else {
      std::cout << shownYaml(composed, show);
    }
  } catch (const ConfigError& error) {
    if (error.fault() != ConfigFault::Key || options.package.empty()) throw;
    std::cerr << error.problem() << "\n";
    return 1;
  }
  return 0;
}

}  // namespace

Verb configShowVerb() {
  return plainVerb<ConfigShowOptions>(
      {"config show", "Configs", "the composed config, complete", "config show echo_text optimizer.lr=3e-4", true},
      addOptions, run);
}

}  // namespace counterpoint
