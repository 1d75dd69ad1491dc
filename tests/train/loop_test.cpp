// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/loop.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <cmath>
#include <csignal>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/device/device.h"
#include "tests/support/ranks.h"
#include "tests/train/toy_task.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

struct Recorder : EventSink {
  Json lines = Json::array();
  Scalars sums;
  int steps = 0;
  void scalars(std::int64_t step, double epoch, const Scalars& values) override {
    Json line{{"step", step}, {"epoch", epoch}};
    for (const auto& [name, value] : values) line[name] = value;
    lines.push_back(line);
    if (!values.contains("time/step") || ++steps == 1) return;
    for (const auto& [name, value] : values) sums[name] += value;
  }
  void progress(const TrainingProgress& now) override { last = now; }
  void checkpoint(std::int64_t step, double, const fs::path& path, bool best, const Scalars&) override {
    checkpoints.push_back({step, path.filename().string(), best});
  }
  void log(std::int64_t, double, const std::string&) override {}
  TrainingProgress last;
  Json checkpoints = Json::array();
};

const RankBodyName kTrain("train", [](const fs::path& folder, const std::string& argument) {
  setThreads(1);
  const auto group = ProcessGroup::join(readGroupEnvironment());
  const auto wanted = Json::parse(argument);
  ToyOptions toy;
  toy.useDouble = wanted.value("double", true);
  toy.branch = wanted.value("branch", false);
  toy.dropout = wanted.value("dropout", 0.0);
  toy.width = wanted.value("width", 16);
  toy.batch = wanted.value("batch", 12);
  toy.nanAt = wanted.value("nan_at", -1);
  toy.dieAt = wanted.value("die_at", -1);
  seedTorch(3);
  ToyTask task(toy, group);
  seedTorch(4, group.rank());

  const auto name = wanted.value("name", std::string("run"));
  LoopOptions options;
  options.epochs = 3;
  options.maxSteps = wanted.value("max_steps", 20);
  options.accumulation = wanted.value("accumulation", 1);
  options.optimizer.kind = wanted.value("sgd", false) ? OptimizerOptions::Kind::Sgd : OptimizerOptions::Kind::AdamW;
  options.rate = {RateShape::CosineWarmup, 3, 20, 0};
  options.maxGradientNorm = 0.5;
  options.precision = wanted.value("bfloat16", false) ? Precision::Bfloat16 : Precision::Float32;
  options.checkpointFolder = folder / name / "checkpoints";
  if (wanted.contains("resume")) options.resumeFrom = wanted["resume"].get<std::string>();
  Recorder recorder;
  std::int64_t polled = options.resumeFrom.empty() ? 0 : 1000;
  const auto stopAt = wanted.value("stop_at", -1);
  TrainingLoop loop(task, group, options, &recorder, [&] {
    if (++polled != stopAt) return StopWish::None;
    return wanted.value("after_epoch", false) ? StopWish::AfterEpoch : StopWish::AfterStep;
  });
  const auto result = loop.run();

  Json weights = Json::object();
  for (const auto& entry : task.net().named_parameters()) {
    const auto flat = entry.value().detach().to(at::kDouble).contiguous();
    if (flat.numel() <= 512)
      weights[entry.key()] =
          std::vector<double>(flat.const_data_ptr<double>(), flat.const_data_ptr<double>() + flat.numel());
  }
  Json times = Json::object();
  for (const auto& [key, value] : recorder.sums) times[key] = value / std::max(recorder.steps - 1, 1);
  writeJsonFile(folder / name / ("result." + std::to_string(group.rank())),
                Json{{"stopped", result.stopped},
                     {"step", result.position.step},
                     {"epoch", result.position.epoch},
                     {"position", result.position.position},
                     {"weights", weights},
                     {"means", times},
                     {"seen", task.net().seen.item<std::int64_t>()},
                     {"lines", recorder.lines},
                     {"checkpoints", recorder.checkpoints},
                     {"eta", recorder.last.etaSeconds.has_value()}});
  return 0;
});

class Runs : public testing::Test {
 protected:
  // Runs the body on `size` ranks and gives back each rank's result.
  std::vector<Json> run(int size, Json argument, const std::string& name) {
    argument["name"] = name;
    fs::create_directories(folder_ / name);
    EXPECT_THAT(runRanks(size, "train", folder_.path(), argument.dump()), testing::Each(0));
    std::vector<Json> results;
    for (int rank = 0; rank < size; ++rank) {
      results.push_back(readJsonFile(folder_ / name / ("result." + std::to_string(rank))));
    }
    return results;
  }

  static double largestDifference(const Json& a, const Json& b) {
    double largest = 0;
    for (const auto& [key, values] : a.items()) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        largest = std::max(largest, std::abs(values[i].get<double>() - b[key][i].get<double>()));
      }
    }
    return largest;
  }

  TemporaryFolder folder_;
};

class SameAsOneRank : public Runs, public testing::WithParamInterface<std::tuple<bool, bool>> {};

TEST_P(SameAsOneRank, AfterTwentySteps) {
  const auto [sgd, branch] = GetParam();
  const Json argument{{"sgd", sgd}, {"double", !sgd}, {"branch", branch}};
  const auto one = run(1, argument, "one"), two = run(2, argument, "two");
  ASSERT_EQ(one[0]["step"], 20);
  EXPECT_EQ(two[0]["weights"], two[1]["weights"]) << "ranks never drift apart";
  const double difference = largestDifference(one[0]["weights"], two[0]["weights"]);
  RecordProperty("largest_difference", std::to_string(difference));
  printf("largest difference after 20 steps: %.3g\n", difference);
  EXPECT_LT(difference, sgd ? 1e-5 : 1e-9);
  EXPECT_GT(largestDifference(
                one[0]["weights"],
                run(1, {{"max_steps", 1}, {"double", !sgd}, {"branch", branch}, {"sgd", sgd}}, "start")[0]["weights"]),
            1e-3)
      << "it learns";
}

INSTANTIATE_TEST_SUITE_P(Optimizers, SameAsOneRank, testing::Combine(testing::Bool(), testing::Bool()));

class Resume : public Runs, public testing::WithParamInterface<std::tuple<int, bool>> {};

TEST_P(Resume, ContinuesBitForBit) {
  const auto [size, useDouble] = GetParam();
  Json argument{{"double", useDouble}, {"dropout", 0.3}, {"branch", true}};
  const auto straight = run(size, argument, "straight");
  argument["stop_at"] = 10;
  const auto broken = run(size, argument, "broken");
  EXPECT_EQ(broken[0]["stopped"], true);
  EXPECT_EQ(broken[0]["step"], 10);
  EXPECT_EQ(broken[0]["position"], 3) << "in the middle of the second epoch";
  argument["resume"] = (folder_ / "broken/checkpoints/last").string();
  const auto resumed = run(size, argument, "resumed");
  for (int rank = 0; rank < size; ++rank) {
    const auto i = static_cast<std::size_t>(rank);
    EXPECT_EQ(resumed[i]["weights"], straight[i]["weights"]) << "rank " << rank;
    EXPECT_NE(resumed[i]["weights"], broken[i]["weights"]);
  }
  EXPECT_EQ(resumed[0]["seen"], straight[0]["seen"]) << "buffers are part of the state";
  // Every file but the metrics' order is a function of the state.
  const auto a = readCheckpoint(folder_ / "straight/checkpoints/last"),
             b = readCheckpoint(folder_ / "resumed/checkpoints/last");
  ASSERT_EQ(a.optimizer.size(), b.optimizer.size());
  for (const auto& [key, tensor] : a.optimizer) EXPECT_TRUE(tensor.equal(b.optimizer.at(key))) << key;
  ASSERT_EQ(a.randomStates.size(), static_cast<std::size_t>(size));
  for (std::size_t i = 0; i < a.randomStates.size(); ++i) EXPECT_TRUE(a.randomStates[i].equal(b.randomStates[i])) << i;
}

INSTANTIATE_TEST_SUITE_P(Sizes, Resume, testing::Combine(testing::Values(1, 2, 3), testing::Values(false)));

TEST_F(Runs, StopsAfterTheEpochWithItsValidation) {
  const auto result = run(2, {{"stop_at", 9}, {"after_epoch", true}}, "epoch");
  EXPECT_EQ(result[0]["stopped"], true);
  EXPECT_EQ(result[0]["step"], 14);
  EXPECT_EQ(result[0]["epoch"], 2);
  EXPECT_EQ(result[0]["position"], 0);
  EXPECT_EQ(readPosition(folder_ / "epoch/checkpoints/last").step, 14);
  EXPECT_FALSE(readCheckpoint(folder_ / "epoch/checkpoints/last").metrics.empty());
}

TEST_F(Runs, AccumulatesHalvesToTheWhole) {
  const auto whole = run(1, {{"batch", 12}, {"max_steps", 3}}, "whole");
  const auto halves = run(2, {{"batch", 12}, {"max_steps", 3}}, "halves");
  EXPECT_LT(largestDifference(whole[0]["weights"], halves[0]["weights"]), 1e-9);
  // Two batches a step: 7 batches make steps of 2, 2, 2 and 1.
  const auto accumulated = run(1, {{"accumulation", 2}, {"max_steps", 4}}, "accumulated");
  EXPECT_EQ(accumulated[0]["step"], 4);
  EXPECT_EQ(accumulated[0]["epoch"], 1);
  EXPECT_LT(largestDifference(accumulated[0]["weights"],
                              run(2, {{"accumulation", 2}, {"max_steps", 4}}, "twice")[0]["weights"]),
            1e-9);
}

TEST_F(Runs, ReportsWhatHappens) {
  const auto result = run(2, {{"double", false}, {"bfloat16", true}}, "reported")[0];
  const auto& line = result["lines"][4];
  EXPECT_EQ(line["step"], 5);
  EXPECT_NEAR(line["epoch"].get<double>(), 5.0 / 7, 1e-9);
  for (const auto* name :
       {"train/loss", "train/square", "train/grad_norm", "lr/first", "lr/rest", "time/data", "time/step"}) {
    EXPECT_TRUE(line.contains(name)) << name;
  }
  EXPECT_EQ(result["lines"][0]["lr/first"], 0.0) << "warm-up starts at nothing";
  EXPECT_EQ(result["lines"][3]["lr/first"], 0.02);
  EXPECT_EQ(result["lines"][7]["val/loss"], 1.0 / 7) << "validated after the epoch's seven steps";
  EXPECT_EQ(result["checkpoints"].size(), 3u);
  EXPECT_EQ(result["checkpoints"][2], Json({20, "step_000020", true}));
  EXPECT_EQ(result["eta"], false) << "not steady within a few milliseconds";
}

TEST_F(Runs, NamesStepRankAndSamplesOfANonFiniteLoss) {
  fs::create_directories(folder_ / "bad");
  EXPECT_THAT(runRanks(2, "train", folder_.path(), Json{{"name", "bad"}, {"nan_at", 5}}.dump()), testing::Each(6));
  for (const auto* file : {"error.0", "error.1"}) {
    EXPECT_THAT(readFile(folder_ / file),
                testing::AllOf(testing::HasSubstr("step 5"), testing::HasSubstr("rank 1: sample "),
                               testing::HasSubstr("not finite")));
  }
  EXPECT_FALSE(fs::exists(folder_ / "bad/checkpoints/last"));
}

TEST_F(Runs, EndsWhenARankIsKilledDuringBackward) {
  fs::create_directories(folder_ / "killed");
  const double start = steadySeconds();
  EXPECT_THAT(runRanks(3, "train", folder_.path(), Json{{"name", "killed"}, {"die_at", 5}}.dump()),
              testing::ElementsAre(7, 7, 137));
  EXPECT_LT(steadySeconds() - start, 15);
  EXPECT_THAT(readFile(folder_ / "error.0"),
              testing::AllOf(testing::HasSubstr("is gone"), testing::HasSubstr("gradient averaging")));
}

}  // namespace
}  // namespace counterpoint
