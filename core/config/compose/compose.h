// SPDX-License-Identifier: GPL-3.0-or-later
// A config composed as Hydra 1.3.2 composes it: defaults lists merged in order, overrides on top, the hydra node
// filled. Every node says which layers set it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/config/compose/defaults_list.h"
#include "core/config/compose/search_path.h"
#include "core/config/interpolation/resolvers.h"
#include "core/config/tree/node.h"

namespace counterpoint {

struct ComposeRequest {
  enum class Mode {
    Compose,   // look only: hydra.mode stays as the files set it
    Run,       // hydra.mode RUN
    Multirun,  // hydra.mode MULTIRUN: the master of a sweep; groups that are still "???" are left out
  };

  std::vector<std::filesystem::path> configDirectories;  // the main one, then --config-dir
  std::string configName;                                // of a file below them, ".yaml" not needed; empty: none
  // What the editor holds for the primary config, instead of its file, and what origins and errors call it.
  std::optional<std::string> primaryText;
  std::string primarySource;
  std::vector<std::string> overrides;
  VersionBase versionBase = VersionBase::unspecified();
  Mode mode = Mode::Compose;

  std::string jobName = "counterpoint";                  // hydra.job.name where no one sets it
  std::optional<std::int64_t> jobNumber;                 // of a job of a sweep: hydra.job.id and num
  std::optional<std::filesystem::path> outputDirectory;  // hydra.runtime.output_dir
  std::filesystem::path workingDirectory;                // hydra.runtime.cwd; empty: the current one
  std::function<std::int64_t()> secondsSinceEpoch;       // of ${now:…}; jobs of one sweep share it. Unset: the clock
  std::shared_ptr<ConfigFileCache> cache;                // files already read; unset: none
};

struct Composed {
  ConfigNode task;   // what a recipe gets: without "hydra"; struct mode set
  ConfigNode hydra;  // the node under "hydra"
  DefaultsList defaults;
  std::vector<std::string> taskOverrides, hydraOverrides;  // as typed
  std::vector<ConfigSource> sources;
  std::vector<std::string> warnings;
  VersionBase version;
  std::function<std::int64_t()> secondsSinceEpoch;

  ConfigNode whole() const;  // the task's config with "hydra" behind it
  // Without interpolations; missing stays "???". Throw ConfigError with the full key and place.
  ConfigNode resolvedTask() const;
  ConfigNode resolvedHydra() const;
  // All that ${…} may call here; refers to `hydra`, so it must not outlive this.
  Resolvers resolvers() const;
  // Written in the files or in an override, or nothing: our run folders have names of their own.
  std::optional<std::string> requestedRunDirectory() const;
};

// Throws ConfigError: {OverrideSyntax}, {Composition}, {MissingConfig}, {Yaml} and its kin with the file's line;
// Error{Data} for a file that cannot be read.
Composed compose(const ComposeRequest& request);

// A request for FILE: its folder is the main config dir.
ComposeRequest requestOfFile(const std::filesystem::path& file, std::vector<std::string> overrides = {});

// The folder's config.yaml (the task, unresolved), hydra.yaml and overrides.yaml, as Hydra writes them below a run.
// `folder` is RUN/.hydra; where hydra.output_subdir is null nothing is written and false returned.
bool writeHydraFolder(const Composed& composed, const std::filesystem::path& folder);

}  // namespace counterpoint
