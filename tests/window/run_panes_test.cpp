// SPDX-License-Identifier: GPL-3.0-or-later
// Runs outlive the window: the window's process and its whole session are killed, the curves go on in the next one.
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>

#include "app/window/run_panes.h"
#include "app/window/worker_process.h"
#include "core/base/process.h"
#include "core/runs/run_list.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/toy_workspace.h"
#include "widgets/plots/chart_card.h"
#include "widgets/plots/metric_chart.h"

#include <QPushButton>
#include <QTest>

namespace counterpoint {
namespace {

constexpr const char* kWorkspaceVariable = "COUNTERPOINT_TEST_WORKSPACE";
constexpr int kPatience = 20000;  // milliseconds

template <typename Condition>
bool soon(Condition condition) {
  return QTest::qWaitFor(condition, kPatience);
}

std::int64_t lastStep(const RunPanes& panes) {
  const ChartCard* card = panes.plots()->card(QStringLiteral("train/loss"));
  const auto entries = card ? card->chart()->legendEntries() : std::vector<LegendEntry>{};
  return entries.empty() ? 0 : static_cast<std::int64_t>(entries[0].x);
}

// Not a test of its own: the window that the next one kills.
TEST(RunPanes, DISABLED_WindowOfAnotherTest) {
  const std::filesystem::path workspace = qEnvironmentVariable(kWorkspaceVariable).toStdString();
  RunPanes panes;
  panes.setWorkspace(workspace, workspace / "runs");
  panes.plots()->show();
  WorkerProcess launcher;
  launcher.start(workerProgram(), {QStringLiteral("launch"), QStringLiteral("--detach"), QStringLiteral("toy")},
                 QString::fromStdString(workspace.string()));
  ASSERT_TRUE(soon([&] { return lastStep(panes) > 5; }));
  std::ofstream(workspace / "window_sees_it") << "yes";
  QTest::qWait(kPatience);
}

TEST(RunPanes, RunsOutliveTheWindow) {
  TemporaryFolder workspace;
  makeToyWorkspace(workspace.path());
  ProcessOptions options;
  options.command = {(programDirectory() / "window_tests").string(), "--gtest_also_run_disabled_tests",
                     "--gtest_filter=RunPanes.DISABLED_WindowOfAnotherTest"};
  options.environment = {{kWorkspaceVariable, workspace.path().string()},
                         {"COUNTERPOINT_RANK", COUNTERPOINT_BINARY_DIR "/bin/toy_rank"},
                         {"TOY", "steps=100000 step_ms=20"}};
  options.ownSession = true;
  options.outputFile = workspace / "window.log";
  ChildProcess window = ChildProcess::start(options);
  ASSERT_TRUE(soon([&] { return std::filesystem::exists(workspace / "window_sees_it") || window.poll(); }));
  ASSERT_FALSE(window.poll()) << "the window ended by itself";
  window.signalGroup(SIGKILL);
  ASSERT_TRUE(window.wait(10));

  RunPanes panes;
  panes.setWorkspace(workspace.path(), workspace / "runs");
  panes.plots()->resize(600, 400);
  panes.plots()->show();
  panes.runs()->show();
  ASSERT_TRUE(soon([&] { return lastStep(panes) > 5; }));
  const std::int64_t then = lastStep(panes);
  EXPECT_TRUE(soon([&] { return lastStep(panes) > then + 10; })) << "the curve stands still at step " << then;
  ASSERT_EQ(panes.model()->runs().size(), 1u);
  EXPECT_EQ(panes.model()->runs()[0].status.state, RunState::Running);

  // Stop as a person does: the button, through counterpoint-worker.
  ASSERT_TRUE(soon([&] { return panes.runs()->stopButton()->isEnabled(); }));
  QTest::mouseClick(panes.runs()->stopButton(), Qt::LeftButton);
  EXPECT_TRUE(soon([&] { return panes.model()->runs()[0].status.hasEnded(); }));
}

}  // namespace
}  // namespace counterpoint
