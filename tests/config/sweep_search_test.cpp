// SPDX-License-Identifier: GPL-3.0-or-later
// Search against W&B's own package, scipy and scikit-learn (tests/golden/config/sweep_search.py).
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/config/sweeps/hyperband.h"
#include "core/config/sweeps/search.h"
#include "tests/support/golden.h"

namespace counterpoint {
namespace {

const Json& golden() {
  static const Json all = [] {
    const char* other = std::getenv("COUNTERPOINT_SWEEP_GOLDEN");  // answers for another seed
    return Json::parse(readFile(other ? other : goldenFolder("config") / "sweep_search.json", 1 << 24));
  }();
  return all;
}

SweepFile fileOf(const Json& parameters, const std::string& method = "random", const Json& more = Json::object()) {
  Json file = {{"method", method}, {"parameters", parameters}};
  file.update(more);
  return readSweepText(file.dump(), "golden");
}

Distribution distributionOf(const Json& form) { return fileOf({{"x", form}}).parameters.at(0).distribution; }

void expectClose(double mine, double theirs, double relative, const std::string& what) {
  if (std::isinf(theirs)) {
    EXPECT_EQ(mine, theirs) << what;
  } else {
    EXPECT_NEAR(mine, theirs, relative * std::max(1e-3, std::abs(theirs))) << what;
  }
}

TEST(SweepDistributions, DrawWhatWandbDraws) {
  for (const auto& row : golden()["draws"]) {
    const auto distribution = distributionOf(row["parameter"]);
    const Json mine = draw(distribution, row["u"].get<double>());
    const Json& theirs = row["value"];
    if (mine.is_number_float()) {
      expectClose(mine.get<double>(), numberFromJson(theirs), 1e-11, row.dump());
    } else {
      EXPECT_EQ(mine, theirs) << row;
      EXPECT_EQ(mine.is_number_integer(), theirs.is_number_integer()) << row;
    }
  }
  EXPECT_GT(golden()["draws"].size(), 350u);
}

TEST(SweepDistributions, MapBackToWandbsProbabilities) {
  for (const auto& row : golden()["probabilities"]) {
    const auto share = cdf(distributionOf(row["parameter"]), row["value"]);
    ASSERT_TRUE(share) << row;
    expectClose(*share, row["cdf"], 1e-11, row.dump());
  }
  const Distribution words = distributionOf({{"values", {"a", "b"}}});
  EXPECT_FALSE(cdf(words, "c"));
  EXPECT_FALSE(cdf(distributionOf({{"min", 0}, {"max", 3}}), "c"));
}

TEST(SweepDistributions, AreInferredAndRefusedAsTheSchemaDoes) {
  int refused = 0;
  for (const auto& row : golden()["inference"]) {
    if (row["kind"].is_null()) {
      EXPECT_THROW(distributionOf(row["parameter"]), Error) << row;
      ++refused;
    } else {
      EXPECT_EQ(nameOf(distributionOf(row["parameter"]).kind), row["kind"].get<std::string>()) << row;
    }
  }
  EXPECT_GT(refused, 30);
}

TEST(SweepGrid, GoesInWandbsOrderAndSkipsWhatWasUsed) {
  for (const auto& row : golden()["grids"]) {
    const SweepFile file = fileOf(row["parameters"], "grid");
    std::vector<SweepTrial> trials;
    for (const auto& config : row["configs"]) {
      const auto values = nextOfGrid(file, trials);
      ASSERT_TRUE(values) << row["parameters"];
      EXPECT_EQ(Json(nlohmann::json(trialConfig(file, *values))).dump(), Json(nlohmann::json(config)).dump());
      trials.push_back({TrialState::Finished, *values, {}});
    }
    if (row["complete"].get<bool>()) {
      EXPECT_FALSE(nextOfGrid(file, trials));
      EXPECT_EQ(gridSize(file), trials.size());
    }
    std::vector<SweepTrial> some;
    for (const auto& index : row["used"]) some.push_back(trials.at(index.get<std::size_t>()));
    const auto next = nextOfGrid(file, some);
    ASSERT_EQ(next.has_value(), !row["next"].is_null());
    if (next) {
      EXPECT_EQ(Json(nlohmann::json(trialConfig(file, *next))).dump(), Json(nlohmann::json(row["next"])).dump());
    }
  }
}

TEST(SweepGrid, HoldsOneAndOnePointZeroEqual) {
  const SweepFile file = fileOf({{"x", {{"values", {1, 2}}}}}, "grid");
  EXPECT_EQ(nextOfGrid(file, std::vector<SweepTrial>{{TrialState::Finished, {Json(1.0)}, {}}}), TrialValues{Json(2)});
}

Json hyperbandFile(const Json& rule, const std::string& goal) {
  return {{"metric", {{"name", "m"}, {"goal", goal}}}, {"early_terminate", rule}};
}

std::vector<SweepTrial> trialsOf(const Json& runs) {
  std::vector<SweepTrial> trials;
  for (const auto& run : runs) {
    SweepTrial trial;
    trial.state = *trialStateNamed(run["state"].get<std::string>());
    trial.history = run["history"].get<std::vector<double>>();
    if (run.contains("values"))
      for (const auto& value : run["values"]) trial.values.push_back(value);
    trials.push_back(std::move(trial));
  }
  return trials;
}

TEST(SweepHyperband, StopsTheRunsThatWandbStops) {
  std::size_t stopped = 0;
  for (const auto& row : golden()["hyperband"]) {
    const SweepFile file = fileOf({{"a", {{"values", {1}}}}}, "random", hyperbandFile(row["rule"], row["goal"]));
    const auto trials = trialsOf(row["runs"]);
    if (row["stops"].is_null()) {
      EXPECT_THROW(hyperbandStops(*file.hyperband, file.metric->maximize, trials), Error) << row;
      continue;
    }
    EXPECT_EQ(hyperbandStops(*file.hyperband, file.metric->maximize, trials),
              row["stops"].get<std::vector<std::size_t>>())
        << row;
    stopped += row["stops"].size();
  }
  EXPECT_GT(stopped, 10u);
}

TEST(SweepHyperband, DoesTheFixtureByHand) {
  const std::vector<SweepTrial> trials = {{TrialState::Finished, {}, {10, 9}},
                                          {TrialState::Running, {}, {10, 10}},
                                          {TrialState::Running, {}, {10, 8, 8}},
                                          {TrialState::Running, {}, {10, 7, 7}},
                                          {TrialState::Finished, {}, {10, 6, 6}}};
  const HyperbandRule rule{5, {}, 2, 2, true};
  const auto bands = hyperbandBands(rule, false, trials);
  ASSERT_EQ(bands.size(), 2u);
  EXPECT_EQ(bands[0].iteration, 1);
  EXPECT_EQ(bands[0].threshold, 10);
  EXPECT_EQ(bands[1].iteration, 2);
  EXPECT_EQ(bands[1].threshold, 8);
  EXPECT_EQ(hyperbandStops(rule, false, trials), std::vector<std::size_t>{1});
}

TEST(SweepGaussianProcess, PredictsWhatScikitLearnPredicts) {
  for (const auto& row : golden()["processes"]) {
    const auto points = row["points"].get<std::vector<Point>>();
    const auto values = row["values"].get<std::vector<double>>();
    const double best = *std::min_element(values.begin(), values.end());
    for (const auto& fixed : row["fixed"]) {
      const GaussianProcess process(points, values, fixed["scale"].get<double>());
      expectClose(process.logLikelihood(), fixed["likelihood"], 1e-6, "likelihood");
      for (std::size_t i = 0; i < row["queries"].size(); ++i) {
        const auto prediction = process.predict(row["queries"][i].get<Point>());
        expectClose(prediction.mean, fixed["mean"][i], 1e-6, "mean");
        expectClose(prediction.deviation, fixed["deviation"][i], 1e-6, "deviation");
        expectClose(expectedImprovement(prediction, best), fixed["gain"][i], 1e-6, "expected improvement");
      }
    }
    const auto fitted = GaussianProcess::fit(points, values);
    EXPECT_GE(fitted.logLikelihood(), row["reached"].get<double>() - 1e-6 * std::abs(row["reached"].get<double>()))
        << fitted.lengthScale() << " against " << row["scale"];
  }
}

TEST(SweepBayes, TrainsOnTheSampleThatWandbTrainsOn) {
  for (const auto& row : golden()["samples"]) {
    const SweepFile file = fileOf(row["parameters"], "bayes", {{"metric", row["metric"]}});
    const auto data = bayesData(file, trialsOf(row["runs"]));
    ASSERT_EQ(data.values.size(), row["values"].size()) << row;
    ASSERT_EQ(data.running.size(), row["running"].size()) << row;
    for (std::size_t i = 0; i < data.values.size(); ++i) {
      EXPECT_DOUBLE_EQ(data.values[i], row["values"][i].get<double>()) << row;
      for (std::size_t k = 0; k < data.points[i].size(); ++k)
        expectClose(data.points[i][k], row["points"][i][k], 1e-11, row.dump());
    }
    for (std::size_t i = 0; i < data.running.size(); ++i)
      for (std::size_t k = 0; k < data.running[i].size(); ++k)
        expectClose(data.running[i][k], row["running"][i][k], 1e-11, row.dump());
  }
}

// Distance of the best of `count` trials from the bottom of a bowl at (0.3, 1e-3).
double bestAfter(const std::string& method, int count, std::uint64_t seed) {
  const SweepFile file = fileOf({{"x", {{"min", 0.0}, {"max", 1.0}}},
                                 {"lr", {{"distribution", "log_uniform_values"}, {"min", 1e-5}, {"max", 1e-1}}}},
                                method, {{"metric", {{"name", "loss"}}}});
  std::vector<SweepTrial> trials;
  double best = INFINITY;
  for (int i = 0; i < count; ++i) {
    const auto values = *nextTrial(file, trials, seed);
    const double lr = std::log10(values[0].get<double>()) + 3, x = values[1].get<double>() - 0.3;
    const double loss = x * x + lr * lr / 16;
    best = std::min(best, loss);
    trials.push_back({TrialState::Finished, values, {loss + 1, loss}});
  }
  return best;
}

TEST(SweepBayes, FindsTheBottomOfABowlFasterThanChance) {
  int won = 0;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const double found = bestAfter("bayes", 25, seed);
    EXPECT_LT(found, 2e-3) << seed;
    won += found < bestAfter("random", 25, seed);
  }
  EXPECT_GE(won, 4);
}

TEST(SweepSearch, DependsOnSeedAndTrialsAlone) {
  const SweepFile file = fileOf({{"x", {{"distribution", "normal"}}}, {"y", {{"values", {1, 2, 3}}}}});
  std::vector<SweepTrial> trials;
  EXPECT_EQ(nextTrial(file, trials, 7), nextTrial(file, trials, 7));
  EXPECT_NE(nextTrial(file, trials, 7), nextTrial(file, trials, 8));
  trials.push_back({TrialState::Finished, *nextTrial(file, trials, 7), {}});
  EXPECT_NE(nextTrial(file, trials, 7), trials[0].values);
}

TEST(SweepBayes, AHundredAndFiftyTrialsTakeWellUnderTwoSeconds) {
  const SweepFile file = fileOf({{"x", {{"min", 0.0}, {"max", 1.0}}}, {"y", {{"min", 0.0}, {"max", 1.0}}}}, "bayes",
                                {{"metric", {{"name", "loss"}}}});
  std::vector<SweepTrial> trials;
  Random random(3);
  for (int i = 0; i < 150; ++i) trials.push_back({TrialState::Finished, randomTrial(file, random), {random.uniform()}});
  const auto values = nextTrial(file, trials, 1);
  ASSERT_TRUE(values);
  EXPECT_NE(values->at(0), trials.back().values[0]);
}

}  // namespace
}  // namespace counterpoint
