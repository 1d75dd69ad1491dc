// SPDX-License-Identifier: GPL-3.0-or-later
// Runs outlive the window: the window's process and its whole session are killed, the curves go on in the next one,
// where the run is stopped and resumed.
#include <gtest/gtest.h>

#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <csignal>
#include <fstream>

#include "app/window/assembly.h"
#include "app/window/main_window.h"
#include "app/window/run_panes.h"
#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/process.h"
#include "core/runs/run_list.h"
#include "tests/support/synthetic_run.h"
#include "tests/support/temporary_folder.h"
#include "tests/window/trained_workspace.h"
#include "widgets/plots/chart_card.h"
#include "widgets/plots/metric_chart.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

constexpr int kPatience = 60'000;  // milliseconds

template <typename Condition>
bool soon(Condition condition) {
  return QTest::qWaitFor(condition, kPatience);
}

std::int64_t lastStep(const RunPanes& panes) {
  const ChartCard* card = panes.plots()->card(QStringLiteral("train/loss"));
  const auto entries = card ? card->chart()->legendEntries() : std::vector<LegendEntry>{};
  return entries.empty() ? 0 : static_cast<std::int64_t>(entries[0].x);
}

// Every process of a session, as the end of a desktop kills it.
void killSession(pid_t session) {
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (const pid_t pid = std::stoi(name); ::getsid(pid) == session) ::kill(pid, SIGKILL);
  }
}

// Of the newest run; nothing while there is none.
std::optional<Status> statusOf(const fs::path& workspace) {
  const auto runs = listRuns(workspace / "runs");
  return runs.empty() ? std::nullopt : std::optional(runs.front().status);
}

struct EndRuns {
  fs::path workspace;
  ~EndRuns() {
    for (const RunSummary& run : listRuns(workspace / "runs")) {
      if (run.status.launcher.alive()) ::kill(run.status.launcher.pid, SIGKILL);
      for (const auto& process : run.status.processes) {
        if (process.alive()) ::kill(process.pid, SIGKILL);
      }
    }
  }
};

TEST(RunPanes, ARunOutlivesTheWindowAndIsStoppedAndResumedFromTheNext) {
  if (!canTrain()) GTEST_SKIP() << "this build has no LibTorch: nothing can be trained";
  TemporaryFolder folder;
  const fs::path workspace = folder / "phantoms";
  copyTrainedWorkspace(workspace);
  fs::remove_all(workspace / "runs");
  fs::create_directories(workspace / "runs");
  const EndRuns atTheEnd{workspace};
  std::string config = readFile(workspace / "configs/echo_text.yaml");
  const auto set = [&config](const std::string& key, const std::string& value) {
    const std::size_t at = config.find("\n  " + key + ": ");
    ASSERT_NE(at, std::string::npos) << key;
    config.replace(at, config.find('\n', at + 1) - at, "\n  " + key + ": " + value);
  };
  set("epochs", "1000\n  log_every: 1");
  set("batch_size", "8");
  set("validate_every", "0");
  writeFileAtomically(workspace / "configs/echo_text.yaml", config);

  // A window as a person starts it, in a session of its own, and its Launch.
  ProcessOptions options;
  options.command = {(programDirectory() / "counterpoint").string(), workspace.string(), "--do", "configure.launch"};
  options.environment = {{"QT_QPA_PLATFORM", "offscreen"}};
  options.ownSession = true;
  options.outputFile = folder / "window.log";
  ChildProcess process = ChildProcess::start(options);
  const auto trains = [&] {
    const auto status = statusOf(workspace);
    return status && status->state == RunState::Running && status->progress.step > 3;
  };
  ASSERT_TRUE(soon([&] { return trains() || process.poll(); })) << readFile(options.outputFile);
  ASSERT_FALSE(process.poll()) << "the window ended by itself: " << readFile(options.outputFile);
  const Status before = *statusOf(workspace);
  ASSERT_EQ(before.processes.size(), 2u);
  killSession(process.pid());
  ASSERT_TRUE(process.wait(10));
  EXPECT_TRUE(before.launcher.alive());
  for (const auto& rank : before.processes) EXPECT_TRUE(rank.alive());

  Theme theme(*qApp);
  MainWindow window(theme);
  assemblePanes(window);
  window.show();
  ASSERT_TRUE(window.openWorkspace(QString::fromStdString(workspace.string())));
  const RunPanes& panes = *window.findChild<RunPanes*>();
  ASSERT_TRUE(soon([&] { return lastStep(panes) > before.progress.step; }));
  const std::int64_t then = lastStep(panes);
  EXPECT_TRUE(soon([&] { return lastStep(panes) > then + 3; })) << "the curve stands still at step " << then;
  ASSERT_EQ(panes.model()->runs().size(), 1u);
  const auto shown = [&] { return panes.model()->runs()[0].status; };
  EXPECT_EQ(shown().state, RunState::Running);

  // Stop as a person does: the button, through counterpoint-worker.
  ASSERT_TRUE(soon([&] { return panes.runs()->stopButton()->isEnabled(); }));
  QTest::mouseClick(panes.runs()->stopButton(), Qt::LeftButton);
  ASSERT_TRUE(soon([&] { return shown().hasEnded(); }));
  EXPECT_EQ(shown().state, RunState::Paused);
  EXPECT_EQ(shown().exitStatus, 75);
  const std::int64_t stopped = shown().progress.step;
  EXPECT_TRUE(soon([&] { return !before.launcher.alive(); }));

  ASSERT_TRUE(soon([&] { return panes.runs()->resumeButton()->isEnabled(); }));
  QTest::mouseClick(panes.runs()->resumeButton(), Qt::LeftButton);
  EXPECT_TRUE(soon([&] { return shown().attempt == 1 && lastStep(panes) > stopped + 2; }))
      << "attempt " << shown().attempt << ", step " << lastStep(panes) << " after " << stopped;
  QAction* now = window.actions().action(QStringLiteral("runs.stop_now"));
  ASSERT_TRUE(soon([&] { return now->isEnabled(); }));
  now->trigger();
  EXPECT_TRUE(soon([&] { return shown().hasEnded(); }));
}

TEST(RunPanes, ARunThatFailsWhileItIsWatchedIsANotice) {
  TemporaryFolder folder;
  const fs::path runs = folder / "runs";
  testing::syntheticRun(runs, "old", RunState::Failed, 1);
  testing::syntheticRun(runs, "going", RunState::Running, wallSeconds());
  RunPanes panes;
  QList<Notice> notices;
  QObject::connect(&panes, &RunPanes::noticed, [&](const Notice& notice) { notices << notice; });
  panes.setWorkspace(folder.path(), runs);
  ASSERT_TRUE(soon([&] { return panes.model()->rowCount() == 2; }));
  EXPECT_TRUE(notices.isEmpty());  // what failed before is no news
  testing::syntheticRun(runs, "going", RunState::Failed, wallSeconds());
  ASSERT_TRUE(soon([&] { return notices.size() == 1; }));
  EXPECT_EQ(notices[0].severity, Severity::Bad);
  EXPECT_EQ(notices[0].where, "going");
  EXPECT_TRUE(notices[0].what.contains(QStringLiteral("out of memory"))) << notices[0].what.toStdString();
  panes.model()->refreshNow();
  QTest::qWait(200);
  EXPECT_EQ(notices.size(), 1);
  delete panes.runs();
  delete panes.details();
  delete panes.plots();
}

}  // namespace
}  // namespace counterpoint
