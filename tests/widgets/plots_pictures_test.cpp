// SPDX-License-Identifier: GPL-3.0-or-later
// What charts and the list of runs look like. With COUNTERPOINT_PICTURES=FOLDER the pictures are kept.
#include <gtest/gtest.h>

#include <fstream>

#include "core/base/clock.h"
#include "tests/support/synthetic_run.h"
#include "tests/support/temporary_folder.h"
#include "widgets/common/data_table.h"
#include "widgets/plots/chart_card.h"
#include "widgets/plots/chart_grid.h"
#include "widgets/plots/metric_chart.h"
#include "widgets/plots/plots_pane.h"
#include "widgets/runs/run_details_pane.h"
#include "widgets/runs/run_events.h"
#include "widgets/runs/run_log.h"
#include "widgets/runs/runs_model.h"
#include "widgets/runs/runs_pane.h"

#include <QScrollArea>
#include <QTabWidget>
#include <QTest>

namespace counterpoint {
namespace {

using ::counterpoint::testing::syntheticRun;
using ::counterpoint::testing::writeCurves;

constexpr int kPatience = 10000;  // milliseconds
constexpr int kEnough = 40;       // pixels of a colour that even a short curve leaves behind

int pixelsLike(const QImage& picture, const QColor& colour, int tolerance) {
  int found = 0;
  for (int y = 0; y < picture.height(); ++y) {
    for (int x = 0; x < picture.width(); ++x) {
      const QColor here = picture.pixelColor(x, y);
      found += std::abs(here.red() - colour.red()) <= tolerance &&
               std::abs(here.green() - colour.green()) <= tolerance &&
               std::abs(here.blue() - colour.blue()) <= tolerance;
    }
  }
  return found;
}

class Pictures : public ::testing::TestWithParam<ThemeName> {
 protected:
  void SetUp() override { theme_.apply(GetParam()); }
  void TearDown() override { theme_.apply(ThemeName::Light); }

  QImage take(QWidget& widget, const QString& name) {
    const QImage picture = widget.grab().toImage();
    const QString folder = qEnvironmentVariable("COUNTERPOINT_PICTURES");
    if (!folder.isEmpty()) {
      picture.save(QStringLiteral("%1/%2-%3-%4.png")
                       .arg(folder, name, Theme::nameOf(GetParam()))
                       .arg(picture.devicePixelRatio()));
    }
    return picture;
  }

  Theme theme_{*qobject_cast<QApplication*>(QApplication::instance())};
  TemporaryFolder folder_;
};

TEST_P(Pictures, PlotsAndRuns) {
  const std::filesystem::path runs = folder_ / "runs";
  const double now = wallSeconds();
  const RunFolder base = syntheticRun(runs, "base", RunState::Finished, now - 4000);
  const RunFolder broken = syntheticRun(runs, "mvit-xl", RunState::Failed, now - 3000);
  const RunFolder going =
      syntheticRun(runs, "siglip-with-a-rather-long-name-that-does-not-fit", RunState::Running, now - 200);
  syntheticRun(runs, "base-lr", RunState::Queued, now - 10);
  writeCurves(base, 800, 0.006);
  writeCurves(broken, 150, 0.01);
  writeCurves(going, 496, 0.012);
  EventWriter events(going, 0);
  events.at(480, 6);
  events.caption("val/caption", "clips/a.mp4", "S-1", "Moderately reduced function, LVEF 35 %.",
                 Json{{"text", "LVEF about 32 %. Severely reduced."},
                      {"calibrated", true},
                      {"sentences", Json::array({Json{{"text", "LVEF about 32 %."}, {"confidence", 0.81}},
                                                 Json{{"text", "Severely reduced."}, {"confidence", 0.58}}})}},
                 Json::object());
  events.checkpoint("checkpoints/step_000480", true, {});
  std::ofstream(broken.rankLog(0)) << "14:03:22 info rank 0 of 2 on cuda:0\n14:03:24 info epoch 1\n";
  std::ofstream(broken.rankLog(1)) << "14:03:22 info rank 1 of 2 on cuda:1\n14:03:23 warning 3 clips are "
                                      "missing\n14:03:25 error out of memory\n    while allocating 2.1 GB\n";

  RunFeeds feeds;
  RunsModel model(feeds.thread());
  RunsPane list(model);
  list.resize(460, 320);
  list.show();
  take(list, "runs-empty");
  PlotsPane plots(feeds);
  plots.resize(1180, 720);
  plots.show();
  take(plots, "plots-empty");
  model.setFolder(runs);
  ASSERT_TRUE(QTest::qWaitFor([&] { return model.rowCount() == 4; }, kPatience));
  model.setShown(base.path(), true);
  model.setShown(broken.path(), true);
  plots.setRuns(list.shown(), true);
  ASSERT_TRUE(QTest::qWaitFor([&] { return plots.cards().size() == 9; }, kPatience));
  ChartCard* card = plots.card("train/loss");
  ASSERT_TRUE(QTest::qWaitFor([&] { return card->chart()->legendEntries().size() == 3 && card->chart()->hasValues(); },
                              kPatience));
  QTest::qWait(300);
  take(list, "runs");
  list.resize(900, 320);
  take(list, "runs-wide");
  take(plots, "plots");
  auto* scroll = plots.findChild<QScrollArea*>();
  scroll->ensureWidgetVisible(card, 0, 0);
  QTest::qWait(200);
  const QImage chart = card->chart()->grab().toImage();
  for (const RunFolder& run : {base, broken, going}) {
    EXPECT_GT(pixelsLike(chart, model.styleOf(run.path()).colour, 40), kEnough) << run.name();
  }
  card->chart()->setFocus();
  for (int i = 0; i < 30; ++i) QTest::keyClick(card->chart(), Qt::Key_Left, Qt::ControlModifier);
  emit card->expandToggled();
  QTest::qWait(300);
  take(plots, "plots-alone");
  card->numbers()->showTable(true);
  card->refresh();
  take(plots, "plots-table");

  RunDetailsPane details(model, feeds);
  details.resize(900, 300);
  details.show();
  details.setRun(broken.path());
  QTest::qWait(200);
  take(details, "run-overview");
  details.tabs()->setCurrentIndex(1);
  ASSERT_TRUE(QTest::qWaitFor([&] { return details.log()->table()->model()->rowCount() == 6; }, kPatience));
  take(details, "run-logs");
  details.setRun(going.path());
  details.tabs()->setCurrentIndex(2);
  ASSERT_TRUE(QTest::qWaitFor([&] { return details.events()->model()->rowCount() == 2; }, kPatience));
  details.events()->table()->selectRow(1);
  take(details, "run-events");
}

INSTANTIATE_TEST_SUITE_P(Themes, Pictures, ::testing::Values(ThemeName::Light, ThemeName::Dark));

}  // namespace
}  // namespace counterpoint
