// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/sweeps/search.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.h"

namespace counterpoint {
namespace {

constexpr std::size_t kMostSamples = 100, kLeastReal = 5;
constexpr int kCandidates = 1000;

// Never 0, where normal distributions are infinite.
double positiveUniform(Random& random) { return std::max(random.uniform(), 0x1p-54); }

double signOf(const SweepFile& file) { return file.metric && file.metric->maximize ? -1 : 1; }

// The worst value that any ended trial ever had; 0 where there is none.
double worstOf(const SweepFile& file, std::span<const SweepTrial> trials) {
  double worst = -std::numeric_limits<double>::infinity();
  for (const auto& trial : trials) {
    if (!hasEnded(trial.state)) continue;
    if (const auto value = bestOf(trial.history, !file.metric->maximize))
      worst = std::max(worst, signOf(file) * *value);
  }
  return std::isfinite(worst) ? signOf(file) * worst : 0;
}

double imputed(const SweepFile& file, const SweepTrial& trial, Imputation how, double worst) {
  if (how == Imputation::Worst) return worst;
  if (trial.history.empty()) return 0;
  return how == Imputation::Best ? *bestOf(trial.history, file.metric->maximize) : trial.history.back();
}

std::optional<double> valueOf(const SweepFile& file, const SweepTrial& trial, double worst) {
  const auto best = bestOf(trial.history, file.metric->maximize);
  switch (trial.state) {
    case TrialState::Finished: return best ? *best : imputed(file, trial, file.metric->impute, worst);
    case TrialState::Failed:
    case TrialState::Killed: return imputed(file, trial, file.metric->impute, worst);
    case TrialState::Running:
      if (!file.metric->imputeWhileRunning) return std::nullopt;
      return best ? *best : imputed(file, trial, *file.metric->imputeWhileRunning, worst);
    case TrialState::Pending: break;
  }
  return std::nullopt;
}

// By the parameters that vary; empty for values that the file's distributions cannot give.
std::optional<Point> pointOf(const SweepFile& file, const TrialValues& values) {
  Point point;
  for (std::size_t i = 0; i < file.parameters.size() && i < values.size(); ++i) {
    const auto& distribution = file.parameters[i].distribution;
    if (distribution.isConstant()) continue;
    const auto share = cdf(distribution, values[i]);
    if (!share || !std::isfinite(*share)) return std::nullopt;
    point.push_back(*share);
  }
  return point;
}

struct Scale {
  double mean = 0, deviation = 1;
};

Scale scaleOf(const std::vector<double>& values) {
  Scale scale;
  for (const double value : values) scale.mean += value / static_cast<double>(values.size());
  double square = 0;
  for (const double value : values) square += (value - scale.mean) * (value - scale.mean);
  scale.deviation = std::sqrt(square / static_cast<double>(values.size())) + 1e-6;
  return scale;
}

struct FittedProcess {
  GaussianProcess process;
  Scale scale;
};

FittedProcess fit(const BayesData& data) {
  const Scale scale = scaleOf(data.values);
  std::vector<double> standard;
  for (const double value : data.values) standard.push_back((value - scale.mean) / scale.deviation);
  return {GaussianProcess::fit(data.points, standard), scale};
}

TrialValues valuesAt(const SweepFile& file, const Point& point) {
  TrialValues values;
  std::size_t next = 0;
  for (const auto& parameter : file.parameters)
    values.push_back(draw(parameter.distribution, parameter.distribution.isConstant() ? 0 : point[next++]));
  return values;
}

void keepSome(BayesData& data, Random& random) {
  if (data.points.size() <= kMostSamples) return;
  std::vector<std::size_t> order(data.points.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  random.shuffle(order);
  BayesData kept;
  kept.running = std::move(data.running);
  for (std::size_t i = 0; i < kMostSamples; ++i) {
    kept.points.push_back(data.points[order[i]]);
    kept.values.push_back(data.values[order[i]]);
  }
  data = std::move(kept);
}

}  // namespace

std::string_view nameOf(TrialState state) {
  constexpr std::string_view kNames[] = {"pending", "running", "finished", "failed", "killed"};
  return kNames[static_cast<std::size_t>(state)];
}

std::optional<TrialState> trialStateNamed(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(TrialState::Killed); ++i)
    if (nameOf(static_cast<TrialState>(i)) == name) return static_cast<TrialState>(i);
  return std::nullopt;
}

bool hasEnded(TrialState state) { return state != TrialState::Pending && state != TrialState::Running; }

std::optional<double> bestOf(const std::vector<double>& history, bool maximize) {
  if (history.empty()) return std::nullopt;
  return maximize ? *std::max_element(history.begin(), history.end())
                  : *std::min_element(history.begin(), history.end());
}

TrialValues randomTrial(const SweepFile& file, Random& random) {
  TrialValues values;
  for (const auto& parameter : file.parameters) values.push_back(draw(parameter.distribution, positiveUniform(random)));
  return values;
}

BayesData bayesData(const SweepFile& file, std::span<const SweepTrial> trials) {
  BayesData data;
  const double worst = worstOf(file, trials);
  for (const auto& trial : trials) {
    const auto point = pointOf(file, trial.values);
    if (!point) continue;
    if (const auto value = valueOf(file, trial, worst)) {
      data.points.push_back(*point);
      data.values.push_back(signOf(file) * *value);
    } else {
      data.running.push_back(*point);
    }
  }
  return data;
}

TrialValues bayesTrial(const SweepFile& file, std::span<const SweepTrial> trials, Random& random) {
  BayesData data = bayesData(file, trials);
  if (data.points.size() < 2) return randomTrial(file, random);
  const double best = *std::min_element(data.values.begin(), data.values.end());
  keepSome(data, random);
  auto fitted = fit(data);
  if (!data.running.empty()) {  // as if they had reached what is predicted of them
    data.running.resize(std::min(data.running.size(), kMostSamples - kLeastReal));
    for (const auto& point : data.running) {
      const double mean = fitted.process.predict(point).mean;
      data.points.push_back(point);
      data.values.push_back(mean * fitted.scale.deviation + fitted.scale.mean);
    }
    fitted = fit(data);
  }
  const double standardBest = (best - fitted.scale.mean) / fitted.scale.deviation;
  Point chosen;
  double highest = -std::numeric_limits<double>::infinity();
  for (int i = 0; i < kCandidates; ++i) {
    Point candidate(data.points[0].size());
    for (double& share : candidate) share = positiveUniform(random);
    const double gain = expectedImprovement(fitted.process.predict(candidate), standardBest);
    if (i > 0 && !(gain > highest)) continue;
    highest = gain;
    chosen = std::move(candidate);
  }
  if (fitted.process.isAtBound())  // a bad fit says nothing about where to look
    for (double& share : chosen) share = positiveUniform(random);
  return valuesAt(file, chosen);
}

std::optional<TrialValues> nextTrial(const SweepFile& file, std::span<const SweepTrial> trials, std::uint64_t seed) {
  Random random(deriveSeed(seed, "sweep trial", trials.size()));
  switch (file.method) {
    case SweepMethod::Grid: return nextOfGrid(file, trials);
    case SweepMethod::Bayes: return bayesTrial(file, trials, random);
    default: return randomTrial(file, random);
  }
}

}  // namespace counterpoint
