// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/new_workspace_dialog.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

#include "core/base/files.h"
#include "core/config/config.h"
#include "core/config/workspace.h"
#include "core/media/study_table.h"
#include "core/sample/workspace.h"
#include "tests/support/accessible_walk.h"
#include "widgets/common/data_table.h"
#include "widgets/common/theme.h"
#include "widgets/configure/finding_list.h"

namespace counterpoint {
namespace {

constexpr int kPatience = 30000;

// Phantoms under another table's names.
class OwnClips : public ::testing::Test {
 protected:
  OwnClips() : root_(folder_.path().toStdString()) {
    writeSampleWorkspace(root_ / "phantoms", {.studies = 10, .seed = 4, .threads = 2});
    std::string text = "cine,patient,fold,impression\n";
    int number = 0;
    StudyTableOptions withoutFiles;
    withoutFiles.checkFiles = false;
    const StudyTable phantoms = StudyTable::load(root_ / "phantoms/data/studies.csv", withoutFiles);
    for (const auto& row : phantoms.rows()) {
      text += "phantoms/" + row.file + "," + row.study + "," + (number++ % 2 == 0 ? "train" : "val") + ",\"" +
              row.report + "\"\n";
    }
    writeFileAtomically(root_ / "list.csv", text);
    dialog_ = new NewWorkspaceDialog(folder_.path());
    dialog_->show();
  }
  ~OwnClips() override { delete dialog_; }

  QString path(const char* name) const { return folder_.filePath(QString::fromLatin1(name)); }
  bool settled() {
    return QTest::qWaitFor([this] { return !dialog_->isBusy(); }, kPatience);
  }

  QTemporaryDir folder_;
  std::filesystem::path root_;
  QPointer<NewWorkspaceDialog> dialog_;
};

TEST_F(OwnClips, ATableIsGuessedMendedAndMadeIntoAWorkspace) {
  EXPECT_FALSE(dialog_->makeButton()->isEnabled());
  dialog_->setSource(path("list.csv"));
  ASSERT_TRUE(settled());
  EXPECT_EQ(dialog_->column("file")->currentText(), QStringLiteral("cine"));
  EXPECT_EQ(dialog_->column("study")->currentText(), QStringLiteral("patient"));
  EXPECT_EQ(dialog_->column("split")->currentText(), QStringLiteral("fold"));
  EXPECT_EQ(dialog_->column("report")->currentText(), QStringLiteral("impression"));
  EXPECT_EQ(dialog_->preview()->model()->rowCount(), static_cast<int>(dialog_->table().rows.size()));
  EXPECT_EQ(testing::unnamedControls(dialog_), QStringList());
  // The clips of a study lie in two splits: a button deals them anew.
  EXPECT_FALSE(dialog_->dealBox()->isChecked());
  auto* mend = dialog_->findings()->findChild<QPushButton*>(QStringLiteral("mend"));
  ASSERT_TRUE(mend);
  EXPECT_EQ(mend->text(), QStringLiteral("Deal the studies anew"));
  QTest::mouseClick(mend, Qt::LeftButton);
  EXPECT_TRUE(dialog_->dealBox()->isChecked());
  ASSERT_TRUE(settled());
  EXPECT_TRUE(dialog_->table().dealt);
  for (const auto& finding : dialog_->table().findings) EXPECT_EQ(finding.what.find("two splits"), std::string::npos);

  dialog_->targetField()->setText(path("mine"));
  emit dialog_->targetField()->textEdited(path("mine"));
  ASSERT_TRUE(dialog_->makeButton()->isEnabled());
  QSignalSpy made(dialog_, &NewWorkspaceDialog::made);
  QTest::mouseClick(dialog_->makeButton(), Qt::LeftButton);
  ASSERT_TRUE(made.wait(kPatience));
  EXPECT_EQ(made.at(0).at(0).toString(), path("mine"));
  EXPECT_EQ(Workspace::open(root_ / "mine").name, "mine");
  const auto config = composeFile(root_ / "mine/configs/echo_text.yaml");
  EXPECT_TRUE(config.problems.empty());
}

TEST_F(OwnClips, WhatIsTakenOrCannotBeReadIsSaid) {
  dialog_->setSource(path("none.csv"));
  ASSERT_TRUE(settled());
  EXPECT_TRUE(dialog_->state().contains(QStringLiteral("does not exist")));
  EXPECT_FALSE(dialog_->makeButton()->isEnabled());
  dialog_->setSource(path("list.csv"));
  ASSERT_TRUE(settled());
  emit dialog_->targetField()->textEdited({});
  EXPECT_TRUE(dialog_->makeButton()->isEnabled());
  dialog_->targetField()->setText(path("phantoms"));
  emit dialog_->targetField()->textEdited(path("phantoms"));
  EXPECT_FALSE(dialog_->makeButton()->isEnabled());
  EXPECT_TRUE(dialog_->makeButton()->toolTip().contains(QStringLiteral("not empty")));
  // Without reports it is a workspace to look at clips in.
  dialog_->targetField()->setText(path("mine"));
  dialog_->column("report")->setCurrentIndex(0);
  ASSERT_TRUE(settled());
  EXPECT_EQ(dialog_->makeButton()->text(), QStringLiteral("Make without training"));
  EXPECT_TRUE(dialog_->makeButton()->isEnabled());
}

// COUNTERPOINT_PICTURES=FOLDER saves the assistant in both themes, on COUNTERPOINT_OWN (a table or folder) where given.
TEST_F(OwnClips, Pictures) {
  const QString folder = qEnvironmentVariable("COUNTERPOINT_PICTURES");
  if (folder.isEmpty()) GTEST_SKIP() << "COUNTERPOINT_PICTURES names no folder";
  QDir().mkpath(folder);
  dialog_->setSource(qEnvironmentVariable("COUNTERPOINT_OWN", path("list.csv")));
  ASSERT_TRUE(settled());
  Theme theme(*qApp);
  for (const QString& name : {QStringLiteral("light"), QStringLiteral("dark")}) {
    theme.apply(Theme::byName(name));
    QTest::qWait(200);
    EXPECT_TRUE(
        dialog_->grab().save(QStringLiteral("%1/own-%2-%3.png").arg(folder, name).arg(dialog_->devicePixelRatio())));
  }
}

}  // namespace
}  // namespace counterpoint
