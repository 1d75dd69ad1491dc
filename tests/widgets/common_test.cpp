// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTest>
#include <QToolButton>

#include <cmath>
#include <set>

#include "core/base/error.h"
#include "widgets/common/action_registry.h"
#include "widgets/common/data_table.h"
#include "widgets/common/icons.h"
#include "widgets/common/number_text.h"
#include "widgets/common/pane.h"
#include "widgets/common/series_style.h"
#include "widgets/common/theme.h"

namespace counterpoint {
namespace {

TEST(Theme, EveryTextPairReachesFourAndAHalfAndEveryEdgeThree) {
  for (const ThemeName name :
       {ThemeName::Light, ThemeName::Dark, ThemeName::HighContrastLight, ThemeName::HighContrastDark}) {
    const ThemeRoles& now = themeRoles(name);
    for (const QColor& surface : {now.window, now.panel, now.raised}) {
      for (const QColor& text : {now.text, now.quiet, now.accent, now.good, now.warn, now.bad}) {
        EXPECT_GE(contrastRatio(text, surface), 4.5)
            << text.name().toStdString() << " on " << surface.name().toStdString();
      }
      EXPECT_GE(contrastRatio(now.edge, surface), 3.0) << Theme::nameOf(name).toStdString();
    }
    EXPECT_GE(contrastRatio(now.text, now.select), 4.5) << Theme::nameOf(name).toStdString();
  }
}

TEST(Theme, StyleSheetHasEveryRoleFilledIn) {
  const QString sheet = styleSheetOf(themeRoles(ThemeName::Dark));
  EXPECT_GT(sheet.size(), 1000);
  EXPECT_FALSE(sheet.contains(QLatin1Char('@'))) << sheet.mid(sheet.indexOf(QLatin1Char('@')), 20).toStdString();
}

TEST(Icons, FollowTheColourAndAreSharpAtTwice) {
  EXPECT_GT(iconNames().size(), 40);
  for (const QString& name : iconNames()) {
    const QImage picture = iconPixmap(name, Qt::red, 16, 2.0).toImage();
    EXPECT_EQ(picture.width(), 32);
    int red = 0, other = 0;
    for (int y = 0; y < picture.height(); ++y) {
      for (int x = 0; x < picture.width(); ++x) {
        const QColor colour = picture.pixelColor(x, y);
        if (colour.alpha() < 128) continue;
        (colour.red() > 200 && colour.green() < 40 ? red : other)++;
      }
    }
    EXPECT_GT(red, 8) << name.toStdString();
    EXPECT_EQ(other, 0) << name.toStdString();
  }
}

TEST(ActionRegistry, RefusesTheSameIdAndTheSameKey) {
  ActionRegistry registry;
  int count = 0;
  bool may = false;
  ActionSpec spec{QStringLiteral("a"), QStringLiteral("Count"), QStringLiteral("Test"), QStringLiteral("Ctrl+K")};
  spec.run = [&] { ++count; };
  spec.enabled = [&] { return may; };
  QAction* action = registry.add(spec);
  action->trigger();
  EXPECT_EQ(count, 0);
  may = true;
  registry.refresh();
  action->trigger();
  EXPECT_EQ(count, 1);
  EXPECT_THROW(registry.add(spec), Error);
  spec.id = QStringLiteral("b");
  EXPECT_THROW(registry.add(spec), Error);
  spec.key.clear();
  EXPECT_NO_THROW(registry.add(spec));
}

TEST(NumberText, ReadsAsAPersonWrites) {
  EXPECT_EQ(numberText(0.41234), QStringLiteral("0.412"));
  EXPECT_EQ(numberText(3e-4, 2), QStringLiteral("3.0e-04"));
  EXPECT_EQ(numberText(12400), QStringLiteral("12\u2009400"));
  EXPECT_EQ(numberText(std::nan("")), QStringLiteral("not a number"));
  EXPECT_EQ(percentText(0.624), QStringLiteral("62 %"));
  EXPECT_EQ(bytesText(1.24e9), QStringLiteral("1.2 GB"));
  EXPECT_EQ(etaText(240, false), QStringLiteral("estimating"));
}

TEST(SeriesStyle, NeverTheSameTwiceInFourRounds) {
  std::set<std::tuple<QRgb, int, int>> seen;
  for (int i = 0; i < 4 * kSeriesColours; ++i) {
    const SeriesStyle style = seriesStyle(i);
    EXPECT_LE(style.pen().widthF(), 1.0);
    seen.insert({style.colour.rgb(), static_cast<int>(style.dash), static_cast<int>(style.marker)});
  }
  EXPECT_EQ(seen.size(), 4U * kSeriesColours);
  EXPECT_EQ(blueWhiteRed(0), QColor(Qt::white));
  EXPECT_EQ(viridis(1.0), QColor(0xFD, 0xE7, 0x25));
}

TEST(EmptyState, TextIsCentredAndWrapsInAWidePane) {
  EmptyState empty;
  const QString words = QStringLiteral("Runs appear here as soon as one is launched, newest first, with their state.");
  empty.set(QStringLiteral("runs"), QStringLiteral("No runs yet"), words, QStringLiteral("Train"));
  empty.resize(1300, 600);
  empty.show();
  for (QLabel* label : empty.findChildren<QLabel*>()) {
    if (label->text() != words) continue;
    EXPECT_NEAR(label->geometry().center().x(), empty.rect().center().x(), 2);
    EXPECT_GE(label->height(), label->heightForWidth(label->width()));
    EXPECT_GT(label->width(), 300);
    return;
  }
  ADD_FAILURE() << "the text is not shown";
}

TEST(EmptyState, HasOneButtonWithAName) {
  EmptyState empty;
  empty.set(QStringLiteral("runs"), QStringLiteral("No runs yet"), QStringLiteral("Runs appear here."),
            QStringLiteral("Train"));
  QSignalSpy pressed(&empty, &EmptyState::pressed);
  empty.show();
  QTest::mouseClick(empty.button(), Qt::LeftButton);
  EXPECT_EQ(pressed.count(), 1);
  EXPECT_EQ(empty.button()->accessibleName(), QStringLiteral("Train"));
}

TEST(DataTable, CopiesTabSeparatedAndTogglesFromTheChart) {
  QStandardItemModel numbers(2, 2);
  numbers.setHorizontalHeaderLabels({QStringLiteral("step"), QStringLiteral("loss")});
  for (int row = 0; row < 2; ++row) {
    numbers.setItem(row, 0, new QStandardItem(QString::number(row)));
    numbers.setItem(row, 1, new QStandardItem(QString::number(row * 0.5)));
  }
  auto* chart = new QWidget;
  ChartWithTable both(chart, &numbers, QStringLiteral("Loss"));
  both.show();
  both.activateWindow();
  chart->setFocus();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&both));
  EXPECT_FALSE(both.showsTable());
  QTest::keyClick(chart, Qt::Key_T);
  EXPECT_TRUE(both.showsTable());
  QTest::keySequence(both.table(), QKeySequence::Copy);
  EXPECT_EQ(QApplication::clipboard()->text(), QStringLiteral("step\tloss\n0\t0\n1\t0.5\n"));
  QTest::keyClick(both.table(), Qt::Key_T);
  EXPECT_FALSE(both.showsTable());
}

TEST(Notices, OneLineNamesWhereWhatAndCure) {
  NoticeLog log;
  NoticeBar bar(log);
  EXPECT_FALSE(bar.isVisible());
  log.add(Notice::of(
      dataError("clip a/b.mp4 does not exist", "studies.csv, line 14", "Skip such rows: data.on_missing=skip")));
  EXPECT_TRUE(bar.isVisible());
  EXPECT_EQ(log.rowCount(), 1);
  EXPECT_EQ(log.notices().front().oneLine(),
            QStringLiteral("studies.csv, line 14: clip a/b.mp4 does not exist. Skip such rows: data.on_missing=skip"));
}

}  // namespace
}  // namespace counterpoint
