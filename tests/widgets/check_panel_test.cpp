// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QApplication>
#include <QDir>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <filesystem>

#include "core/base/files.h"
#include "tests/support/accessible_walk.h"
#include "widgets/common/theme.h"
#include "widgets/configure/check_panel.h"
#include "widgets/configure/configure_pane.h"
#include "widgets/configure/launch_bar.h"
#include "widgets/configure/yaml_editor.h"

namespace counterpoint {
namespace {

constexpr int kPatience = 20000;
const std::string kText =
    "# mine\nrecipe: echo_text\ndata:\n  csv: data/t.csv  # the table\ntext: {tokenizer: data/v.txt}\n";
const std::string kTable =
    "FileName,StudyInstanceUID,Split,Report\n"
    "a.mp4,S1,train,Normal.\n"
    "b.mp4,S2,train,Dilated.\n"
    "c.mp4,S3,val,Normal.\n";

class Checked : public ::testing::Test {
 protected:
  Checked() {
    root_ = folder_.path().toStdString();
    std::filesystem::create_directories(root_ / "configs");
    std::filesystem::create_directories(root_ / "data");
    for (const char* clip : {"a.mp4", "b.mp4", "c.mp4"}) writeFileAtomically(root_ / "data" / clip, "clip");
    writeFileAtomically(root_ / "data/v.txt", "[PAD]\n");
    writeFileAtomically(root_ / "data/t.csv", kTable);
    writeFileAtomically(root_ / "configs/mine.yaml", kText);
    pane_.setRoots({{QStringLiteral("Workspace"), root_ / "configs", true}});
    pane_.resize(1200, 800);
    pane_.show();
  }

  bool open(const std::string& text = kText) {
    writeFileAtomically(root_ / "configs/mine.yaml", text);
    return pane_.open(QString::fromStdString((root_ / "configs/mine.yaml").string())) && settled();
  }
  bool settled() {
    return QTest::qWaitFor([this] { return !panel().isBusy() && !panel().findings().empty(); }, kPatience);
  }
  CheckPanel& panel() { return *pane_.checkPanel(); }

  QTemporaryDir folder_;
  std::filesystem::path root_;
  ConfigurePane pane_;
};

TEST_F(Checked, AFindingIsMendedInTheTextAndCanBeUndone) {
  ASSERT_TRUE(open());
  // 16 a batch, two clips to train on.
  EXPECT_TRUE(panel().isOpen());
  EXPECT_TRUE(panel().obstacle().contains(QStringLiteral("a batch of 16"))) << panel().obstacle().toStdString();
  QPushButton* launch = pane_.launchBar()->button();
  EXPECT_TRUE(launch->isEnabled());
  EXPECT_TRUE(launch->text().startsWith(QStringLiteral("Launch anyway")));
  EXPECT_TRUE(launch->toolTip().contains(QStringLiteral("a batch of 16")));
  auto* mend = panel().findChild<QPushButton*>(QStringLiteral("mend"));
  ASSERT_TRUE(mend);
  QTest::mouseClick(mend, Qt::LeftButton);
  EXPECT_NE(pane_.editor()->bytes().find("batch_size: 2"), std::string::npos);
  ASSERT_TRUE(QTest::qWaitFor([&] { return panel().obstacle().isEmpty(); }, kPatience));
  EXPECT_FALSE(launch->text().startsWith(QStringLiteral("Launch anyway")));
  pane_.editor()->undo();
  EXPECT_EQ(pane_.editor()->bytes(), kText);
  ASSERT_TRUE(QTest::qWaitFor([&] { return !panel().obstacle().isEmpty(); }, kPatience));
}

TEST_F(Checked, AKeyIsJumpedTo) {
  ASSERT_TRUE(open(kText + "train:\n  batch_size: 16\n"));
  auto* button = panel().findChild<QToolButton*>(QStringLiteral("goToKey"));
  ASSERT_TRUE(button);
  QTest::mouseClick(button, Qt::LeftButton);
  int line = 0, column = 0;
  pane_.editor()->getCursorPosition(&line, &column);
  EXPECT_EQ(line, 6);
}

TEST_F(Checked, AllIsWellInOneLine) {
  ASSERT_TRUE(open(kText + "train: {batch_size: 2}\n"));
  EXPECT_TRUE(panel().obstacle().isEmpty());
  EXPECT_FALSE(panel().isOpen());
  EXPECT_TRUE(panel().summary().contains(QStringLiteral("3 clips of 3 studies"))) << panel().summary().toStdString();
  EXPECT_LE(panel().height(), 40);
  panel().setOpen(true);
  EXPECT_EQ(testing::unnamedControls(&panel()), QStringList());
  EXPECT_EQ(testing::namesTwice(&pane_), QStringList());
  // A change of the table is seen when it is asked for.
  std::filesystem::remove(root_ / "data/a.mp4");
  panel().lookAgain();
  ASSERT_TRUE(QTest::qWaitFor([&] { return panel().obstacle().contains(QStringLiteral("missing")); }, kPatience));
}

// COUNTERPOINT_PICTURES=FOLDER saves the pane with findings of each kind, in both themes.
TEST_F(Checked, Pictures) {
  const QString folder = qEnvironmentVariable("COUNTERPOINT_PICTURES");
  if (folder.isEmpty()) GTEST_SKIP() << "COUNTERPOINT_PICTURES names no folder";
  QDir().mkpath(folder);
  Theme theme(*qApp);
  writeFileAtomically(root_ / "data/t.csv", kTable + "gone.mp4,S3,train,\n");
  for (const QString& name : {QStringLiteral("light"), QStringLiteral("dark")}) {
    theme.apply(Theme::byName(name));
    for (const bool good : {false, true}) {
      if (good) writeFileAtomically(root_ / "data/t.csv", kTable);
      ASSERT_TRUE(open(good ? kText + "train: {batch_size: 2}\n" : kText));
      QTest::qWait(200);
      const QString file = QStringLiteral("%1/check-%2-%3-%4.png");
      EXPECT_TRUE(pane_.grab().save(
          file.arg(folder, name, good ? QStringLiteral("good") : QStringLiteral("bad")).arg(pane_.devicePixelRatio())));
      writeFileAtomically(root_ / "data/t.csv", kTable + "gone.mp4,S3,train,\n");
    }
  }
}

TEST_F(Checked, ProblemsOfTheTextComeFirst) {
  ASSERT_TRUE(open());
  pane_.editor()->setBytes("recipe: echo_text\ndata: {csv: x, frames: no}\n");
  ASSERT_TRUE(QTest::qWaitFor([&] { return panel().isHidden(); }, kPatience));
  EXPECT_TRUE(panel().obstacle().isEmpty());
}

}  // namespace
}  // namespace counterpoint
