// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/sweep_work.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <set>

#include "app/commands/supervise.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/words.h"
#include "core/config/compose/group_choices.h"
#include "core/config/lookup.h"
#include "core/config/overrides/sweep.h"
#include "core/config/sweeps/search.h"
#include "core/config/sweeps/trial_keys.h"
#include "core/config/tree/yaml_guard.h"

namespace counterpoint {
namespace {

using Jobs = std::vector<std::vector<std::string>>;

// What a new sweep tries: a file, or a list of jobs.
struct Source {
  std::string name;
  std::optional<SweepFile> file;
  std::string text;  // of the file
  Jobs jobs;
};

std::optional<std::filesystem::path> sweepFileNamed(const std::string& what, const Workspace& workspace) {
  std::error_code code;
  if (what.ends_with(".yaml") || what.ends_with(".yml")) {
    if (!std::filesystem::exists(what, code))
      throw usageError("there is no such file", what, "Give a sweep file, or a name in configs/sweeps/.");
    return looksLikeSweepFile(readFile(what, kMostYamlBytes)) ? std::optional<std::filesystem::path>(what)
                                                              : std::nullopt;
  }
  for (const auto& root : configRoots(workspace))
    if (const auto file = root / "sweeps" / (what + ".yaml"); std::filesystem::exists(file, code)) return file;
  return std::nullopt;
}

std::optional<SweepFolder> sweepThatIsThere(const std::string& what, const Workspace& workspace) {
  std::error_code code;
  const auto path = what.find('/') == std::string::npos ? sweepsOf(workspace) / what : std::filesystem::path(what);
  if (what == "last" || std::filesystem::exists(path / "sweep.json", code))
    return SweepFolder::find(sweepsOf(workspace), what);
  return std::nullopt;
}

// Without its "+" or "++": the schema knows every key.
std::string plainOverride(const std::string& text) {
  const Override override = parseOverride(text);
  if (override.isDelete()) throw usageError("a key cannot be deleted from a trial", "override " + text);
  return override.key() + "=" + override.valueElementText();
}

// Splits what is swept from what every trial gets.
Jobs jobsOf(std::vector<std::string>& overrides) {
  std::vector<std::string> fixed, swept;
  for (const auto& text : overrides) {
    const bool isPlain = text.find_first_of(",(") == std::string::npos;
    (isPlain || !parseOverride(text).isSweep() ? fixed : swept).push_back(text);
  }
  if (swept.empty()) return {};
  overrides = fixed;
  Jobs jobs;
  for (const auto& job : sweepJobs(parseOverrides(swept))) {
    jobs.emplace_back();
    for (const auto& text : job) jobs.back().push_back(plainOverride(text));
  }
  return jobs;
}

// The jobs that a composed config's hydra.sweeper.params name.
Jobs jobsOfSweeper(const Composed& composed) {
  SweepOptions options;
  takeSweeper(composed.hydra, options);
  if (options.params.empty()) return {};
  Jobs jobs;
  for (const auto& job : sweepJobs({}, options)) {
    jobs.emplace_back();
    for (const auto& text : job) jobs.back().push_back(plainOverride(text));
  }
  return jobs;
}

// Every value of every job, before the first one starts.
void checkValues(const Jobs& jobs, const Config& config) {
  const Schema& schema = config.schema();
  std::set<std::string> seen;
  if (const Composed* composed = config.composed())
    for (const auto& choice : groupChoices(*composed))
      for (const auto& option : choice.options) seen.insert(choice.key + "=" + option);
  for (const auto& job : jobs) {
    for (const auto& text : job) {
      if (!seen.insert(text).second) continue;
      const std::string path = text.substr(0, text.find('='));
      const SchemaKey* key = schema.find(path);
      if (!key) {
        const auto near = schema.nearest(path);
        throw usageError("there is no key " + path, "override " + text,
                         near.empty() ? "" : "Did you mean " + near + "?");
      }
      if (key->path != path || key->type == ValueType::Text || key->type == ValueType::Path) continue;
      try {
        valueOf(*key, parseOverride(text).node());
      } catch (const Error& error) {
        throw usageError(error.problem(), "override " + text, error.cure());
      }
    }
  }
}

std::string allProblems(const std::vector<SweepProblem>& problems) {
  std::vector<std::string> lines;
  for (const auto& problem : problems) lines.push_back(problem.line());
  return join(lines, "; ");
}

// With the file's parameters under our keys.
SweepFile fitted(SweepFile file, const LaunchConfig& base, bool skipUnknown, std::vector<std::string>& notes) {
  for (const auto& note : file.notes) notes.push_back(note);
  SweepFit fit = fitToSchema(std::move(file), base.config.schema());
  for (const auto& note : fit.renamed) notes.push_back(note);
  if (!fit.problems.empty() && !skipUnknown) {
    const auto& first = fit.problems.front();
    if (fit.problems.size() == 1)
      throw usageError(first.what, first.where, first.cure.empty() ? "Or say --skip-unknown." : first.cure);
    throw usageError(
        fmt::format("{} parameters or values do not fit: {}", fit.problems.size(), allProblems(fit.problems)),
        fit.file.source, "Mend them, or leave them out with --skip-unknown.");
  }
  for (const auto& problem : fit.problems) notes.push_back("left out: " + problem.line());
  const auto& left = fit.file.parameters;
  if (left.empty() ||
      (fit.file.method == SweepMethod::Bayes &&
       std::all_of(left.begin(), left.end(), [](const auto& one) { return one.distribution.isConstant(); })))
    throw usageError("nothing is left to vary", fit.file.source);
  return std::move(fit.file);
}

// The folder's sweep as work: what it proposes and how a trial becomes a run.
SweepWork workOf(const SweepHeader& header, std::optional<SweepFile> file, Jobs jobs, const Workspace& workspace,
                 const std::string& sweepName, const Context& context) {
  SweepWork work;
  work.runs = workspace.runs;
  work.say = [](const std::string& line) { std::cerr << line << std::endl; };
  if (file) {
    work.metric = file->metric;
    work.hyperband = file->hyperband;
    work.next = [file = *file, seed = header.seed](std::span<const SweepTrial> trials) -> std::optional<TrialProposal> {
      const auto values = nextTrial(file, trials, seed);
      if (!values) return std::nullopt;
      return TrialProposal{*values, overridesOf(file, *values)};
    };
  } else {
    if (!header.metric.empty()) {  // for the table of results
      work.metric = SweepMetric{};
      work.metric->name = header.metric;
      work.metric->maximize = header.maximize;
    }
    work.next = [jobs = std::move(jobs)](std::span<const SweepTrial> trials) -> std::optional<TrialProposal> {
      if (trials.size() >= jobs.size()) return std::nullopt;
      return TrialProposal{{}, jobs[trials.size()]};
    };
  }
  const auto arguments = context.arguments;
  work.makeRun = [=](int trial, const std::vector<std::string>& overrides) {
    const LaunchConfig launch = composeForLaunch(workspace, header.base, overrides);
    const std::string devices = header.devices.empty() ? launch.devices : header.devices;
    LaunchPlan plan = planLaunch(workspace, launch, header.ranks > 0 ? header.ranks : launch.ranks, devices, 0);
    checkInputs(launch.config, workspace, plan.ranks);
    const RunFolder run =
        makeRunFolder(workspace, launch,
                      {fmt::format("{}-{:03}", sweepName, trial), overrides, plan.devices, arguments, plan.dotEnv});
    return std::pair{run, std::move(plan)};
  };
  work.planOf = [=](const RunFolder& run, int attempt) {
    const LaunchConfig launch = recordedLaunchConfig(run);
    const std::string devices = header.devices.empty() ? launch.devices : header.devices;
    return planLaunch(workspace, launch, header.ranks > 0 ? header.ranks : launch.ranks, devices, attempt);
  };
  return work;
}

// As makeRun, without a folder.
void checkFirstTrial(const SweepHeader& header, const SweepWork& work, const Workspace& workspace) {
  const auto first = work.next({});
  if (!first) throw usageError("there is nothing to try: a parameter has no value", header.base);
  auto overrides = header.overrides;
  overrides.insert(overrides.end(), first->overrides.begin(), first->overrides.end());
  const LaunchConfig launch = composeForLaunch(workspace, header.base, overrides);
  const std::string devices = header.devices.empty() ? launch.devices : header.devices;
  const auto plan = planLaunch(workspace, launch, header.ranks > 0 ? header.ranks : launch.ranks, devices, 0);
  checkInputs(launch.config, workspace, plan.ranks);
}

PreparedSweep goOn(const SweepFolder& folder, const SweepRequest& request, const Workspace& workspace,
                   const Context& context) {
  SweepHeader header = folder.readHeader();
  if (header.isAlive()) throw usageError("is running already", folder.name());
  if (!request.overrides.empty() || !request.base.empty() || request.seed)
    throw usageError("a sweep goes on with what it was started with", folder.name(),
                     "Only --count, --hours, --ranks and --devices may change.");
  if (request.count) header.count = request.count;
  if (request.hours) header.hours = request.hours;
  if (request.ranks > 0) header.ranks = request.ranks;
  if (!request.devices.empty()) header.devices = request.devices;
  folder.writeHeader(header);
  std::vector<std::string> notes;
  std::optional<SweepFile> file;
  Jobs jobs;
  std::error_code code;
  if (std::filesystem::exists(folder.file(), code)) {
    const LaunchConfig base = composeForLaunch(workspace, header.base, header.overrides);
    file = fitted(readSweepFile(folder.file()), base, true, notes);
    notes.clear();  // said at the start
  } else {
    jobs = readJsonFile(folder.jobs()).get<Jobs>();
  }
  const std::string name = folder.name().substr(std::min<std::size_t>(20, folder.name().size()));  // without the time
  return {folder, workOf(header, std::move(file), std::move(jobs), workspace, name, context), std::move(notes)};
}

}  // namespace

std::filesystem::path sweepsOf(const Workspace& workspace) { return workspace.root / "sweeps"; }

PreparedSweep prepareSweep(const SweepRequest& request, const Context& context) {
  const Workspace workspace = currentWorkspace();
  if (const auto there = sweepThatIsThere(request.what, workspace)) return goOn(*there, request, workspace, context);
  SweepHeader header;
  header.overrides = request.overrides;
  Source source;
  source.jobs = jobsOf(header.overrides);
  const auto found = source.jobs.empty() ? sweepFileNamed(request.what, workspace) : std::nullopt;
  std::vector<std::string> notes;
  if (found) {
    source.text = readFile(*found, kMostYamlBytes);
    source.file = readSweepText(source.text, found->string());
    source.name = source.file->name.empty() ? found->stem().string() : source.file->name;
    const bool isConfig = !source.file->program.empty() && !source.file->program.ends_with(".py");
    header.base = !request.base.empty() ? request.base : isConfig ? source.file->program : "";
    if (header.base.empty())
      throw usageError("does not say which config its trials start from", found->string(), "Add --base CONFIG.");
    const LaunchConfig base = composeForLaunch(workspace, header.base, header.overrides);
    source.file = fitted(std::move(*source.file), base, request.skipUnknown, notes);
    header.count = source.file->runCap;
    if (source.file->metric) {
      header.metric = source.file->metric->name;
      header.maximize = source.file->metric->maximize;
    }
  } else {
    header.base = request.what;
    const LaunchConfig base = composeForLaunch(workspace, header.base, header.overrides);
    if (source.jobs.empty() && base.config.composed()) source.jobs = jobsOfSweeper(*base.config.composed());
    if (source.jobs.empty())
      throw usageError("nothing is swept", request.what, "Add an override with several values: optimizer.lr=1e-3,1e-4");
    checkValues(source.jobs, base.config);
    source.name = base.name;
    header.metric =
        base.config.schema().find("train.best_metric") ? base.config.get<std::string>("train.best_metric") : "";
    header.maximize = !header.metric.empty() && base.config.get<std::string>("train.best_goal") == "max";
  }
  if (request.count) header.count = header.count ? std::min(*header.count, *request.count) : *request.count;
  header.hours = request.hours;
  header.seed = request.seed.value_or(0);
  header.ranks = request.ranks;
  header.devices = request.devices;
  header.created = wallSeconds();
  if (source.file && source.file->method != SweepMethod::Grid && !header.count && !header.hours &&
      !(source.file->metric && source.file->metric->target))
    notes.push_back("no run_cap, --count or --hours: it goes on until it is stopped");
  SweepWork work = workOf(header, source.file, source.jobs, workspace, source.name, context);
  checkFirstTrial(header, work, workspace);
  const SweepFolder folder = SweepFolder::create(sweepsOf(workspace), source.name);
  if (source.file) {
    writeFileAtomically(folder.file(), source.text);
  } else {
    writeJsonFile(folder.jobs(), source.jobs);
  }
  folder.writeHeader(header);
  return {folder, std::move(work), std::move(notes)};
}

}  // namespace counterpoint
