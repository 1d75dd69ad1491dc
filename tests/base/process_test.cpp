// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "core/base/error.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

TEST(Process, GivesTheExitStatusAndTheOutput) {
  TemporaryFolder folder;
  ProcessOptions options;
  options.command = {"sh", "-c", "echo $GREETING; exit 3"};
  options.environment["GREETING"] = "hello";
  options.outputFile = folder / "log";
  auto child = ChildProcess::start(options);
  EXPECT_EQ(child.wait(10), 3);
  EXPECT_EQ(readFile(folder / "log"), "hello\n");
}

TEST(Process, AMissingProgramIsNamed) {
  ProcessOptions options;
  options.command = {"/nowhere/program"};
  try {
    ChildProcess::start(options);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.where(), "/nowhere/program");
    EXPECT_EQ(error.exitStatus(), 4);
  }
}

TEST(Process, TheWholeGroupEnds) {
  ProcessOptions options;
  options.command = {"sh", "-c", "sleep 100 & wait"};
  auto child = ChildProcess::start(options);
  EXPECT_FALSE(child.wait(0.05));
  child.signalGroup(SIGKILL);
  EXPECT_EQ(child.wait(10), 128 + SIGKILL);
}

TEST(Process, PidsAreToldApartByTheirStart) {
  const auto ticks = startTicks(::getpid());
  EXPECT_GT(ticks, 0u);
  EXPECT_TRUE(isAlive(::getpid(), ticks));
  EXPECT_FALSE(isAlive(::getpid(), ticks + 1));
}

}  // namespace
}  // namespace counterpoint
