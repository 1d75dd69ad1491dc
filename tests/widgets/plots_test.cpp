// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <malloc.h>
#include <functional>

#include <cmath>
#include <fstream>

#include "core/base/clock.h"
#include "core/base/files.h"
#include "tests/support/synthetic_run.h"
#include "tests/support/temporary_folder.h"
#include "widgets/common/action_registry.h"
#include "widgets/common/data_table.h"
#include "widgets/plots/chart_card.h"
#include "widgets/plots/chart_export.h"
#include "widgets/plots/chart_grid.h"
#include "widgets/plots/chart_legend.h"
#include "widgets/plots/metric_chart.h"
#include "widgets/plots/plots_bar.h"
#include "widgets/plots/plots_pane.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QSvgRenderer>
#include <QTest>
#include <QTimer>
#include <QToolButton>

namespace counterpoint {
namespace {

using ::counterpoint::testing::syntheticRun;
using ::counterpoint::testing::writeCurves;

constexpr int kPatience = 10000;  // milliseconds

class Plots : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(runs_);
    pane_.resize(1100, 700);
    pane_.show();
  }

  PlottedRun plotted(const RunFolder& folder, int index) {
    return {folder.path(), QString::fromStdString(folder.name()), seriesStyle(index)};
  }

  // Until what is asked for holds; events go on meanwhile.
  template <typename Condition>
  bool soon(Condition condition) {
    return QTest::qWaitFor(condition, kPatience);
  }

  bool drawn(const QString& metric) {
    return soon([&] {
      ChartCard* card = pane_.card(metric);
      return card && card->chart()->hasValues() && !card->legend()->entries().empty();
    });
  }

  TemporaryFolder folder_;
  std::filesystem::path runs_ = folder_ / "runs";
  RunFeeds feeds_;
  PlotsPane pane_{feeds_};
};

TEST_F(Plots, AnEmptyPaneSaysWhatToDo) {
  QSignalSpy launch(&pane_, &PlotsPane::trainRequested), newest(&pane_, &PlotsPane::showNewestRequested);
  EXPECT_TRUE(pane_.isShowingEmpty());
  pane_.emptyState()->button()->click();
  EXPECT_EQ(launch.count(), 1);
  pane_.setRuns({}, true);
  pane_.emptyState()->button()->click();
  EXPECT_EQ(newest.count(), 1);
}

TEST_F(Plots, GroupsMetricsByPrefixAndRunsByColour) {
  const RunFolder first = syntheticRun(runs_, "first", RunState::Finished, 1),
                  second = syntheticRun(runs_, "second", RunState::Finished, 2);
  writeCurves(first, 100, 0.01);
  writeCurves(second, 60, 0.02);
  pane_.setRuns({plotted(first, 0), plotted(second, 1)}, true);
  ASSERT_TRUE(drawn("train/loss"));
  ASSERT_TRUE(soon(
      [&] { return pane_.cards().size() == 9 && pane_.card("val/recall@5")->chart()->legendEntries().size() == 2; }));
  EXPECT_EQ(pane_.card("optimizer/lr")->group(), "optimizer");
  const auto entries = pane_.card("train/loss")->chart()->legendEntries();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_NE(entries[0].style.colour, entries[1].style.colour);
  EXPECT_TRUE(entries[1].value.has_value());
  // A name filter, by pattern.
  pane_.bar()->search()->setText("recall|lr$");
  EXPECT_TRUE(soon([&] { return !pane_.card("train/loss")->isVisible(); }));
  EXPECT_TRUE(pane_.card("optimizer/lr")->isVisible());
  EXPECT_TRUE(pane_.card("val/recall@1")->isVisible());
}

TEST_F(Plots, ALineIsOnScreenWithinAFifthOfASecond) {
  const RunFolder run = syntheticRun(runs_, "live", RunState::Running, 1);
  writeCurves(run, 200, 0.01);
  pane_.setRuns({plotted(run, 0)}, true);
  ASSERT_TRUE(drawn("train/loss"));
  QTest::qWait(200);  // everything that opening brings is drawn
  MetricChart* chart = pane_.card("train/loss")->chart();
  EventWriter events(run, 0);
  std::vector<double> times;
  for (int i = 0; i < 9; ++i) {
    QSignalSpy replotted(chart, &MetricChart::refreshed);
    const double value = 0.5 + i * 0.001;
    QElapsedTimer clock;
    clock.start();
    events.at(201 + i, 3);
    events.scalar("train/loss", value);
    ASSERT_TRUE(soon([&] { return replotted.count() > 0 && chart->legendEntries()[0].value == value; }));
    times.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
    QTest::qWait(20);
  }
  std::sort(times.begin(), times.end());
  RecordProperty("event_to_screen_ms_median", std::to_string(times[times.size() / 2]));
  std::printf("event to screen: median %.1f ms, worst %.1f ms\n", times[times.size() / 2], times.back());
  EXPECT_LT(times[times.size() / 2], 200);
}

TEST_F(Plots, AMillionPointsStaySmooth) {
  const RunFolder run = syntheticRun(runs_, "long", RunState::Finished, 1);
  {
    std::ofstream events(run.events());
    for (int i = 1; i <= 1000000; ++i) {
      events << R"({"t": )" << 1000 + i << R"(, "attempt": 0, "step": )" << i
             << R"(, "epoch": 1, "kind": "scalar", "values": {"train/loss": )"
             << std::sin(i * 0.0001) + (i % 1000) * 0.001 << "}}\n";
    }
  }
  const auto before = ::mallinfo2().uordblks;
  pane_.setRuns({plotted(run, 0)}, true);
  double longestGap = 0;
  QElapsedTimer sinceEvent;
  sinceEvent.start();
  QTimer heart;
  heart.setTimerType(Qt::PreciseTimer);
  QObject::connect(&heart, &QTimer::timeout, &heart, [&] {
    longestGap = std::max(longestGap, static_cast<double>(sinceEvent.nsecsElapsed()) / 1e6);
    sinceEvent.start();
  });
  heart.start(1);
  ASSERT_TRUE(QTest::qWaitFor(
      [&] {
        const auto entries =
            pane_.card("train/loss") ? pane_.card("train/loss")->chart()->legendEntries() : std::vector<LegendEntry>{};
        return !entries.empty() && entries[0].x == 1000000;
      },
      60000));
  heart.stop();
  const double megabytes = static_cast<double>(::mallinfo2().uordblks - before) / 1e6;
  MetricChart* chart = pane_.card("train/loss")->chart();
  chart->refresh(true);
  const auto time = [&] {
    QElapsedTimer clock;
    clock.start();
    for (int i = 0; i < 10; ++i) chart->refresh(true);
    return static_cast<double>(clock.nsecsElapsed()) / 1e7;
  };
  const double whole = time();
  chart->setWindow(std::pair(400000.0, 420000.0));
  const double zoomed = time();
  ChartSettings rough = chart->settings();
  rough.smoothing = 0;
  chart->setSettings(rough);
  chart->setWindow(std::nullopt);
  const double raw = time();
  std::printf(
      "10^6 points: refresh and replot %.1f ms smoothed, %.1f ms raw, %.1f ms zoomed; longest gap of the event loop "
      "while reading %.1f ms; %.0f MB\n",
      whole, raw, zoomed, longestGap, megabytes);
  EXPECT_LT(whole, 50);
  EXPECT_LT(longestGap, 250);
}

// More charts than are made at once, of two runs whose metrics come to be known one after the other.
TEST_F(Plots, EveryOneOfManyChartsHasItsCurve) {
  constexpr int kMetrics = 40;
  const auto name = [](int i) { return "train/metric_" + std::to_string(10 + i); };
  std::vector<PlottedRun> shown;
  for (int half = 0; half < 2; ++half) {
    const RunFolder run = syntheticRun(runs_, half ? "odd" : "even", RunState::Finished, 1);
    EventWriter events(run, 0);
    for (int step = 1; step <= 3; ++step) {
      events.at(step, step);
      for (int i = half; i < kMetrics; i += 2) events.scalar(name(i), step);
    }
    shown.push_back(plotted(run, half));
  }
  pane_.setRuns(shown, true);
  ASSERT_TRUE(soon([&] { return pane_.cards().size() == kMetrics; }));
  for (int i = 0; i < kMetrics; ++i) {
    const MetricChart* chart = pane_.card(QString::fromStdString(name(i)))->chart();
    EXPECT_EQ(chart->legendEntries().size(), 1U) << name(i);
  }
}

TEST_F(Plots, ZoomIsLinkedAndUndone) {
  const RunFolder run = syntheticRun(runs_, "zoom", RunState::Finished, 1);
  writeCurves(run, 300, 0.01);
  pane_.setRuns({plotted(run, 0)}, true);
  ASSERT_TRUE(drawn("train/loss") && drawn("train/contrastive"));
  MetricChart* chart = pane_.card("train/loss")->chart();
  MetricChart* other = pane_.card("train/contrastive")->chart();
  ASSERT_TRUE(soon([&] { return chart->xRange() == std::pair(1.0, 300.0); }));
  const QRect area = chart->axisRect()->rect();
  QTest::mousePress(chart, Qt::LeftButton, {}, {area.left() + area.width() / 4, area.top() + 5});
  QTest::mouseMove(chart, {area.center().x(), area.center().y()});
  QTest::mouseRelease(chart, Qt::LeftButton, {}, {area.center().x(), area.center().y()});
  EXPECT_TRUE(soon(
      [&] { return std::abs(chart->xRange().first - 75.75) < 3 && std::abs(chart->xRange().second - 150.5) < 3; }));
  EXPECT_TRUE(soon([&] { return other->xRange() == chart->xRange(); }));
  QTest::keyClick(chart, Qt::Key_Home);
  EXPECT_TRUE(soon([&] { return chart->xRange() == std::pair(1.0, 300.0) && other->xRange() == chart->xRange(); }));

  // The wheel keeps what is under the cursor in its place.
  const QPointF place(area.left() + area.width() * 0.3, area.center().y());
  const double under = chart->xAxis->pixelToCoord(place.x());
  QWheelEvent wheel(place, chart->mapToGlobal(place), {}, {0, 120}, Qt::NoButton, Qt::ControlModifier,
                    Qt::NoScrollPhase, false);
  QApplication::sendEvent(chart, &wheel);
  EXPECT_TRUE(soon([&] { return chart->xRange().second < 299; }));
  EXPECT_NEAR(chart->xAxis->pixelToCoord(place.x()), under, 1);
}

TEST_F(Plots, TheCrosshairReadsAllCurvesInAllCharts) {
  const RunFolder run = syntheticRun(runs_, "cross", RunState::Finished, 1);
  writeCurves(run, 100, 0.01);
  pane_.setRuns({plotted(run, 0)}, true);
  ASSERT_TRUE(drawn("train/loss") && drawn("train/captioning"));
  MetricChart* chart = pane_.card("train/loss")->chart();
  chart->setFocus();
  QTest::keyClick(chart, Qt::Key_Right);  // from the end
  QTest::keyClick(chart, Qt::Key_Left);
  ASSERT_TRUE(chart->crosshair().has_value());
  EXPECT_EQ(*chart->crosshair(), 99);
  ASSERT_TRUE(pane_.card("train/captioning")->chart()->crosshair().has_value());
  const auto there = pane_.card("train/captioning")->legend()->entries();
  ASSERT_EQ(there.size(), 1u);
  EXPECT_EQ(there[0].x, 99);
  QTest::keyClick(chart, Qt::Key_Escape);
  EXPECT_FALSE(pane_.card("train/captioning")->chart()->crosshair().has_value());
}

TEST_F(Plots, NumbersAreATableByOneKey) {
  const RunFolder run = syntheticRun(runs_, "table", RunState::Finished, 1);
  writeCurves(run, 40, 0.01);
  pane_.setRuns({plotted(run, 0)}, true);
  ASSERT_TRUE(drawn("train/loss"));
  ChartCard* card = pane_.card("train/loss");
  card->chart()->setFocus();
  QTest::keyClick(card->chart(), Qt::Key_T);
  ASSERT_TRUE(card->numbers()->showsTable());
  const QAbstractItemModel* model = card->numbers()->table()->model();
  EXPECT_EQ(model->rowCount(), 40);
  EXPECT_EQ(model->index(6, 1).data().toString(), "7");
  EventWriter events(run, 0);
  events.at(41, 1);
  events.scalar("train/loss", 0.125);
  EXPECT_TRUE(soon([&] { return model->rowCount() == 41; }));
  EXPECT_EQ(model->index(40, 4).data().toString(), "0.1250000");
}

TEST_F(Plots, ExportsPicturesAndNumbers) {
  const RunFolder run = syntheticRun(runs_, "export, \"quoted\"", RunState::Finished, 1);
  writeCurves(run, 200, 0.01);
  pane_.setRuns({plotted(run, 0)}, true);
  ASSERT_TRUE(drawn("train/loss"));
  pane_.card("train/loss")->chart()->setFocus();
  QSignalSpy done(&pane_, &PlotsPane::exported);
  const auto path = [&](const char* name) { return QString::fromStdString((folder_ / name).string()); };
  pane_.exportCharts(ExportFormat::Png, path("loss.png"), pane_.currentCard(), false);
  const QImage picture(path("loss.png"));
  EXPECT_EQ(picture.size(), QSize(1600, 960));
  pane_.exportCharts(ExportFormat::Svg, path("loss.svg"), pane_.currentCard(), false);
  EXPECT_TRUE(QSvgRenderer(path("loss.svg")).isValid());
  pane_.exportCharts(ExportFormat::Pdf, path("loss.pdf"), pane_.currentCard(), false);
  EXPECT_EQ(readFile(folder_ / "loss.pdf").substr(0, 5), "%PDF-");
  pane_.card("train/loss")->chart()->setWindow(std::pair(95.0, 98.0));
  pane_.card("train/loss")->chart()->refresh(true);
  pane_.exportCharts(ExportFormat::Csv, path("loss.csv"), pane_.currentCard(), true);
  ASSERT_TRUE(soon([&] { return done.count() == 4; }));
  const std::string text = readFile(folder_ / "loss.csv");
  EXPECT_THAT(text,
              ::testing::StartsWith("run,metric,step,epoch,time,value\n\"export, \"\"quoted\"\"\",train/loss,95,"));
  EXPECT_THAT(text, ::testing::HasSubstr(",nan\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 5);
  std::filesystem::create_directories(folder_ / "all");
  pane_.exportCharts(ExportFormat::Svg, path("all"), nullptr, false);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_ / "all"), {}), 9);
  // A folder that is not there is said, not ignored.
  QSignalSpy noticed(&pane_, &PlotsPane::noticed);
  pane_.exportCharts(ExportFormat::Png, path("none/loss.png"), pane_.currentCard(), false);
  EXPECT_EQ(noticed.count(), 1);
}

TEST_F(Plots, RemembersHowItWas) {
  const RunFolder run = syntheticRun(runs_, "state", RunState::Finished, 1);
  writeCurves(run, 40, 0.01);
  pane_.setRuns({plotted(run, 0)}, true);
  ASSERT_TRUE(drawn("train/loss"));
  ChartSettings settings;
  settings.axis = XAxis::Epoch;
  settings.smoothing = 0.25;
  settings.robust = true;
  pane_.bar()->setSettings(settings);
  pane_.card("train/loss")->setPinned(true);
  pane_.card("val/loss")->setOwnLogY(true);
  PlotsPane again(feeds_);
  again.restoreState(pane_.saveState());
  again.setRuns({plotted(run, 0)}, true);
  ASSERT_TRUE(soon([&] { return again.card("val/loss") != nullptr; }));
  EXPECT_EQ(again.bar()->settings().axis, XAxis::Epoch);
  EXPECT_DOUBLE_EQ(again.bar()->settings().smoothing, 0.25);
  EXPECT_TRUE(again.bar()->settings().robust);
  EXPECT_TRUE(again.card("train/loss")->isPinned());
  EXPECT_TRUE(again.card("val/loss")->chart()->settings().logY);
  EXPECT_FALSE(again.card("train/loss")->chart()->settings().logY);
}

TEST_F(Plots, EveryControlHasANameAndEveryActionWorks) {
  const RunFolder run = syntheticRun(runs_, "names", RunState::Finished, 1);
  writeCurves(run, 40, 0.01);
  ActionRegistry registry;
  pane_.registerActions(registry);
  EXPECT_FALSE(registry.action("plots.reset")->isEnabled());
  pane_.setRuns({plotted(run, 0)}, true);
  ASSERT_TRUE(drawn("train/loss"));
  registry.refresh();
  for (QWidget* widget : pane_.findChildren<QWidget*>()) {
    if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible()) continue;
    const QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(widget);
    if (!spoken || qobject_cast<QLineEdit*>(widget)) continue;
    EXPECT_FALSE(spoken->text(QAccessible::Name).isEmpty())
        << widget->metaObject()->className() << " " << widget->objectName().toStdString();
  }
  registry.action("plots.table")->trigger();
  EXPECT_TRUE(pane_.currentCard()->numbers()->showsTable());
  registry.action("plots.table")->trigger();
  registry.action("plots.alone")->trigger();
  EXPECT_NE(pane_.grid()->alone(), nullptr);
  registry.action("plots.log_y")->trigger();
  EXPECT_TRUE(pane_.currentCard()->chart()->settings().logY);
}

TEST_F(Plots, AnExportWritesTheChartThatWasChosenBeforeTheDialog) {
  const RunFolder run = syntheticRun(runs_, "first", RunState::Finished, 1);
  writeCurves(run, 100, 0.01);
  ActionRegistry registry;
  pane_.registerActions(registry);
  pane_.setRuns({plotted(run, 0)}, true);
  ASSERT_TRUE(drawn("val/loss"));
  ASSERT_TRUE(QTest::qWaitForWindowActive(&pane_));
  const auto answer = [&](const std::function<void(QFileDialog&)>& act) {
    auto* waiting = new QTimer(&pane_);
    QObject::connect(waiting, &QTimer::timeout, &pane_, [waiting, act] {
      auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
      if (!dialog) return;
      waiting->deleteLater();
      act(*dialog);
    });
    waiting->start(20);
  };
  pane_.card("val/loss")->chart()->setFocus();
  QSignalSpy exported(&pane_, &PlotsPane::exported), noticed(&pane_, &Pane::noticed);
  const std::filesystem::path file = folder_ / "numbers.csv";
  answer([&](QFileDialog& dialog) {
    dialog.findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(QString::fromStdString(file.string()));
    static_cast<QDialog&>(dialog).accept();
  });
  registry.action("plots.export_csv")->trigger();
  ASSERT_TRUE(soon([&] { return exported.count() == 1; }));
  EXPECT_NE(readFile(file).find("first,val/loss,20"), std::string::npos);
  EXPECT_EQ(readFile(file).find("train/"), std::string::npos);

  // Its run goes while the dialog is open: a word, and no file.
  std::filesystem::remove(file);
  answer([&](QFileDialog& dialog) {
    pane_.setRuns({}, true);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    dialog.findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(QString::fromStdString(file.string()));
    static_cast<QDialog&>(dialog).accept();
  });
  registry.action("plots.export_csv")->trigger();
  EXPECT_EQ(noticed.count(), 1);
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(Plots, TheMenusHoldActionsOfTheRegistryThatSayHowTheChartStands) {
  const RunFolder run = syntheticRun(runs_, "first", RunState::Finished, 1);
  writeCurves(run, 100, 0.01);
  ActionRegistry registry;
  pane_.registerActions(registry);
  pane_.setRuns({plotted(run, 0)}, true);
  ASSERT_TRUE(drawn("val/loss"));
  ChartCard* card = pane_.card("val/loss");
  card->setOwnLogY(true);
  emit card->menuRequested(QPoint(10, 10));
  auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
  ASSERT_TRUE(menu);
  int actions = 0;
  for (QAction* action : menu->actions()) {
    if (action->isSeparator()) continue;
    ++actions;
    EXPECT_EQ(registry.action(action->objectName()), action) << action->text().toStdString();
  }
  EXPECT_GE(actions, 12);
  EXPECT_TRUE(registry.action("plots.log_y_chart")->isChecked());
  EXPECT_FALSE(registry.action("plots.pin")->isChecked());
  registry.action("plots.pin")->trigger();
  EXPECT_TRUE(card->isPinned());
  EXPECT_TRUE(registry.action("plots.pin")->isChecked());
  registry.action("plots.copy_numbers")->trigger();
  EXPECT_TRUE(QGuiApplication::clipboard()->text().contains("val/loss"));
  menu->close();
}

}  // namespace
}  // namespace counterpoint
