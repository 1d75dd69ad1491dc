// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <fstream>

#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/json.h"
#include "tests/support/synthetic_run.h"
#include "tests/support/temporary_folder.h"
#include "widgets/common/action_registry.h"
#include "widgets/common/data_table.h"
#include "widgets/plots/chart_card.h"
#include "widgets/plots/metric_chart.h"
#include "widgets/runs/run_details_pane.h"
#include "widgets/runs/run_events.h"
#include "widgets/runs/run_log.h"
#include "widgets/runs/runs_model.h"
#include "widgets/runs/runs_pane.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTest>
#include <QTextBrowser>
#include <QToolButton>

namespace counterpoint {
namespace {

using ::counterpoint::testing::syntheticRun;
using ::counterpoint::testing::writeCurves;

constexpr int kPatience = 10000;  // milliseconds

class Runs : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(runs_); }

  template <typename Condition>
  bool soon(Condition condition) {
    return QTest::qWaitFor(condition, kPatience);
  }
  bool open(int count) {
    model_.setFolder(runs_);
    return soon([&] { return model_.rowCount() == count; });
  }
  QString cell(int row, RunsModel::Column column) { return model_.index(row, column).data().toString(); }

  TemporaryFolder folder_;
  std::filesystem::path runs_ = folder_ / "runs";
  RunFeeds feeds_;
  RunsModel model_{feeds_.thread()};
  QAbstractItemModelTester tester_{&model_, QAbstractItemModelTester::FailureReportingMode::Fatal};
};

TEST_F(Runs, SaysStateProgressAndMetricsInWords) {
  syntheticRun(runs_, "2026-01-01_00-00-01_base", RunState::Finished, 1);
  syntheticRun(runs_, "2026-01-01_00-00-02_mvit", RunState::Failed, 2);
  syntheticRun(runs_, "2026-01-01_00-00-03_siglip", RunState::Running, wallSeconds() - 5);
  ASSERT_TRUE(open(3));
  EXPECT_EQ(cell(0, RunsModel::State), "running");
  EXPECT_EQ(cell(0, RunsModel::Name), "siglip");
  EXPECT_EQ(cell(0, RunsModel::Progress), "62 %, step 496 of 800");
  EXPECT_EQ(cell(0, RunsModel::Time), "estimating");
  EXPECT_EQ(cell(1, RunsModel::State), "failed");
  EXPECT_EQ(cell(2, RunsModel::Time), "4 min");
  model_.setMetric("val/recall@5");
  EXPECT_EQ(cell(2, RunsModel::Last), "0.3800");
  EXPECT_EQ(cell(2, RunsModel::Best), "0.4100");
  EXPECT_TRUE(model_.index(1, RunsModel::Name).data(Qt::AccessibleTextRole).toString().contains("out of memory"));
  EXPECT_EQ(model_.styleOf(runs_ / "2026-01-01_00-00-01_base").colour, seriesStyle(0).colour);
  EXPECT_EQ(model_.styleOf(runs_ / "2026-01-01_00-00-03_siglip").colour, seriesStyle(2).colour);
}

TEST_F(Runs, EqualNamesAreToldApartByTheirTime) {
  syntheticRun(runs_, "2026-01-01_00-00-01_base", RunState::Finished, 1);
  syntheticRun(runs_, "2026-01-01_10-20-30_base", RunState::Finished, 2);
  ASSERT_TRUE(open(2));
  EXPECT_EQ(cell(0, RunsModel::Name), "base 10:20:30");
}

TEST_F(Runs, ARemainingTimeIsPromisedOnlyOnceItIsSteady) {
  RunSummary run;
  run.status.state = RunState::Running;
  run.status.started = 1000;
  run.status.progress.etaSeconds = 240;
  EXPECT_EQ(timeWords(run, 1005), "estimating");
  EXPECT_EQ(timeWords(run, 1100), "4 min left");
  run.status.progress.etaSeconds.reset();
  EXPECT_EQ(timeWords(run, 1100), "estimating");
}

TEST_F(Runs, ARunStartedInAShellAppearsByItself) {
  RunsPane pane(model_);
  pane.resize(500, 400);
  pane.show();
  ASSERT_TRUE(open(0));
  EXPECT_TRUE(pane.isShowingEmpty());
  syntheticRun(runs_, "from_a_shell", RunState::Running, wallSeconds());
  ASSERT_TRUE(soon([&] { return model_.rowCount() == 1; }));
  EXPECT_FALSE(pane.isShowingEmpty());
  EXPECT_EQ(pane.current(), runs_ / "from_a_shell");
  ASSERT_EQ(pane.shown().size(), 1u);
  EXPECT_EQ(pane.shown()[0].name, "from_a_shell");
}

TEST_F(Runs, TheSecondPressStopsNow) {
  syntheticRun(runs_, "going", RunState::Running, wallSeconds());
  RunsPane pane(model_);
  pane.resize(500, 400);
  pane.show();
  ASSERT_TRUE(open(1));
  ASSERT_TRUE(soon([&] { return pane.stopButton()->isEnabled(); }));
  std::vector<bool> asked;
  QObject::connect(&pane, &RunsPane::stopRequested, &pane, [&](const std::filesystem::path& run, bool now) {
    EXPECT_EQ(run, runs_ / "going");
    asked.push_back(now);
  });
  QTest::mouseClick(pane.stopButton(), Qt::LeftButton);
  EXPECT_EQ(pane.stopButton()->text(), "Stop now");
  QTest::mouseClick(pane.stopButton(), Qt::LeftButton);
  EXPECT_EQ(asked, (std::vector<bool>{false, true}));
  EXPECT_FALSE(pane.resumeButton()->isEnabled());
  syntheticRun(runs_, "going", RunState::Failed, wallSeconds());
  ASSERT_TRUE(soon([&] { return pane.resumeButton()->isEnabled(); }));
  EXPECT_FALSE(pane.stopButton()->isEnabled());
}

TEST_F(Runs, FiltersSortsAndRemembersWhatIsDrawn) {
  syntheticRun(runs_, "alpha", RunState::Finished, 1);
  syntheticRun(runs_, "beta", RunState::Failed, 2);
  RunsPane pane(model_);
  pane.resize(700, 400);
  pane.show();
  ASSERT_TRUE(open(2));
  pane.filter()->setText("failed");
  EXPECT_EQ(pane.table()->model()->rowCount(), 1);
  pane.filter()->clear();
  ASSERT_EQ(pane.shown().size(), 1u);  // the newest
  EXPECT_EQ(pane.shown()[0].name, "beta");
  ActionRegistry registry;
  pane.registerActions(registry);
  pane.select(runs_ / "alpha");
  registry.action("runs.plot")->trigger();
  EXPECT_EQ(pane.shown().size(), 2u);
  const QJsonObject state = pane.saveState();
  model_.setShown(runs_ / "alpha", false);
  pane.restoreState(state);
  EXPECT_EQ(pane.shown().size(), 2u);
  EXPECT_EQ(pane.current(), runs_ / "alpha");
}

TEST_F(Runs, TheCauseOfAFailureStandsOnTopInWords) {
  const RunFolder run = syntheticRun(runs_, "broken", RunState::Failed, 2);
  writeJsonFile(run.environment(), Json{{"command_line", "counterpoint-worker launch --ranks 2 echo_text"}});
  RunDetailsPane pane(model_, feeds_);
  pane.resize(700, 300);
  pane.show();
  EXPECT_TRUE(pane.isShowingEmpty());
  ASSERT_TRUE(open(1));
  pane.setRun(run.path());
  EXPECT_EQ(pane.cause(), "Rank 1: cuda:0: out of memory. Lower training.batch_size (now 64).");
  EXPECT_GT(pane.facts()->model()->rowCount(), 6);
  ActionRegistry registry;
  pane.registerActions(registry);
  registry.action("run.copy_command")->trigger();
  EXPECT_EQ(QGuiApplication::clipboard()->text(), "counterpoint-worker launch --ranks 2 echo_text");
}

TEST_F(Runs, LogsFollowFilterHoldAndKeepToTheirCap) {
  const RunFolder run = syntheticRun(runs_, "logs", RunState::Running, wallSeconds());
  const auto append = [&](int rank, const std::string& text) {
    std::ofstream(run.rankLog(rank), std::ios::app) << text;
  };
  append(0, "14:03:22 info loading\n14:03:23 warning slow disk\nplain line\n");
  append(1, "14:03:24 error out of memory\n    while allocating\nhalf a li");
  RankLogView view(feeds_.thread());
  view.resize(700, 200);
  view.show();
  view.setRun(run.path());
  const QAbstractItemModel* shown = view.table()->model();
  ASSERT_TRUE(soon([&] { return shown->rowCount() == 5; }));
  EXPECT_EQ(shown->index(1, RankLogModel::Level).data().toString(), "warning");
  EXPECT_EQ(shown->index(4, RankLogModel::Level).data().toString(), "error");
  append(1, "ne\n");
  ASSERT_TRUE(soon([&] { return shown->rowCount() == 6; }));
  EXPECT_EQ(shown->index(5, RankLogModel::Text).data().toString(), "half a line");
  view.levels()->setCurrentIndex(2);
  EXPECT_EQ(shown->rowCount(), 3);
  view.ranks()->setCurrentIndex(view.ranks()->findData(1));
  EXPECT_EQ(shown->rowCount(), 2);
  view.search()->setText("ALLOC");
  EXPECT_EQ(shown->rowCount(), 1);
  view.search()->clear();
  view.ranks()->setCurrentIndex(0);
  view.levels()->setCurrentIndex(0);
  view.pause()->setChecked(true);
  append(0, "14:03:25 info while held\n");
  QTest::qWait(200);
  EXPECT_EQ(shown->rowCount(), 6);
  view.pause()->setChecked(false);
  EXPECT_EQ(shown->rowCount(), 7);
  std::string many;
  for (int i = 0; i < 25000; ++i) many += "14:03:26 info line " + std::to_string(i) + "\n";
  append(0, many);
  ASSERT_TRUE(soon([&] {
    const int rows = shown->rowCount();
    return rows == static_cast<int>(RankLogModel::kMostLines) &&
           shown->index(rows - 1, RankLogModel::Text).data().toString().endsWith("line 24999");
  }));
  EXPECT_TRUE(view.follow()->isChecked());
  EXPECT_TRUE(
      view.table()->visualRect(shown->index(shown->rowCount() - 1, 0)).intersects(view.table()->viewport()->rect()));
}

TEST_F(Runs, CaptionsAndRetrievalsAreReadable) {
  const RunFolder run = syntheticRun(runs_, "events", RunState::Running, wallSeconds());
  EventWriter events(run, 0);
  events.at(20, 1);
  events.caption("val/caption", "clips/a.mp4", "S-1", "LVEF is 35 %.",
                 Json{{"text", "LVEF about 32 %."},
                      {"generated", true},
                      {"calibrated", false},
                      {"sentences", Json::array({Json{{"text", "LVEF about 32 %."}, {"confidence", 0.81}}})}},
                 Json::object());
  RunEventsView view;
  view.resize(700, 300);
  view.show();
  view.setFeed(feeds_.feed(run.path()));
  ASSERT_TRUE(soon([&] { return view.model()->rowCount() == 1; }));
  events.retrieval("val/worst", "severely reduced",
                   Json::array({Json{{"rank", 1}, {"id", "x"}, {"text", "normal"}, {"score", 0.53}, {"right", false}}}),
                   {57}, 120);
  ASSERT_TRUE(soon([&] { return view.model()->rowCount() == 2; }));
  EXPECT_EQ(view.model()->index(0, RunEventsModel::Summary).data().toString(), "worst: severely reduced");
  EXPECT_EQ(view.model()->index(1, RunEventsModel::Summary).data().toString(), "generated: LVEF about 32 %.");
  EXPECT_TRUE(view.warning()->isVisible());
  EXPECT_TRUE(view.warning()->text().contains("not for diagnosis"));
  view.table()->selectRow(1);
  const QString text = view.text()->toPlainText();
  EXPECT_TRUE(text.contains("not for diagnosis"));
  EXPECT_TRUE(text.contains("uncalibrated"));
  EXPECT_TRUE(text.contains("LVEF about 32 %.  [0.810]"));
  EXPECT_TRUE(text.contains("LVEF is 35 %."));
  view.table()->selectRow(0);
  EXPECT_TRUE(view.text()->toPlainText().contains("rank 57 of 120"));
}

TEST_F(Runs, WithoutAGeneratedCaptionThereIsNoWarning) {
  const RunFolder run = syntheticRun(runs_, "events", RunState::Running, wallSeconds());
  EventWriter events(run, 0);
  events.at(1, 0);
  events.retrieval("val/best", "normal", Json::array(), {1}, 120);
  RunEventsView view;
  view.show();
  view.setFeed(feeds_.feed(run.path()));
  ASSERT_TRUE(soon([&] { return view.model()->rowCount() == 1; }));
  EXPECT_FALSE(view.warning()->isVisible());
}

TEST_F(Runs, EventsOfTheRunBeforeNeverShow) {
  const RunFolder first = syntheticRun(runs_, "first", RunState::Finished, 1),
                  second = syntheticRun(runs_, "second", RunState::Finished, 2);
  for (const RunFolder& run : {first, second}) {
    EventWriter events(run, 0);
    events.at(1, 0);
    for (int i = 0; i < 200; ++i) events.retrieval("val/best", run.name(), Json::array(), {1}, 120);
  }
  RunEventsView view;
  view.setFeed(feeds_.feed(first.path()));
  view.setFeed(feeds_.feed(second.path()));
  ASSERT_TRUE(soon([&] { return view.model()->rowCount() == 200; }));
  QTest::qWait(50);
  ASSERT_EQ(view.model()->rowCount(), 200);
  EXPECT_EQ(view.model()->index(199, RunEventsModel::Summary).data().toString(), "best: second");
}

TEST_F(Runs, InItsUsualWidthTheListShowsStateProgressTimeAndValues) {
  syntheticRun(runs_, "2026-01-01_00-00-01_echo_text", RunState::Running, wallSeconds());
  RunsPane pane(model_);
  pane.resize(504, 400);  // its share of a window of 1440 pixels
  pane.show();
  ASSERT_TRUE(open(1));
  for (const auto column :
       {RunsModel::State, RunsModel::Name, RunsModel::Progress, RunsModel::Time, RunsModel::Last, RunsModel::Best}) {
    const QRect cell = pane.table()->visualRect(pane.table()->model()->index(0, column));
    EXPECT_TRUE(pane.table()->viewport()->rect().contains(cell)) << column;
    if (column == RunsModel::Progress || column == RunsModel::Name) continue;  // a bar; what may be elided
    const QString text = pane.table()->model()->index(0, column).data().toString();
    EXPECT_LE(pane.table()->fontMetrics().horizontalAdvance(text), cell.width()) << text.toStdString();
  }
}

TEST_F(Runs, TheMetricThatChoosesTheBestCheckpointStandsFirst) {
  const RunFolder run = syntheticRun(runs_, "one", RunState::Finished, 1);
  writeFileAtomically(run.config(), "recipe: echo_text\ntrain:\n  best_metric: val/recall@5\n");
  ASSERT_TRUE(open(1));
  EXPECT_EQ(cell(0, RunsModel::Best), "0.4100");  // val/loss would come first in the alphabet
  EXPECT_FALSE(model_.traitsOf(run.path()).hasModel);
  EXPECT_TRUE(model_.runToServe(run.path()).empty());
  syntheticRun(runs_, "two", RunState::Finished, 2);
  std::filesystem::create_directories(runs_ / "one/checkpoints/step_000010");
  std::filesystem::create_directory_symlink("step_000010", runs_ / "one/checkpoints/last");
  model_.refreshNow();
  ASSERT_TRUE(soon([&] { return model_.traitsOf(run.path()).hasModel; }));
  EXPECT_EQ(model_.runToServe(runs_ / "two"), run.path());
}

TEST_F(Runs, TheCauseStandsAboveTheListToo) {
  syntheticRun(runs_, "broken", RunState::Failed, 2);
  syntheticRun(runs_, "fine", RunState::Finished, 1);
  RunsPane pane(model_);
  pane.resize(460, 400);
  pane.show();
  ASSERT_TRUE(open(2));
  pane.select(runs_ / "broken");
  EXPECT_EQ(pane.cause(), "Rank 1: cuda:0: out of memory. Lower training.batch_size (now 64).");
  pane.select(runs_ / "fine");
  EXPECT_EQ(pane.cause(), "");
}

TEST_F(Runs, StoppingAndStoppingNowAreTwoActions) {
  syntheticRun(runs_, "going", RunState::Running, wallSeconds());
  RunsPane pane(model_);
  pane.show();
  ActionRegistry registry;
  pane.registerActions(registry);
  ASSERT_TRUE(open(1));
  ASSERT_TRUE(soon([&] { return registry.action("runs.stop")->isEnabled(); }));
  std::vector<bool> asked;
  QObject::connect(&pane, &RunsPane::stopRequested, &pane,
                   [&](const std::filesystem::path&, bool now) { asked.push_back(now); });
  registry.action("runs.stop")->trigger();
  EXPECT_FALSE(registry.action("runs.stop")->isEnabled());
  EXPECT_TRUE(registry.action("runs.stop_now")->text().contains("now"));
  registry.action("runs.stop_now")->trigger();
  EXPECT_EQ(asked, (std::vector<bool>{false, true}));
}

TEST_F(Runs, TheContextMenuHoldsActionsOfTheRegistry) {
  syntheticRun(runs_, "one", RunState::Finished, 1);
  RunsPane pane(model_);
  pane.resize(460, 400);
  pane.show();
  ActionRegistry registry;
  pane.registerActions(registry);
  ASSERT_TRUE(open(1));
  emit pane.table()->customContextMenuRequested(QPoint(10, 10));
  auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
  ASSERT_TRUE(menu);
  EXPECT_GE(menu->actions().size(), 6);
  for (QAction* action : menu->actions()) EXPECT_EQ(registry.action(action->objectName()), action);
  registry.action("runs.copy_path")->trigger();
  EXPECT_EQ(QGuiApplication::clipboard()->text().toStdString(), (runs_ / "one").string());
  menu->close();
}

TEST_F(Runs, DamagedFoldersAreListedNotFatal) {
  const RunFolder run = syntheticRun(runs_, "damaged", RunState::Running, 1);
  std::ofstream(run.status()) << "{ broken";
  std::filesystem::create_directories(runs_ / "no_status");
  ASSERT_TRUE(open(1));
  EXPECT_EQ(cell(0, RunsModel::State), "failed");
}

}  // namespace
}  // namespace counterpoint
