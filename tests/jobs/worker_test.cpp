// SPDX-License-Identifier: GPL-3.0-or-later
// counterpoint-worker as a shell sees it, with the toy rank in place of counterpoint-rank.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/process.h"
#include "core/base/words.h"
#include "core/runs/event_reader.h"
#include "core/runs/folder_watcher.h"
#include "core/runs/run_list.h"
#include "tests/jobs/worker_fixture.h"

namespace counterpoint {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(WorkerTest, LaunchesListsShowsTailsAndExports) {
  ASSERT_EQ(worker("launch --ranks 2 --devices cpu toy train.epochs=3"), 0) << err();
  EXPECT_EQ(std::string(trim(out())), run().path().string());
  EXPECT_THAT(readFile(run().config()), AllOf(HasSubstr("epochs: 3"), HasSubstr("recipe: echo_text")));
  EXPECT_EQ(readFile(run().overrides()), "train.epochs=3\n");
  EXPECT_EQ(readJsonFile(run().environment())["launch_env"]["NCCL_DEBUG"], "WARN");
  ASSERT_EQ(worker("runs list --json"), 0);
  const Json list = Json::parse(out());
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0]["state"], "finished");
  EXPECT_EQ(list[0]["recipe"], "echo_text");
  ASSERT_EQ(worker("runs show last"), 0);
  EXPECT_THAT(out(), AllOf(HasSubstr("finished"), HasSubstr("20/20"), HasSubstr("train/loss")));
  ASSERT_EQ(worker("runs tail last -n 2"), 0);
  EXPECT_EQ(split(out(), '\n').size(), 3u);
  EXPECT_THAT(out(), HasSubstr("step 20"));
  ASSERT_EQ(worker("runs export last"), 0);
  EXPECT_THAT(out(), HasSubstr("train/loss,0,20,2,"));
  EXPECT_EQ(split(out(), '\n').size(), 22u);
  EXPECT_EQ(worker("resume last"), 2);
  EXPECT_THAT(err(), HasSubstr("has finished"));
}

TEST_F(WorkerTest, AComposedConfigLeavesItsHydraFolderAndChoosesItsRunFolder) {
  const std::string toy = readFile(workspace / "configs/toy.yaml");
  std::filesystem::create_directories(workspace / "configs/schedule");
  writeFileAtomically(workspace / "configs/schedule/flat.yaml", "{}\n");
  writeFileAtomically(workspace / "configs/schedule/late.yaml", "{}\n");
  writeFileAtomically(workspace / "configs/composed.yaml",
                      "defaults:\n  - schedule: flat\n  - _self_\n" + toy + "train:\n  epochs: 5\n");
  ASSERT_EQ(worker("launch --devices cpu composed schedule=late seed=\\${train.epochs}"), 0) << err();
  EXPECT_EQ(readFile(run().hydra() / "overrides.yaml"), "- schedule=late\n- seed=${train.epochs}\n");
  EXPECT_THAT(readFile(run().hydra() / "config.yaml"), HasSubstr("seed: ${train.epochs}"));
  EXPECT_THAT(readFile(run().hydra() / "hydra.yaml"), HasSubstr("schedule: late"));
  EXPECT_THAT(readFile(run().config()), HasSubstr("seed: 5"));

  writeFileAtomically(
      workspace / "configs/placed.yaml",
      "defaults:\n  - schedule: flat\n  - _self_\nhydra:\n  run:\n    dir: runs/by_hand_${seed}\n" + toy);
  ASSERT_EQ(worker("launch --devices cpu placed seed=7"), 0) << err();
  EXPECT_EQ(std::string(trim(out())), (workspace / "runs/by_hand_7").string());
  EXPECT_TRUE(std::filesystem::exists(workspace / "runs/by_hand_7/.hydra/config.yaml"));
  EXPECT_EQ(worker("launch --devices cpu placed seed=7"), 2);
  EXPECT_THAT(err(), HasSubstr("is there already"));
}

TEST_F(WorkerTest, ARankKilledFromOutsideEndsTheRunWithinFifteenSeconds) {
  auto launcher = start("launch --ranks 2 --devices cpu toy", "steps=100000 fault=0:hang@5");
  const auto going = await(10, [](const RunSummary& run) { return run.status.progress.step >= 4; });
  ASSERT_TRUE(going);
  const double begin = steadySeconds();
  ::kill(going->status.processes.at(1).pid, SIGKILL);
  EXPECT_EQ(launcher.wait(15), 128 + SIGKILL);
  RecordProperty("seconds", std::to_string(steadySeconds() - begin));
  EXPECT_LT(steadySeconds() - begin, 15);
  const Status status = readStatus(run());
  EXPECT_EQ(status.state, RunState::Failed);
  EXPECT_EQ(status.error->what, "rank 1 was killed by SIGKILL");
  for (const auto& process : status.processes) EXPECT_FALSE(process.alive());
  EXPECT_THAT(err(), HasSubstr("rank 1 was killed by SIGKILL"));
}

TEST_F(WorkerTest, AKilledLauncherLeavesNoRank) {
  auto launcher = start("launch --ranks 2 --devices cpu toy", "steps=100000 fault=0:hang@5");
  const auto going = await(10, [](const RunSummary& run) { return run.status.progress.step >= 4; });
  ASSERT_TRUE(going);
  const double begin = steadySeconds();
  ::kill(going->status.launcher.pid, SIGKILL);
  const auto& ranks = going->status.processes;
  const auto gone = await(15, [&](const RunSummary& run) {
    return run.status.state == RunState::Failed && !ranks[0].alive() && !ranks[1].alive();
  });
  ASSERT_TRUE(gone);
  RecordProperty("seconds", std::to_string(steadySeconds() - begin));
  EXPECT_THAT(gone->status.error->what, HasSubstr("was killed"));
  launcher.wait(1);
}

TEST_F(WorkerTest, ADetachedRunOutlivesItsShell) {
  ProcessOptions options;
  options.command = {"sh", "-c", std::string(kWorker) + " launch --detach --devices cpu toy >out 2>err; sleep 100"};
  options.environment = {{"COUNTERPOINT_RANK", kToy}, {"TOY", "steps=60 step_ms=20"}};
  options.workingDirectory = workspace.path();
  options.ownSession = true;
  auto shell = ChildProcess::start(options);
  ASSERT_TRUE(await(10, [](const RunSummary& run) { return run.status.progress.step >= 3; })) << err();
  shell.signalGroup(SIGHUP);
  shell.signalGroup(SIGKILL);
  shell.wait(5);
  EXPECT_EQ(std::string(trim(out())), run().path().string());
  const auto ended = await(15, [](const RunSummary& run) { return run.status.hasEnded(); });
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->status.state, RunState::Finished);
}

TEST_F(WorkerTest, StopAndResume) {
  ASSERT_EQ(worker("launch --detach --ranks 2 --devices cpu toy", "steps=100000 step_ms=10"), 0) << err();
  ASSERT_TRUE(await(10, [](const RunSummary& run) { return run.status.progress.step >= 3; }));
  EXPECT_EQ(worker("resume last"), 2);
  EXPECT_THAT(err(), HasSubstr("not ended"));
  ASSERT_EQ(worker("stop last"), 0);
  const auto ended = await(10, [](const RunSummary& run) { return run.status.hasEnded(); });
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->status.state, RunState::Paused);
  EXPECT_EQ(worker("stop last"), 2);
  const auto steps = ended->status.progress.step + 5;
  ASSERT_EQ(worker("resume last", "step_ms=5 steps=" + std::to_string(steps)), 0) << err();
  EXPECT_EQ(readStatus(run()).attempt, 1);
  EXPECT_EQ(readStatus(run()).ranks, 2);
  EventReader reader(run());
  reader.poll();
  EXPECT_EQ(reader.find("train/loss")->size(), static_cast<std::size_t>(steps));
}

TEST_F(WorkerTest, ControlCStopsAfterTheStepAndASecondOneAtOnce) {
  auto first = start("launch --devices cpu toy", "steps=100000");
  auto going = await(10, [](const RunSummary& run) { return run.status.progress.step >= 3; });
  ASSERT_TRUE(going);
  ::kill(going->status.launcher.pid, SIGINT);
  EXPECT_EQ(first.wait(10), 75);
  EXPECT_TRUE(std::filesystem::exists(run().checkpoints() / "last"));
  std::filesystem::remove_all(workspace / "runs");
  std::filesystem::create_directories(workspace / "runs");
  auto second = start("launch --devices cpu toy", "steps=100000 step_ms=8000");
  going = await(10, [](const RunSummary& run) {  // its first event: it listens to signals by now
    return run.status.state == RunState::Running && std::filesystem::exists(RunFolder(run.path).events());
  });
  ASSERT_TRUE(going);
  ::kill(going->status.launcher.pid, SIGINT);
  ASSERT_TRUE(await(5, [](const RunSummary& run) { return run.status.state == RunState::Stopping; }));
  ::kill(going->status.launcher.pid, SIGINT);
  EXPECT_EQ(second.wait(5), 128 + SIGINT);
  EXPECT_EQ(readStatus(run()).state, RunState::Killed);
}

TEST_F(WorkerTest, SecretsOfTheWorkspaceAreWrittenNowhere) {
  std::ofstream(workspace / ".env") << "WANDB_API_KEY=topsecretvalue1\nPLAIN_PHRASE=correct-horse-battery\n";
  EXPECT_EQ(worker("launch --devices cpu toy", "steps=5 fault=0:quote@3"), 5);
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(run().path())) {
    if (!entry.is_regular_file()) continue;
    const std::string text = readFile(entry.path());
    EXPECT_THAT(text, Not(HasSubstr("topsecretvalue1"))) << entry.path();
    // What a rank writes raw to its own output is its own; nothing of ours repeats it.
    if (entry.path().filename() != "rank_0.log") {
      EXPECT_THAT(text, Not(HasSubstr("correct-horse-battery"))) << entry.path();
    }
    ++files;
  }
  EXPECT_GT(files, 8);
  EXPECT_THAT(readFile(run().environment()), HasSubstr("WANDB_API_KEY"));
  EXPECT_THAT(readFile(run().status()), HasSubstr("authorization failed for ***"));
  EXPECT_THAT(err(), Not(HasSubstr("correct-horse")));
  std::ofstream(workspace / "configs/leak.yaml")
      << "recipe: echo_text\ndata:\n  csv: data/studies.csv\nlaunch:\n  env:\n    HF_TOKEN: hf_abcdefghijkl\n";
  EXPECT_EQ(worker("launch --devices cpu leak"), 2);
  EXPECT_THAT(err(), AllOf(HasSubstr("launch.env.HF_TOKEN"), HasSubstr(".env"), Not(HasSubstr("abcdefgh"))));
}

TEST_F(WorkerTest, ATokenAnywhereInTheConfigIsRefused) {
  std::ofstream(workspace / "configs/leak.yaml")
      << "recipe: echo_text\nname: hf_abcdefghijkl\ndata:\n  csv: data/studies.csv\n";
  EXPECT_EQ(worker("launch --devices cpu leak"), 2);
  EXPECT_THAT(err(), AllOf(HasSubstr("name: holds a key"), HasSubstr(".env"), Not(HasSubstr("abcdefgh"))));
  // An override that a later one replaces would be in overrides.txt.
  EXPECT_EQ(worker("launch --devices cpu toy name=hf_abcdefghijkl name=plain"), 2);
  EXPECT_THAT(err(), Not(HasSubstr("abcdefgh")));
  EXPECT_TRUE(listRuns(workspace / "runs").empty());
}

TEST_F(WorkerTest, ValuesOfTheEnvironmentFileAreMaskedInEventsAndLogs) {
  std::ofstream(workspace / ".env") << "PLAIN_PHRASE=correct-horse-battery\nMODE=offline\n";
  EXPECT_EQ(worker("launch --devices cpu toy", "steps=5 say=PLAIN_PHRASE"), 0) << err();
  EXPECT_THAT(readFile(run().events()), AllOf(HasSubstr("the phrase is ***"), Not(HasSubstr("correct-horse"))));
  EXPECT_THAT(readFile(run().rankLog(0)), AllOf(HasSubstr("the phrase is ***"), Not(HasSubstr("correct-horse"))));
  EXPECT_EQ(worker("launch --devices cpu toy", "steps=5 say=MODE"), 0) << err();
  EXPECT_THAT(readFile(run().events()), HasSubstr("the phrase is offline"));  // a plain word
}

TEST_F(WorkerTest, TheConfigSaysHowManyRanksUnlessTheCommandLineDoes) {
  std::ofstream(workspace / "configs/two.yaml")
      << "recipe: echo_text\nname: pair\ndata:\n  csv: data/studies.csv\nlaunch:\n  ranks: 2\n";
  const auto ranksOf = [&](const std::string& arguments) {
    EXPECT_EQ(worker("launch " + arguments, "steps=2 step_ms=1"), 0) << err();
    return readStatus(RunFolder(std::string(trim(out())))).ranks;
  };
  EXPECT_EQ(ranksOf("--devices cpu two"), 2);
  EXPECT_THAT(out(), HasSubstr("_pair"));  // the config's name
  EXPECT_EQ(ranksOf("--devices cpu --ranks 1 two"), 1);
  EXPECT_EQ(ranksOf("--devices cpu,cpu toy"), 2);
  EXPECT_EQ(ranksOf("--devices cpu toy launch.ranks=4"), 4);
  EXPECT_EQ(ranksOf("toy --devices cpu"), 1);
}

TEST_F(WorkerTest, WhatIsMissingIsSaidBeforeThereIsARun) {
  const auto expect = [&](const std::string& arguments, int status, const std::string& place, const std::string& cure) {
    EXPECT_EQ(worker("launch --devices cpu toy " + arguments), status) << arguments;
    EXPECT_THAT(err(), AllOf(HasSubstr(place), HasSubstr(cure))) << arguments;
    EXPECT_EQ(split(err(), '\n').size(), 2u) << err();
  };
  expect("data.csv=data/none.csv", 3, "data/none.csv", "Set data.csv");
  expect("text.tokenizer=data/none.txt", 3, "data/none.txt", "Set text.tokenizer");
  expect("--ranks 3", 2, "3 ranks", "multiple");
  expect("data.columns.split=Report", 3, "\"train\"", "");
  std::filesystem::remove(workspace / "data/a.mp4");
  expect("", 3, "a.mp4", "data.on_missing");
  std::ofstream(workspace / "data/a.mp4") << "x";
  std::ofstream(workspace / ".env") << "no assignment\n";
  expect("", 3, ".env, line 1", "");
  EXPECT_TRUE(std::filesystem::is_empty(workspace / "runs"));
}

TEST_F(WorkerTest, AFolderThatCannotBeWrittenIsOneLineAndStatusFour) {
  std::ofstream(workspace / "counterpoint.yaml") << "version: 1\nruns: /proc/runs\n";
  EXPECT_EQ(worker("launch --devices cpu toy"), 4);
  EXPECT_THAT(err(), HasSubstr("/proc"));
  EXPECT_EQ(split(err(), '\n').size(), 2u);
}

TEST_F(WorkerTest, WrongCommandLinesAreOneLineAndStatusTwo) {
  for (const auto& [arguments, said] :
       std::vector<std::pair<std::string, std::string>>{{"lanch toy", "Did you mean launch?"},
                                                        {"launch", "config is required"},
                                                        {"launch tyo", "Did you mean toy?"},
                                                        {"launch --ranks 0 toy", "--ranks"},
                                                        {"launch toy epochs", "key=value"},
                                                        {"launch --devices gpu toy", "--devices"},
                                                        {"stop --after soon last", "soon"}}) {
    EXPECT_EQ(worker(arguments), 2) << arguments;
    EXPECT_THAT(err(), HasSubstr(said)) << arguments;
    EXPECT_EQ(split(err(), '\n').size(), 2u) << err();
  }
  EXPECT_TRUE(listRuns(workspace / "runs").empty());
}

TEST_F(WorkerTest, EveryVerbHasHelpWithAnExample) {
  ASSERT_EQ(worker("--help"), 0);
  EXPECT_THAT(out(), AllOf(HasSubstr("launch"), HasSubstr("resume"), HasSubstr("runs")));
  for (const char* verb : {"launch", "resume", "stop", "runs list", "runs show", "runs tail", "runs export"}) {
    ASSERT_EQ(worker(std::string(verb) + " --help"), 0) << verb;
    EXPECT_THAT(out(), HasSubstr(std::string("counterpoint-worker ") + verb)) << verb;
  }
}

}  // namespace
}  // namespace counterpoint
