// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/run_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <fstream>
#include <thread>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/process.h"
#include "core/runs/environment_record.h"
#include "core/runs/events.h"
#include "core/runs/folder_watcher.h"
#include "core/runs/requests.h"
#include "core/runs/run_list.h"
#include "core/runs/status.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

TEST(RunFolder, TwoOfTheSameSecondGetTheirOwnFolders) {
  TemporaryFolder runs;
  const auto first = RunFolder::create(runs / "runs", "echo text/1");
  const auto second = RunFolder::create(runs / "runs", "echo text/1");
  EXPECT_NE(first.path(), second.path());
  EXPECT_THAT(first.name(), MatchesRegex("[0-9-]+_[0-9-]+_echo-text-1"));
  EXPECT_TRUE(std::filesystem::is_directory(second.checkpoints()));
  EXPECT_EQ(first.checkpoint(500).filename(), "step_000500");
}

TEST(RunFolder, AnUnwritablePlaceIsNamed) {
  try {
    RunFolder::create("/proc/nowhere", "a");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.where(), HasSubstr("/proc"));
  }
}

TEST(RunFolder, KeepsTheDescriptionAsHydraWould) {
  TemporaryFolder runs;
  const auto folder = RunFolder::create(runs.path(), "a");
  writeDescription(folder, {"name: a\n", {"training.epochs=3", "note='x'"}, {}, {}});
  EXPECT_EQ(readFile(folder.config()), "name: a\n");
  EXPECT_EQ(readFile(folder.overrides()), "training.epochs=3\nnote='x'\n");
  EXPECT_EQ(readFile(folder.hydra() / "overrides.yaml"), "- 'training.epochs=3'\n- 'note=''x'''\n");
}

TEST(EnvironmentRecord, HoldsNoSecret) {
  EnvironmentFacts facts;
  facts.commandLine = {"counterpoint-worker", "launch", "--token", "s3cr3tvalue", "WANDB_API_KEY=anothersecret"};
  facts.launchEnvironment = {{"NCCL_DEBUG", "INFO"}, {"HF_TOKEN", "hf_thirdsecret123"}};
  facts.dotEnvNames = {"WANDB_API_KEY"};
  const std::string text = describeEnvironment(facts).dump();
  EXPECT_THAT(text, HasSubstr("NCCL_DEBUG"));
  EXPECT_THAT(text, Not(HasSubstr("s3cr3tvalue")));
  EXPECT_THAT(text, Not(HasSubstr("anothersecret")));
  EXPECT_THAT(text, Not(HasSubstr("thirdsecret")));
}

TEST(EnvironmentRecord, NamesTheVersionsOfItsLibraries) {
  const Json versions = describeEnvironment({})["versions"];
  for (const char* name : {"counterpoint", "compiler", "libtorch", "libavcodec", "libavformat", "opencv"})
    ASSERT_TRUE(versions.contains(name)) << name;
#ifdef COUNTERPOINT_TEST_COMPLETE
  for (const char* name : {"libtorch", "libavcodec", "libavformat", "opencv"})
    EXPECT_THAT(versions[name].get<std::string>(), ::testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+")) << name;
#endif
}

TEST(EnvironmentRecord, ReadsTheRevisionItself) {
  TemporaryFolder folder;
  EXPECT_EQ(gitRevision(folder.path()), "");
  std::filesystem::create_directories(folder / ".git/refs/heads");
  std::ofstream(folder / ".git/HEAD") << "ref: refs/heads/main\n";
  std::ofstream(folder / ".git/packed-refs") << "# pack-refs\nabc123 refs/heads/main\n";
  EXPECT_EQ(gitRevision(folder.path()), "abc123");
  std::ofstream(folder / ".git/refs/heads/main") << "def456\n";
  std::filesystem::create_directories(folder / "inner");
  EXPECT_EQ(gitRevision(folder / "inner"), "def456");
}

TEST(Status, ComesBackAsItWas) {
  TemporaryFolder temporary;
  const RunFolder folder(temporary.path());
  Status status;
  status.name = "run";
  status.recipe = "echo_text";
  status.state = RunState::Failed;
  status.attempt = 2;
  status.ranks = 2;
  status.launcher = {10, 11};
  status.processes = {{1, 2}, {3, 4}};
  status.created = 100.5;
  status.progress = {12, 800, 1.5, 10, 33.5, 60.0};
  status.metrics["val/loss"].update(std::nan(""), 1);
  status.metrics["val/loss"].update(0.5, 2);
  status.metrics["val/loss"].update(0.7, 3);
  status.error = RunError{"what", "where", "cure", 4, 1};
  status.exitStatus = 4;
  writeStatus(folder, status);
  EXPECT_EQ(toJson(readStatus(folder)), toJson(status));
  const Json json = readJsonFile(folder.status());
  EXPECT_EQ(json["state"], "failed");
  EXPECT_EQ(json["started"], nullptr);
  EXPECT_EQ(json["metrics"]["val/loss"]["best"], 0.5);
  EXPECT_EQ(json["metrics"]["val/loss"]["last"], 0.7);
  EXPECT_EQ(json["processes"][1]["pid"], 3);
}

TEST(Status, ProgressIsLaidOver) {
  TemporaryFolder temporary;
  const RunFolder folder(temporary.path());
  Status status;
  status.state = RunState::Running;
  writeStatus(folder, status);
  Progress progress;
  progress.progress.step = 42;
  progress.heartbeat = 7;
  writeProgress(folder, progress);
  EXPECT_EQ(readStatus(folder).progress.step, 42);
  EXPECT_EQ(readStatus(folder).heartbeat, 7);
  std::ofstream(folder.progress()) << "{\"progr";  // never seen from our writer, yet it must not hide the run
  EXPECT_EQ(readStatus(folder).state, RunState::Running);
}

TEST(Status, DamageIsNamed) {
  TemporaryFolder temporary;
  const RunFolder folder(temporary.path());
  std::ofstream(folder.status()) << R"({"state": "running", "attempt": "two"})";
  try {
    readStatus(folder);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("status.json"));
    EXPECT_THAT(error.what(), HasSubstr("attempt"));
  }
}

struct JudgeTest : ::testing::Test {
  RunFolder folder{"/runs/a"};
  Status status;
  void SetUp() override {
    status.state = RunState::Running;
    status.host = hostName();
    status.bootId = bootId();
    status.launcher = ProcessIdentity::ofThisProcess();
    status.created = 1000;
    status.heartbeat = 2000;
  }
};

TEST_F(JudgeTest, ALivingLauncherIsBelievedHoweverSilent) {
  EXPECT_EQ(judge(folder, status, 1e9).status.state, RunState::Running);
}

TEST_F(JudgeTest, ALaunchersPidMayBelongToAnother) {
  status.launcher.ticks += 1;
  const auto summary = judge(folder, status, 2001);
  EXPECT_EQ(summary.status.state, RunState::Failed);
  EXPECT_THAT(summary.status.error->what, HasSubstr("killed"));
}

TEST_F(JudgeTest, RanksThatStillLiveAreEnding) {
  status.launcher.ticks += 1;
  status.processes = {ProcessIdentity::ofThisProcess()};
  EXPECT_EQ(judge(folder, status, 2001).status.state, RunState::Stopping);
}

TEST_F(JudgeTest, ARestartedMachineEndsItsRuns) {
  status.bootId = "another";
  EXPECT_EQ(judge(folder, status, 2001).status.state, RunState::Failed);
}

TEST_F(JudgeTest, ElsewhereTheHeartbeatDecides) {
  status.host = "elsewhere";
  EXPECT_EQ(judge(folder, status, 2010).remark, "");
  EXPECT_EQ(judge(folder, status, 2180).remark, "not heard from for 3 min");
  EXPECT_EQ(judge(folder, status, 2180).status.state, RunState::Running);
  EXPECT_EQ(judge(folder, status, 3000).status.state, RunState::Failed);
}

TEST_F(JudgeTest, WhatHasEndedStaysAsItIs) {
  status.launcher = {1, 1};
  status.state = RunState::Paused;
  status.exitStatus = 75;
  EXPECT_EQ(judge(folder, status, 3000).status.state, RunState::Paused);
}

TEST(RunList, FindsRunsByPartOfTheirNames) {
  TemporaryFolder runs;
  for (const char* name : {"2026-01-01_00-00-00_base", "2026-01-02_00-00-00_wide"}) {
    std::filesystem::create_directories(runs / name);
    Status status;
    status.name = name;
    status.created = name[9];
    writeStatus(RunFolder(runs / name), status);
  }
  std::filesystem::create_directories(runs / "2026-01-03_00-00-00_broken");
  std::ofstream(runs / "2026-01-03_00-00-00_broken/status.json") << "{";
  const auto list = listRuns(runs.path());
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].status.name, "2026-01-02_00-00-00_wide");
  EXPECT_EQ(list[2].remark, "status.json cannot be read");
  EXPECT_EQ(findRun(runs.path(), "base").name(), "2026-01-01_00-00-00_base");
  EXPECT_EQ(findRun(runs.path(), "last").name(), "2026-01-03_00-00-00_broken");
  EXPECT_THROW(findRun(runs.path(), "2026"), Error);
  EXPECT_THROW(findRun(runs.path(), "missing"), Error);
}

TEST(Requests, AnAttemptReadsOnlyItsOwn) {
  TemporaryFolder temporary;
  const RunFolder folder(temporary.path());
  appendRequest(folder, "stop", "now");
  RequestReader reader(folder, requestsEnd(folder));
  EXPECT_TRUE(reader.poll().empty());
  appendRequest(folder, "stop", "epoch");
  std::ofstream(folder.requests(), std::ios::app) << "{\"command\"";
  const auto requests = reader.poll();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].command, "stop");
  EXPECT_EQ(requests[0].when, "epoch");
  EXPECT_TRUE(reader.poll().empty());
  std::ofstream(folder.requests(), std::ios::app) << ": \"save\"}\n";
  EXPECT_EQ(reader.poll().at(0).command, "save");
}

struct WatcherTest : ::testing::TestWithParam<FolderWatcher::Method> {};

TEST_P(WatcherTest, TellsWhatChanged) {
  TemporaryFolder folder;
  std::ofstream(folder / "quiet") << "a";
  FolderWatcher watcher(folder.path(), GetParam());
  EXPECT_TRUE(watcher.changes().empty());
  std::ofstream(folder / "events.jsonl", std::ios::app) << "line\n";
  EXPECT_THAT(watcher.wait(5), ::testing::Contains("events.jsonl"));
  writeFileAtomically(folder / "status.json", "{}");
  EXPECT_THAT(watcher.wait(5), ::testing::Contains("status.json"));
  EXPECT_EQ(watcher.changes().count("quiet"), 0u);
}
INSTANTIATE_TEST_SUITE_P(Methods, WatcherTest,
                         ::testing::Values(FolderWatcher::Method::Inotify, FolderWatcher::Method::Polling));

TEST(EventWriter, MasksSecretsInText) {
  TemporaryFolder temporary;
  const RunFolder folder(temporary.path());
  EventWriter writer(folder, 3);
  writer.at(5, 0.5);
  writer.log("info", "WANDB_API_KEY=verysecret99");
  writer.hparams({{"hub.token", "verysecret99"}, {"lr", 0.1}});
  const std::string text = readFile(folder.events());
  EXPECT_THAT(text, Not(HasSubstr("verysecret99")));
  EXPECT_THAT(text, HasSubstr(R"("attempt":3,"step":5,"epoch":0.5,"kind":"log")"));
}

TEST(EventWriter, AFullDiskSaysSoAndTheNextLineIsWhole) {
  TemporaryFolder temporary;
  const RunFolder folder(temporary.path());
  EventWriter writer(folder, 0);
  writer.scalar("a", 1);
  bool first = true;
  setWriteFault([&](const std::filesystem::path&, std::size_t& count) {
    if (!first) return ENOSPC;
    first = false;
    count = 5;  // a short write, then the full disk
    return 0;
  });
  try {
    writer.scalar("a", 2);
    setWriteFault(nullptr);
    FAIL();
  } catch (const Error& error) {
    setWriteFault(nullptr);
    EXPECT_EQ(error.exitStatus(), 4);
    EXPECT_THAT(error.what(), HasSubstr("Free some space"));
  }
  writer.scalar("a", 3);
  std::ifstream lines(folder.events());
  int whole = 0;
  for (std::string line; std::getline(lines, line);)
    if (line.ends_with("}}")) ++whole;
  EXPECT_EQ(whole, 2);
}

}  // namespace
}  // namespace counterpoint
