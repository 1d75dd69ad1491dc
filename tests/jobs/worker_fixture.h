// SPDX-License-Identifier: GPL-3.0-or-later
// A toy workspace and counterpoint-worker in it, with the toy rank in place of counterpoint-rank.
#pragma once

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/process.h"
#include "core/runs/folder_watcher.h"
#include "core/runs/run_list.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/toy_workspace.h"

namespace counterpoint {

inline constexpr const char* kWorker = COUNTERPOINT_BINARY_DIR "/bin/counterpoint-worker";
inline constexpr const char* kToy = COUNTERPOINT_BINARY_DIR "/bin/toy_rank";

struct WorkerTest : ::testing::Test {
  TemporaryFolder workspace;

  void SetUp() override { makeToyWorkspace(workspace.path(), "launch:\n  env:\n    NCCL_DEBUG: WARN\n"); }
  void TearDown() override {
    for (const auto& run : listRuns(workspace / "runs"))  // whatever a failed test left
      for (const auto& process : run.status.processes)
        if (process.alive()) ::kill(process.pid, SIGKILL);
  }
  ChildProcess start(const std::string& arguments, const std::string& toy = "steps=20 step_ms=20") {
    ProcessOptions options;
    options.command = {"sh", "-c", std::string("exec ") + kWorker + " " + arguments + " >out 2>err"};
    options.environment = {{"COUNTERPOINT_RANK", kToy}, {"TOY", toy}};
    options.workingDirectory = workspace.path();
    return ChildProcess::start(options);
  }
  int worker(const std::string& arguments, const std::string& toy = "steps=20 step_ms=20") {
    auto child = start(arguments, toy);
    const auto status = child.wait(40);
    EXPECT_TRUE(status) << arguments;
    if (!status) child.signalGroup(SIGKILL);
    return status.value_or(-1);
  }
  std::string out() { return readFile(workspace / "out"); }
  std::string err() { return readFile(workspace / "err"); }
  RunFolder run() { return findRun(workspace / "runs", "last"); }

  // Waits until a run's status fulfils `holds`.
  template <typename Holds>
  std::optional<RunSummary> await(double seconds, Holds holds) {
    const double deadline = steadySeconds() + seconds;
    FolderWatcher top(workspace / "runs");
    while (steadySeconds() < deadline) {
      const auto runs = listRuns(workspace / "runs");
      if (!runs.empty() && holds(runs[0])) return runs[0];
      if (runs.empty()) {
        top.wait(0.5);
      } else {
        FolderWatcher(runs[0].path).wait(0.2);
      }
    }
    return std::nullopt;
  }
};

}  // namespace counterpoint
