// SPDX-License-Identifier: GPL-3.0-or-later
// config sweep: the jobs of a grid sweep, one a line.
#include "app/commands/verbs.h"

#include "core/base/json.h"
#include "core/base/words.h"
#include "core/config/compose/compose.h"
#include "core/config/lookup.h"
#include "core/config/overrides/sweep.h"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>

namespace counterpoint {
namespace {

struct SweepListOptions {
  std::string config, directory;
  std::vector<std::string> overrides;
  std::uint64_t seed = 0;
};

void addSweepOptions(CLI::App& command, SweepListOptions& options) {
  command.add_option("config", options.config, "Name in the workspace's configs or in ours, or a file")
      ->required()
      ->type_name("NAME|FILE");
  command.add_option("overrides", options.overrides, "key=a,b or key=range(3) to sweep, key=value for all jobs")
      ->type_name("OVERRIDE");
  command.add_option("--config-dir", options.directory, "The one folder to look names up in")->type_name("DIR");
  command.add_option("--seed", options.seed, "Of shuffle")->type_name("NUMBER");
}

int runSweepList(const SweepListOptions& options, const Context& context) {
  const auto roots = configRoots(Workspace::find(std::filesystem::current_path()), options.directory);
  const auto file = findConfig(options.config, roots);
  const auto overrides = parseOverrides(options.overrides, options.seed);
  SweepOptions sweep;
  sweep.seed = options.seed;
  const ConfigRepository repository(roots, VersionBase::parse(""), nullptr);
  sweep.groupOptions = [&](const std::string& group) { return repository.options(group); };
  ComposeRequest request = requestOfFile(file);
  for (const auto& override : overrides)
    if (override.isHydra() && !override.isSweep()) request.overrides.push_back(override.inputLine);
  request.mode = ComposeRequest::Mode::Multirun;
  takeSweeper(compose(request).hydra, sweep);
  const SweepPlan plan(overrides, sweep);
  if (context.json) {
    Json jobs = Json::array(), batches = Json::array();
    for (std::size_t i = 0; i < plan.size(); ++i) jobs.push_back({{"num", i}, {"overrides", plan.job(i)}});
    for (const auto& [first, last] : plan.batches()) batches.push_back(last - first);
    std::cout << Json{{"config", file.string()}, {"count", plan.size()}, {"batches", batches}, {"jobs", jobs}}.dump(2)
              << "\n";
    return 0;
  }
  for (std::size_t i = 0; i < plan.size() && std::cout; ++i) std::cout << join(plan.job(i), ",") << "\n";
  return 0;
}

}  // namespace

Verb configSweepVerb() {
  return plainVerb<SweepListOptions>({"config sweep", "Configs", "the jobs of a grid sweep, one a line",
                                      "config sweep echo_text optimizer.lr=1e-4,3e-4 train.epochs=range(1,4)", true},
                                     addSweepOptions, runSweepList);
}

}  // namespace counterpoint
