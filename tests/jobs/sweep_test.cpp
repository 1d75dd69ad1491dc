// SPDX-License-Identifier: GPL-3.0-or-later
// Sweeps as a shell starts them, with the toy rank: its loss is optimizer.lr divided by the step.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <set>

#include "core/base/json.h"
#include "core/base/words.h"
#include "core/jobs/sweep_folder.h"
#include "tests/jobs/worker_fixture.h"

namespace counterpoint {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr const char* kToyPlan = "steps=4 step_ms=10 scale=optimizer.lr";

struct SweepTest : WorkerTest {
  void write(const std::string& text, const std::string& name = "sweep.yaml") {
    std::ofstream(workspace / name) << text;
  }
  SweepFolder sweep() { return SweepFolder::find(workspace / "sweeps", "last"); }
  int start(const std::string& arguments, const std::string& toy = kToyPlan) {
    return worker("sweep start --devices cpu " + arguments, toy);
  }
  // Waits for a sweep that `holds`.
  template <typename Holds>
  bool awaitTrials(double seconds, Holds holds) {
    const double deadline = steadySeconds() + seconds;
    while (steadySeconds() < deadline) {
      const auto all = SweepFolder::list(workspace / "sweeps");
      if (!all.empty() && holds(all[0].readTrials())) return true;
      FolderWatcher(all.empty() ? workspace.path() : all[0].path()).wait(0.05);
    }
    return false;
  }
  std::vector<std::string> eventsNamed(const std::string& event) {
    std::vector<std::string> found;
    for (const auto& line : split(readFile(sweep().trials()), '\n'))
      if (line.find("\"event\":\"" + event + "\"") != std::string::npos) found.push_back(line);
    return found;
  }
};

constexpr const char* kGrid =
    "method: grid\n"
    "metric: {name: train/loss}\n"
    "parameters:\n"
    "  optimizer.lr: {values: [0.5, 0.25]}\n"
    "  train: {parameters: {epochs: {values: [1, 2]}}}\n";

TEST_F(SweepTest, GroupsAndTheSweepersOwnParamsAreSwept) {
  const std::string toy = readFile(workspace / "configs/toy.yaml");
  std::filesystem::create_directories(workspace / "configs/optimizer");
  std::ofstream(workspace / "configs/optimizer/fast.yaml") << "lr: 0.5\n";
  std::ofstream(workspace / "configs/optimizer/slow.yaml") << "lr: 0.25\n";
  std::ofstream(workspace / "configs/main.yaml")
      << "defaults:\n  - optimizer: fast\n  - _self_\nhydra:\n  sweeper:\n    params:\n      seed: 3,4\n" + toy;
  ASSERT_EQ(worker("config sweep main"), 0) << err();
  EXPECT_EQ(out(), "seed=3\nseed=4\n");
  ASSERT_EQ(start("main"), 0) << err();
  ASSERT_THAT(sweep().readTrials(), SizeIs(2));
  EXPECT_EQ(sweep().readTrials()[1].overrides, std::vector<std::string>{"seed=4"});
  ASSERT_EQ(start("main optimizer=fast,slow"), 0) << err();
  const auto trials = sweep().readTrials();
  ASSERT_THAT(trials, SizeIs(2));
  EXPECT_THAT(readFile(RunFolder(workspace / "runs" / trials[1].run).config()), HasSubstr("lr: 0.25"));
  EXPECT_EQ(start("main optimizer=fast,quick"), 2);
}

TEST_F(SweepTest, AGridTriesEveryCombinationOnce) {
  write(kGrid);
  ASSERT_EQ(start("sweep.yaml --base toy data.frames=8"), 0) << err();
  const auto trials = sweep().readTrials();
  ASSERT_THAT(trials, SizeIs(4));
  EXPECT_EQ(trials[1].overrides, (std::vector<std::string>{"optimizer.lr=0.5", "train.epochs=2"}));
  EXPECT_EQ(trials[2].overrides, (std::vector<std::string>{"optimizer.lr=0.25", "train.epochs=1"}));
  for (const auto& trial : trials) {
    EXPECT_EQ(trial.state, TrialState::Finished);
    EXPECT_THAT(trial.history, SizeIs(4));
  }
  EXPECT_DOUBLE_EQ(trials[2].history.back(), 0.0625);
  EXPECT_THAT(readFile(RunFolder(workspace / "runs" / trials[3].run).config()),
              AllOf(HasSubstr("lr: 0.25"), HasSubstr("epochs: 2"), HasSubstr("frames: 8")));
  EXPECT_EQ(sweep().readHeader().state, SweepState::Finished);
  ASSERT_EQ(worker("sweep status --json"), 0) << err();
  const Json status = Json::parse(out());
  EXPECT_EQ(status["best"], 2);
  EXPECT_EQ(status["state"], "finished");
  ASSERT_EQ(worker("sweep status last"), 0);
  EXPECT_THAT(out(), HasSubstr("*   2 finished       0.0625"));
}

TEST_F(SweepTest, OverridesOfSeveralValuesAreAGridToo) {
  ASSERT_EQ(start("toy optimizer.lr=0.5,0.25 'train.epochs=range(1,3)' model.video.pooling=attention"), 0) << err();
  const auto trials = sweep().readTrials();
  ASSERT_THAT(trials, SizeIs(4));
  EXPECT_EQ(trials[1].overrides, (std::vector<std::string>{"optimizer.lr=0.5", "train.epochs=2"}));
  EXPECT_THAT(readFile(RunFolder(workspace / "runs" / trials[0].run).overrides()),
              HasSubstr("model.video.pooling=attention"));
}

TEST_F(SweepTest, WhatCannotBeIsRefusedBeforeTheFirstTrial) {
  write("method: random\nparameters:\n  optimizer.lrr: {min: 0.1, max: 0.2}\n");
  EXPECT_EQ(start("sweep.yaml --base toy --count 2"), 2);
  EXPECT_THAT(err(), AllOf(HasSubstr("sweep.yaml, line 3"), HasSubstr("optimizer.lrr"), HasSubstr("optimizer.lr?")));
  write("method: random\nparameters:\n  train.epochs: {min: 0.1, max: 0.2}\n");
  EXPECT_EQ(start("sweep.yaml --base toy --count 2"), 2);
  EXPECT_THAT(err(), HasSubstr("train.epochs cannot be"));
  write("method: random\nparameters:\n  optimizer.lr: {min: 0.1, max: 0.2}\n");
  EXPECT_EQ(start("sweep.yaml --count 2"), 2);
  EXPECT_THAT(err(), HasSubstr("--base CONFIG"));
  EXPECT_EQ(start("toy optimizer.lr=0.5"), 2);
  EXPECT_THAT(err(), HasSubstr("nothing is swept"));
  EXPECT_EQ(start("toy optimizer.name=adamw,adamv"), 2);
  EXPECT_THAT(err(), AllOf(HasSubstr("override optimizer.name=adamv"), HasSubstr("adamw")));
  EXPECT_EQ(start("toy optimizer.lrr=1,2"), 2);
  EXPECT_THAT(err(), HasSubstr("optimizer.lr?"));
  EXPECT_TRUE(SweepFolder::list(workspace / "sweeps").empty());
  EXPECT_TRUE(listRuns(workspace / "runs").empty());
}

TEST_F(SweepTest, HyperbandStopsTheWorseTrial) {
  write(
      "method: grid\nprogram: toy\nmetric: {name: train/loss}\n"
      "early_terminate: {type: hyperband, min_iter: 2, eta: 2}\n"
      "parameters:\n  optimizer.lr: {values: [0.1, 0.05, 0.9]}\n");
  ASSERT_EQ(start("sweep.yaml", "steps=30 step_ms=15 scale=optimizer.lr"), 0) << err();
  const auto trials = sweep().readTrials();
  ASSERT_THAT(trials, SizeIs(3));
  EXPECT_EQ(trials[0].state, TrialState::Finished);
  EXPECT_EQ(trials[1].state, TrialState::Finished);
  EXPECT_EQ(trials[2].state, TrialState::Killed);
  EXPECT_EQ(trials[2].cause, "stopped by hyperband");
  EXPECT_LT(trials[2].history.size(), 28u);
  EXPECT_EQ(readStatus(RunFolder(workspace / "runs" / trials[2].run)).state, RunState::Paused);
}

TEST_F(SweepTest, AKilledControllerLosesAndRepeatsNothing) {
  write(kGrid);
  const std::string toy = "steps=20 step_ms=20 scale=optimizer.lr";
  auto controller = WorkerTest::start("sweep start sweep.yaml --base toy --devices cpu", toy);
  ASSERT_TRUE(awaitTrials(10, [](const auto& all) { return all.size() == 2 && !all[1].run.empty(); })) << err();
  ::kill(controller.pid(), SIGKILL);
  controller.wait(5);
  ASSERT_EQ(worker("sweep status --json"), 0);
  EXPECT_EQ(Json::parse(out())["state"], "interrupted");
  // Its trial goes on by itself; the next controller takes it up while it runs.
  ASSERT_EQ(start("last", toy), 0) << err();
  const auto trials = sweep().readTrials();
  ASSERT_THAT(trials, SizeIs(4));
  std::set<std::string> runs;
  for (const auto& trial : trials) {
    EXPECT_EQ(trial.state, TrialState::Finished) << trial.cause;
    EXPECT_THAT(trial.history, SizeIs(20));
    runs.insert(trial.run);
  }
  EXPECT_THAT(runs, SizeIs(4));
  EXPECT_THAT(listRuns(workspace / "runs"), SizeIs(4));
  EXPECT_THAT(eventsNamed("proposed"), SizeIs(4));
  EXPECT_THAT(eventsNamed("ended"), SizeIs(4));
}

TEST_F(SweepTest, ATrialWhoseLauncherWasKilledTooIsResumed) {
  write("method: grid\nprogram: toy\nmetric: {name: train/loss}\nparameters:\n  optimizer.lr: {values: [0.5]}\n");
  const std::string toy = "steps=60 step_ms=20 scale=optimizer.lr";
  auto controller = WorkerTest::start("sweep start sweep.yaml --devices cpu", toy);
  const auto going = await(10, [](const RunSummary& run) { return run.status.progress.step >= 12; });
  ASSERT_TRUE(going) << err();
  ::kill(controller.pid(), SIGKILL);
  ::kill(going->status.launcher.pid, SIGKILL);
  controller.wait(5);
  ASSERT_TRUE(await(10, [](const RunSummary& run) { return run.status.hasEnded(); }));
  ASSERT_EQ(start("last", toy), 0) << err();
  const auto trials = sweep().readTrials();
  ASSERT_THAT(trials, SizeIs(1));
  EXPECT_EQ(trials[0].state, TrialState::Finished);
  EXPECT_THAT(trials[0].history, SizeIs(60));
  EXPECT_EQ(readStatus(run()).attempt, 1);
}

TEST_F(SweepTest, ARunThatWasMadeJustBeforeTheCrashIsFound) {
  write("method: grid\nprogram: toy\nmetric: {name: train/loss}\nparameters:\n  optimizer.lr: {values: [0.5]}\n");
  ASSERT_EQ(start("sweep.yaml"), 0) << err();
  const std::string proposed = eventsNamed("proposed").at(0);
  std::ofstream(sweep().trials()) << proposed << "\n{\"t\":1,\"trial\":0,\"eve";  // cut short by the crash
  ASSERT_EQ(start("last"), 0) << err();
  EXPECT_THAT(listRuns(workspace / "runs"), SizeIs(1));
  ASSERT_THAT(sweep().readTrials(), SizeIs(1));
  EXPECT_EQ(sweep().readTrials()[0].state, TrialState::Finished);
  EXPECT_THAT(sweep().readTrials()[0].history, SizeIs(4));
}

TEST_F(SweepTest, StopsAfterTheTrialOrNowAndGoesOn) {
  write(kGrid);
  const std::string toy = "steps=30 step_ms=20 scale=optimizer.lr";
  ASSERT_EQ(start("--detach sweep.yaml --base toy", toy), 0) << err();
  ASSERT_TRUE(awaitTrials(10, [](const auto& all) { return all.size() == 1 && !all[0].run.empty(); }));
  EXPECT_EQ(start("last", toy), 2);
  EXPECT_THAT(err(), HasSubstr("is running already"));
  ASSERT_EQ(worker("sweep stop last"), 0) << err();
  const auto hasStopped = [&](const auto&) { return sweep().readHeader().state == SweepState::Stopped; };
  ASSERT_TRUE(awaitTrials(10, hasStopped));
  ASSERT_THAT(sweep().readTrials(), SizeIs(1));
  EXPECT_EQ(sweep().readTrials()[0].state, TrialState::Finished);
  EXPECT_EQ(worker("sweep stop last"), 2);

  ASSERT_EQ(start("--detach last", toy), 0) << err();
  ASSERT_TRUE(await(10, [](const RunSummary& run) { return !run.status.hasEnded() && run.status.progress.step >= 3; }));
  ASSERT_EQ(worker("sweep stop last --now"), 0) << err();
  ASSERT_TRUE(awaitTrials(10, hasStopped));
  ASSERT_THAT(sweep().readTrials(), SizeIs(2));
  EXPECT_TRUE(sweep().readTrials()[1].paused);

  ASSERT_EQ(start("last --count 2", toy), 0) << err();
  const auto trials = sweep().readTrials();
  ASSERT_THAT(trials, SizeIs(2));
  EXPECT_EQ(trials[1].state, TrialState::Finished);
  EXPECT_THAT(trials[1].history, SizeIs(30));
  EXPECT_THAT(sweep().readHeader().cause, HasSubstr("all 2 trials"));
}

TEST_F(SweepTest, HoursAndASilentMetricAreSaid) {
  write("method: random\nprogram: toy\nmetric: {name: val/los}\nparameters:\n  optimizer.lr: {min: 0.1, max: 0.2}\n");
  ASSERT_EQ(start("sweep.yaml --hours 0.00001"), 0) << err();
  ASSERT_THAT(sweep().readTrials(), SizeIs(1));
  EXPECT_THAT(sweep().readTrials()[0].cause, AllOf(HasSubstr("val/los"), HasSubstr("train/loss")));
  EXPECT_THAT(sweep().readHeader().cause, HasSubstr("hours have passed"));
}

TEST_F(SweepTest, ControlCPausesTheTrialAndASecondOneKillsIt) {
  write("method: grid\nprogram: toy\nmetric: {name: train/loss}\nparameters:\n  optimizer.lr: {values: [0.5]}\n");
  const auto isGoing = [](const RunSummary& run) { return !run.status.hasEnded() && run.status.progress.step >= 3; };
  auto controller = WorkerTest::start("sweep start sweep.yaml --devices cpu", "steps=100000 step_ms=10");
  ASSERT_TRUE(await(10, isGoing)) << err();
  ::kill(controller.pid(), SIGINT);
  EXPECT_EQ(controller.wait(10), 75) << err();
  EXPECT_TRUE(sweep().readTrials().at(0).paused);
  controller = WorkerTest::start("sweep start last --devices cpu", "steps=100 step_ms=2500");  // in the midst of a step
  ASSERT_TRUE(await(10, [](const RunSummary& run) {
    return run.status.attempt == 1 && run.status.state == RunState::Running && !run.status.processes.empty();
  }));
  ::kill(controller.pid(), SIGTERM);
  ASSERT_FALSE(controller.wait(0.3));
  ::kill(controller.pid(), SIGTERM);
  EXPECT_EQ(controller.wait(15), 75) << err();
  EXPECT_EQ(sweep().readTrials().at(0).state, TrialState::Killed);
}

TEST_F(SweepTest, FailingTrialsAreKeptAndThreeOfThemEndTheSweep) {
  write(
      "method: grid\nprogram: toy\nmetric: {name: train/loss}\n"
      "parameters:\n  optimizer.lr: {values: [0.1, 0.5, 0.2, 0.6, 0.7, 0.3]}\n");
  EXPECT_EQ(start("sweep.yaml", "steps=3 step_ms=10 scale=optimizer.lr exit3_above=0.4"), 3) << err();
  const auto trials = sweep().readTrials();
  ASSERT_THAT(trials, SizeIs(5));
  EXPECT_EQ(trials[0].state, TrialState::Finished);
  EXPECT_EQ(trials[1].state, TrialState::Failed);
  EXPECT_FALSE(trials[1].cause.empty());
  EXPECT_EQ(sweep().readHeader().state, SweepState::Failed);
  EXPECT_THAT(sweep().readHeader().cause, HasSubstr("3 trials failed"));
}

TEST_F(SweepTest, BayesEndsAtItsTarget) {
  write(
      "method: bayes\nprogram: toy\nrun_cap: 12\nmetric: {name: train/loss, target: 0.02}\n"
      "parameters:\n  optimizer.lr: {distribution: log_uniform_values, min: 0.0001, max: 1.0}\n");
  ASSERT_EQ(start("sweep.yaml --seed 4", "steps=2 step_ms=5 scale=optimizer.lr"), 0) << err();
  const auto trials = sweep().readTrials();
  EXPECT_LT(trials.size(), 12u);
  EXPECT_LE(trials.back().history.back(), 0.02);
  EXPECT_THAT(sweep().readHeader().cause, HasSubstr("reached the target"));
}

}  // namespace
}  // namespace counterpoint
