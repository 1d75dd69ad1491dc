// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep file of W&B's form (schema of sweeps 0.3), typed and checked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/config/sweeps/distributions.h"
#include "core/config/yaml_reader.h"

namespace counterpoint {

enum class SweepMethod { Grid, Random, Bayes, Custom };
std::string_view nameOf(SweepMethod method);

// What stands for the metric of a trial that has none.
enum class Imputation { Worst, Best, Latest };

struct SweepMetric {
  std::string name;
  bool maximize = false;
  std::optional<double> target;  // the sweep ends once a trial reaches it
  Imputation impute = Imputation::Worst;
  std::optional<Imputation> imputeWhileRunning;
};

struct SweepParameter {
  std::vector<std::string> path;  // more than one word: nested `parameters`
  Distribution distribution;
  TextPosition position;

  std::string key() const;  // dotted
};

// early_terminate of type hyperband. Either bound is given; maxIterations wins.
struct HyperbandRule {
  std::optional<double> maxIterations, minIterations;
  double rounds = 0;  // s
  double eta = 3;
  bool strict = true;
};

struct SweepFile {
  std::string source;  // as named in errors
  SweepMethod method = SweepMethod::Random;
  std::optional<SweepMetric> metric;
  std::vector<SweepMetric> metrics;        // of several objectives; method custom only
  std::vector<SweepParameter> parameters;  // sorted by name at each level, nested ones in their parent's place
  std::optional<HyperbandRule> hyperband;
  std::optional<std::int64_t> runCap;
  std::string name, description, program, project, entity;
  std::vector<std::string> command;
  Json others = Json::object();    // controller, job, image_uri, scheduler, apiVersion, kind: kept, not used here
  std::vector<std::string> notes;  // what was put up with: keys of early_terminate that mean nothing

  std::string where(const SweepParameter& parameter) const;  // "FILE, line 12"
};

// Throw Error{Usage} naming file and line of what does not fit the schema, with the nearest name.
SweepFile readSweepText(std::string_view text, const std::string& source);
SweepFile readSweepFile(const std::filesystem::path& file);

// True for YAML with `method` and `parameters` at its root: a sweep file, not a config.
bool looksLikeSweepFile(std::string_view text);

// The values of one trial, one for each of `parameters`.
using TrialValues = std::vector<Json>;

// As W&B gives it to a trial: {"lr": {"value": 0.1}, "optimizer": {"value": {"beta": 0.9}}}.
Json trialConfig(const SweepFile& file, const TrialValues& values);

}  // namespace counterpoint
