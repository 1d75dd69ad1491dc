// SPDX-License-Identifier: GPL-3.0-or-later
// A run that is killed again and again comes to its end with every step once. Minutes: packaging/test.sh --long.
#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/base/words.h"
#include "core/runs/event_reader.h"
#include "tests/jobs/worker_fixture.h"

namespace counterpoint {
namespace {

TEST_F(WorkerTest, DISABLED_TenKillsAtRandomMomentsLoseNothing) {
  constexpr int kKills = 10, kSteps = 3000;
  const std::string toy = "steps=" + std::to_string(kSteps) + " step_ms=4";
  Random random(20260411);
  auto launcher = start("launch --ranks 2 --devices cpu toy", toy);
  for (int kill = 0; kill < kKills; ++kill) {
    // Any moment, also before the ranks have started.
    ASSERT_FALSE(launcher.wait(random.uniform(0.02, 1.0))) << err();
    ASSERT_TRUE(await(20, [](const RunSummary& run) { return !run.status.hasEnded() && run.status.launcher.pid > 0; }));
    std::vector<pid_t> victims = {launcher.pid()};
    for (const auto& process : readStatus(run()).processes)
      if (process.alive()) victims.push_back(process.pid);
    ::kill(victims[random.below(victims.size())], SIGKILL);
    ASSERT_TRUE(launcher.wait(20)) << "kill " << kill;
    const auto ended = await(20, [](const RunSummary& run) {
      return run.status.hasEnded() && std::none_of(run.status.processes.begin(), run.status.processes.end(),
                                                   [](const auto& process) { return process.alive(); });
    });
    ASSERT_TRUE(ended) << "kill " << kill;
    EXPECT_EQ(ended->status.state, RunState::Failed);
    launcher = start("resume last", toy);
    ASSERT_TRUE(await(20, [&](const RunSummary& run) { return run.status.attempt == kill + 1; })) << err();
  }
  EXPECT_EQ(launcher.wait(60), 0) << err();
  const Status status = readStatus(run());
  EXPECT_EQ(status.state, RunState::Finished);
  EXPECT_EQ(status.attempt, kKills);
  EventReader reader(run());
  while (reader.poll().more) {
  }
  const Series* loss = reader.find("train/loss");
  ASSERT_EQ(loss->size(), static_cast<std::size_t>(kSteps));
  for (std::size_t i = 0; i < loss->size(); ++i) ASSERT_EQ((*loss)[i].step, static_cast<std::int64_t>(i + 1));
}

}  // namespace
}  // namespace counterpoint
