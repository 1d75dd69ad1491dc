// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/launcher.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/process.h"
#include "core/jobs/rank_program.h"
#include "core/runs/event_reader.h"
#include "core/runs/requests.h"
#include "core/runs/run_list.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kToy = COUNTERPOINT_BINARY_DIR "/bin/toy_rank";

struct LauncherTest : ::testing::Test {
  TemporaryFolder temporary;
  RunFolder folder = RunFolder::create(temporary / "runs", "toy");
  LaunchPlan plan;

  void SetUp() override {
    plan.command = {kToy};
    plan.ranks = 2;
    plan.termSeconds = 1;
    plan.heartbeatSeconds = 0.1;
  }
  LaunchResult launch(const std::string& toy) {
    plan.environment["TOY"] = toy;
    Launcher launcher(folder, plan);
    launcher.prepare();
    return launcher.run();
  }
  void expectNobodyLeft() {
    for (const auto& process : readStatus(folder).processes) EXPECT_FALSE(process.alive()) << process.pid;
  }
};

TEST_F(LauncherTest, ARunThatEndsWellIsFinished) {
  const auto result = launch("steps=5 step_ms=5");
  EXPECT_EQ(result.state, RunState::Finished);
  EXPECT_EQ(result.exitStatus, 0);
  const Status status = readStatus(folder);
  EXPECT_EQ(status.state, RunState::Finished);
  EXPECT_EQ(status.progress.step, 5);
  EXPECT_EQ(status.exitStatus, 0);
  EXPECT_EQ(status.metrics.at("train/loss").bestStep, 5);
  EXPECT_TRUE(std::filesystem::exists(folder.rankLog(1)));
  EXPECT_THAT(readFile(folder.supervisor()),
              AllOf(HasSubstr("\"launch\""), HasSubstr("\"exit\""), HasSubstr("\"end\"")));
}

TEST_F(LauncherTest, ARankKilledEndsTheRunThoughTheOtherHangs) {
  plan.environment["TOY"] = "";
  plan.command = {"sh", "-c",
                  std::string("if [ $RANK = 1 ]; then TOY='steps=999 fault=1:kill@5'; else TOY='steps=999 "
                              "fault=0:hang@3'; fi; export TOY; exec ") +
                      kToy};
  const double begin = steadySeconds();
  Launcher launcher(folder, plan);
  launcher.prepare();
  const auto result = launcher.run();
  EXPECT_LT(steadySeconds() - begin, 5);
  EXPECT_EQ(result.state, RunState::Failed);
  EXPECT_EQ(result.exitStatus, 128 + SIGKILL);
  const Status status = readStatus(folder);
  ASSERT_TRUE(status.error);
  EXPECT_EQ(status.error->rank, 1);
  EXPECT_EQ(status.error->what, "rank 1 was killed by SIGKILL");
  expectNobodyLeft();
}

TEST_F(LauncherTest, ANonFiniteLossGivesItsOwnStatusAndLine) {
  const auto result = launch("steps=999 fault=1:nonfinite@3");
  EXPECT_EQ(result.exitStatus, 6);
  EXPECT_EQ(readStatus(folder).error->line(),
            "step 5, batch of studies S-1, S-2: the loss is nan. Lower the learning rate.");
  expectNobodyLeft();
}

TEST_F(LauncherTest, TheRankThatIsToBlameCountsNotTheOneThatLostItsPeer) {
  plan.command = {"sh", "-c", std::string("if [ $RANK = 1 ]; then trap '' TERM; sleep 0.3; exit 3; fi; exec ") + kToy};
  const auto result = launch("steps=999 fault=0:peerlost@1");
  EXPECT_EQ(result.exitStatus, 3);
  EXPECT_EQ(result.error->rank, 1);
}

TEST_F(LauncherTest, AFullDiskGivesItsOwnStatusAndLine) {
  std::filesystem::create_symlink("/dev/full", folder.events());
  const auto result = launch("steps=999");
  EXPECT_EQ(result.state, RunState::Failed);
  EXPECT_EQ(result.exitStatus, 4);
  EXPECT_THAT(readStatus(folder).error->line(), AllOf(HasSubstr("No space left"), HasSubstr("events.jsonl")));
  expectNobodyLeft();
}

TEST_F(LauncherTest, AProgramThatIsMissingIsNamed) {
  plan.command = {"/nowhere/counterpoint-rank"};
  const auto result = launch("");
  EXPECT_EQ(result.exitStatus, 4);
  EXPECT_THAT(readStatus(folder).error->line(), HasSubstr("/nowhere/counterpoint-rank"));
}

TEST_F(LauncherTest, APortThatIsTakenIsNamed) {
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
  struct sockaddr_in address {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_ANY);
  ASSERT_EQ(::bind(socket.get(), reinterpret_cast<struct sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(socket.get(), 1), 0);
  socklen_t length = sizeof address;
  ::getsockname(socket.get(), reinterpret_cast<struct sockaddr*>(&address), &length);
  const std::string port = std::to_string(ntohs(address.sin_port));
  plan.environment["MASTER_PORT"] = port;
  const auto result = launch("steps=1");
  EXPECT_EQ(result.exitStatus, 4);
  EXPECT_THAT(readStatus(folder).error->line(), HasSubstr("port " + port + " is taken"));
}

TEST_F(LauncherTest, AStopByRequestPausesAndResumeGoesOnHidingWhatWasUndone) {
  plan.environment["TOY"] = "steps=40 step_ms=20";
  {
    Launcher launcher(folder, plan);
    launcher.prepare();
    launcher.onStatus = [&, asked = false](const Status& status) mutable {
      if (asked || status.progress.step < 12) return;
      asked = true;
      appendRequest(folder, "stop", "step");
    };
    const auto result = launcher.run();
    EXPECT_EQ(result.state, RunState::Paused);
    EXPECT_EQ(result.exitStatus, 75);
    EXPECT_FALSE(result.error);
  }
  EXPECT_EQ(summarize(folder).status.state, RunState::Paused);
  // As if the run had gone on for a while after its last checkpoint.
  const auto stoppedAt = readJsonFile(folder.checkpoints() / "last" / "trainer.json")["step"].get<std::int64_t>();
  {
    EventWriter writer(folder, 0);
    writer.at(stoppedAt + 1, 0);
    writer.scalar("train/loss", -1);
  }
  plan.attempt = 1;
  Launcher again(folder, plan);
  again.prepare();
  EXPECT_EQ(again.run().state, RunState::Finished);
  EXPECT_EQ(readStatus(folder).attempt, 1);
  EventReader reader(folder);
  reader.poll();
  const Series* loss = reader.find("train/loss");
  ASSERT_EQ(loss->size(), 40u);
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_EQ((*loss)[i].step, static_cast<std::int64_t>(i + 1));
    EXPECT_EQ((*loss)[i].attempt, static_cast<std::int64_t>(i + 1) <= stoppedAt ? 0u : 1u);
  }
}

TEST_F(LauncherTest, StopNowKills) {
  plan.environment["TOY"] = "steps=9999 fault=0:hang@5";
  Launcher launcher(folder, plan);
  launcher.prepare();
  launcher.onStatus = [&, asked = false](const Status& status) mutable {
    if (asked || status.progress.step < 4) return;
    asked = true;
    appendRequest(folder, "stop", "now");
  };
  const auto result = launcher.run();
  EXPECT_EQ(result.state, RunState::Killed);
  EXPECT_EQ(result.exitStatus, 128 + SIGTERM);
  expectNobodyLeft();
}

TEST_F(LauncherTest, TwoLaunchersDoNotShareARun) {
  const auto lock = tryLockFile(folder.scratch() / "launcher.lock");
  const bool before = std::filesystem::exists(folder.status());
  Launcher launcher(folder, plan);
  EXPECT_THROW(launcher.prepare(), Error);
  EXPECT_EQ(std::filesystem::exists(folder.status()), before);  // the other one's status is left alone
}

TEST_F(LauncherTest, ALauncherThatDiesBeforeItStartsRanksLeavesAFailedRun) {
  const pid_t child = ::fork();
  if (child == 0) {
    Launcher launcher(folder, plan);
    launcher.prepare();
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  ASSERT_EQ(readStatus(folder).state, RunState::Queued);
  const auto summary = summarize(folder);
  EXPECT_EQ(summary.status.state, RunState::Failed);
  EXPECT_THAT(summary.remark, HasSubstr("was killed"));
  const auto result = launch("steps=2");  // its lock went with it
  EXPECT_EQ(result.state, RunState::Finished);
}

TEST_F(LauncherTest, ARankKilledFromOutsideIsToBlameNotTheOneThatLostIt) {
  // Rank 0 says at once that its peer is gone; rank 1 ends by a SIGKILL that is not ours.
  plan.command = {"sh", "-c", "if [ $RANK = 0 ]; then exit 7; fi; trap '' TERM; sleep 0.3; kill -9 $$"};
  plan.termSeconds = 5;
  const auto result = launch("");
  EXPECT_EQ(result.exitStatus, 128 + SIGKILL);
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->rank, 1);
}

TEST_F(LauncherTest, OurOwnKillIsNoCause) {
  plan.command = {"sh", "-c", "if [ $RANK = 0 ]; then exit 7; fi; trap '' TERM; while :; do sleep 1; done"};
  plan.termSeconds = 0.3;
  const auto result = launch("");
  EXPECT_EQ(result.exitStatus, 7);
  EXPECT_EQ(result.error->rank, 0);
}

TEST_F(LauncherTest, AnUnforeseenExceptionEndsTheRunToo) {
  plan.environment["TOY"] = "steps=9999";
  Launcher launcher(folder, plan);
  launcher.prepare();
  launcher.onStatus = [thrown = false](const Status&) mutable {
    if (!std::exchange(thrown, true)) throw std::runtime_error("not foreseen");
  };
  const auto result = launcher.run();
  EXPECT_EQ(result.exitStatus, 1);
  const Status status = readStatus(folder);
  EXPECT_EQ(status.state, RunState::Failed);
  EXPECT_EQ(status.error->what, "not foreseen");
  expectNobodyLeft();
}

TEST_F(LauncherTest, RanksFindTheirPlace) {
  plan.command = {"sh", "-c",
                  "echo $RANK/$WORLD_SIZE/$LOCAL_RANK $MASTER_ADDR [$MASTER_PORT] $OMP_NUM_THREADS "
                  "$COUNTERPOINT_DEVICE $NCCL_DEBUG $FROM_DOT_ENV"};
  plan.devices = {"cuda:3", "cpu"};
  plan.environment["NCCL_DEBUG"] = "WARN";
  plan.dotEnv["FROM_DOT_ENV"] = "yes";
  launch("");
  EXPECT_EQ(readFile(folder.rankLog(0)), "0/2/0 127.0.0.1 [] 1 cuda:3 WARN yes\n");
  EXPECT_EQ(readFile(folder.rankLog(1)), "1/2/1 127.0.0.1 [] 1 cpu WARN yes\n");
}

TEST(DotEnv, IsReadAsShellsWriteIt) {
  TemporaryFolder folder;
  EXPECT_TRUE(readDotEnv(folder / ".env").empty());
  std::ofstream(folder / ".env") << "# keys\nexport A=1\nB = \"two words # kept\"\nC='x'\nD=plain # comment\n\n";
  const std::map<std::string, std::string> wanted = {{"A", "1"}, {"B", "two words # kept"}, {"C", "x"}, {"D", "plain"}};
  EXPECT_EQ(readDotEnv(folder / ".env"), wanted);
  std::ofstream(folder / ".env") << "A=1\nsecretword\n";
  try {
    readDotEnv(folder / ".env");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("line 2"));
    EXPECT_THAT(error.what(), Not(HasSubstr("secretword")));
  }
}

TEST(Devices, AreNumbersOrCpu) {
  EXPECT_EQ(parseDevices("0, cuda:2,cpu"), (std::vector<std::string>{"cuda:0", "cuda:2", "cpu"}));
  EXPECT_THROW(parseDevices("gpu"), Error);
}

TEST(RankProgram, AMissingOneSaysHowToGetIt) {
  try {
    checkRankProgram("/nowhere/counterpoint-rank");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.exitStatus(), 4);
    EXPECT_THAT(error.what(), HasSubstr("packaging/setup.sh"));
  }
  EXPECT_NO_THROW(checkRankProgram(kToy));
}

}  // namespace
}  // namespace counterpoint
