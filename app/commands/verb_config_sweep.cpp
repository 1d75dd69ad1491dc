// SPDX-License-Identifier: GPL-3.0-or-later
// config sweep: the jobs of a grid sweep, one a line.
#include "app/commands/verbs.h"

#include "core/base/json.h"
#include "core/base/words.h"
#include "core/config/compose/search_path.h"
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

constexpr std::string_view kParams = "hydra.sweeper.params";

// hydra.sweeper.params and max_batch_size as overrides set them. A param's text is an override's value of its own.
void takeSweeper(const Override& override, SweepOptions& sweep) {
  const auto textOf = [](const ConfigNode& node) { return pythonText(node.scalar()); };
  const auto add = [&](std::string key, const ConfigNode& value) {
    if (value.isContainer()) throw usageError("a param of the sweeper is a text", override.inputLine, "Quote it.");
    sweep.params.emplace_back(std::move(key), textOf(value));
  };
  if (override.isSweep()) return;
  if (override.keyOrGroup == "hydra.sweeper.max_batch_size") {
    const auto scalar = override.node().scalar();
    const auto* size = std::get_if<std::int64_t>(&scalar);
    if (!size) throw usageError("no number of jobs", override.inputLine, "Write hydra.sweeper.max_batch_size=8.");
    sweep.maxBatchSize = *size;
  } else if (override.keyOrGroup == kParams) {
    const ConfigNode params = override.node();
    if (!params.isDict()) throw usageError("no dict", override.inputLine, "Write hydra.sweeper.params={key:'1,2'}.");
    for (const auto& member : params.members()) add(member.key.text(), member.value);
  } else if (override.keyOrGroup.starts_with(std::string(kParams) + ".")) {
    add(override.keyOrGroup.substr(kParams.size() + 1), override.node());
  }
}

int runSweepList(const SweepListOptions& options, const Context& context) {
  const auto roots = configRoots(Workspace::find(std::filesystem::current_path()), options.directory);
  const auto file = findConfig(options.config, roots);
  const auto overrides = parseOverrides(options.overrides, options.seed);
  SweepOptions sweep;
  sweep.seed = options.seed;
  const ConfigRepository repository(roots, VersionBase::parse(""), nullptr);
  sweep.groupOptions = [&](const std::string& group) { return repository.options(group); };
  for (const auto& override : overrides) {
    if (override.isHydra()) takeSweeper(override, sweep);
  }
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
