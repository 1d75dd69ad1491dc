// SPDX-License-Identifier: GPL-3.0-or-later
// Groups, defaults tree, comparison and sweep of the Configure pane. With COUNTERPOINT_PICTURES=FOLDER pictures are
// kept.
#include <gtest/gtest.h>

#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

#include "core/base/files.h"
#include "tests/support/accessible_walk.h"
#include "widgets/common/data_table.h"
#include "widgets/common/theme.h"
#include "widgets/configure/compare_view.h"
#include "widgets/configure/comparison_model.h"
#include "widgets/configure/configure_pane.h"
#include "widgets/configure/defaults_picture.h"
#include "widgets/configure/group_bar.h"
#include "widgets/configure/schema_field.h"
#include "widgets/configure/schema_form.h"
#include "widgets/configure/sweep_panel.h"
#include "widgets/configure/yaml_editor.h"

namespace counterpoint {
namespace {

const std::string kMain = R"(defaults:
  - optimizer: fast
  - schedule: flat
  - _self_

recipe: echo_text
data:
  csv: data/studies.csv
train:
  epochs: 7
)";

class ConfigureViews : public ::testing::Test {
 protected:
  ConfigureViews() : theme_(*qApp) {
    configs_ = std::filesystem::path(folder_.path().toStdString()) / "configs";
    write("main.yaml", kMain);
    write("plain.yaml", "recipe: echo_text\ndata:\n  csv: data/studies.csv\noptimizer:\n  lr: 3e-4\n");
    write("optimizer/fast.yaml", "lr: 1e-3\n");
    write("optimizer/slow.yaml", "lr: 1e-5\n");
    write("schedule/flat.yaml", "{}\n");
    write("schedule/cosine.yaml", "{}\n");
    pane_.setRoots({{QStringLiteral("Workspace"), configs_, true}});
    QObject::connect(&pane_, &Pane::noticed, [this](const Notice& notice) { notices_ << notice.oneLine(); });
    pane_.resize(1200, 800);
    pane_.show();
  }

  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((configs_ / name).parent_path());
    writeFileAtomically(configs_ / name, text);
  }
  QString file(const char* name) const { return QString::fromStdString((configs_ / name).string()); }

  void keepPicture(const QString& name) {
    const QString folder = qEnvironmentVariable("COUNTERPOINT_PICTURES");
    if (folder.isEmpty()) return;
    for (const ThemeName look : {ThemeName::Light, ThemeName::Dark}) {
      theme_.apply(look);
      QTest::qWait(50);
      pane_.grab().save(QStringLiteral("%1/configure-%2-%3.png").arg(folder, name, Theme::nameOf(look)));
    }
    theme_.apply(ThemeName::Light);
  }

  Theme theme_;
  QTemporaryDir folder_;
  std::filesystem::path configs_;
  QStringList notices_;
  ConfigurePane pane_;
};

TEST_F(ConfigureViews, AGroupIsADropDownThatRecomposes) {
  ASSERT_TRUE(pane_.open(file("main.yaml")));
  QComboBox* box = pane_.groups()->choice(QStringLiteral("optimizer"));
  ASSERT_TRUE(box);
  EXPECT_TRUE(pane_.groups()->isVisible());
  EXPECT_EQ(box->currentText(), QStringLiteral("fast"));
  EXPECT_EQ(pane_.composition().values["optimizer"]["lr"], 1e-3);
  box->setFocus();
  QTest::keyClick(box, Qt::Key_Down);
  EXPECT_EQ(box->currentText(), QStringLiteral("slow"));
  EXPECT_EQ(pane_.composition().values["optimizer"]["lr"], 1e-5);
  EXPECT_NE(pane_.editor()->bytes().find("  - optimizer: slow\n"), std::string::npos);
  EXPECT_EQ(pane_.groups()->choice(QStringLiteral("optimizer")), box) << "the focus is lost with the box";
  pane_.editor()->undo();
  ASSERT_TRUE(QTest::qWaitFor([&] { return box->currentText() == QStringLiteral("fast"); }));
  keepPicture(QStringLiteral("groups"));

  ASSERT_TRUE(pane_.open(file("plain.yaml")));
  EXPECT_FALSE(pane_.groups()->isVisible());
  EXPECT_TRUE(notices_.isEmpty()) << notices_.join(QLatin1Char('\n')).toStdString();
}

TEST_F(ConfigureViews, TheDefaultsTreeSaysWhatGoesWhereInWhichOrder) {
  ASSERT_TRUE(pane_.open(file("main.yaml")));
  pane_.setView(ConfigurePane::View::Defaults);
  auto* picture = pane_.defaultsPicture();
  EXPECT_TRUE(picture->isVisible());
  ASSERT_EQ(picture->topLevelItemCount(), 1);
  QTreeWidgetItem* top = picture->topLevelItem(0);
  EXPECT_EQ(top->text(0), QStringLiteral("main"));
  ASSERT_EQ(top->childCount(), 3);
  EXPECT_EQ(top->child(0)->text(0), QStringLiteral("optimizer: fast"));
  EXPECT_EQ(top->child(0)->text(1), QStringLiteral("optimizer"));
  EXPECT_EQ(top->child(0)->text(2), QStringLiteral("1"));
  EXPECT_EQ(top->child(2)->text(0), QStringLiteral("_self_"));
  EXPECT_EQ(top->child(2)->text(2), QStringLiteral("3"));
  keepPicture(QStringLiteral("defaults"));
  picture->setCurrentItem(top->child(1));
  emit picture->itemActivated(top->child(1), 0);
  EXPECT_EQ(pane_.file(), file("schedule/flat.yaml"));
  EXPECT_EQ(picture->topLevelItemCount(), 0);
}

TEST_F(ConfigureViews, ConfigsAreComparedAgainstAMovableBase) {
  ASSERT_TRUE(pane_.open(file("main.yaml")));
  pane_.compareWith({file("plain.yaml")});
  CompareView* view = pane_.comparison();
  ComparisonModel* model = view->model();
  EXPECT_TRUE(view->isVisible());
  const auto text = [&](int row, int column) { return model->index(row, column).data().toString(); };
  ASSERT_EQ(model->rowCount(), 2);
  EXPECT_EQ(text(0, 0), QStringLiteral("optimizer.lr"));
  EXPECT_EQ(text(1, 0), QStringLiteral("train.epochs"));
  EXPECT_EQ(text(1, 1), QStringLiteral("7"));
  EXPECT_FALSE(model->index(1, 1).data(ComparisonModel::kDiffersRole).toBool());
  EXPECT_TRUE(model->index(1, 2).data(ComparisonModel::kDiffersRole).toBool());
  emit view->table()->horizontalHeader()->sectionClicked(2);
  EXPECT_EQ(model->base(), 1);
  EXPECT_TRUE(model->index(1, 1).data(ComparisonModel::kDiffersRole).toBool());
  EXPECT_NE(view->table()->text().indexOf(QStringLiteral("optimizer.lr\t")), -1);
  model->setSearch(QStringLiteral("epochs"));
  EXPECT_EQ(model->rowCount(), 1);
  model->setSearch({});
  model->setDifferencesOnly(false);
  EXPECT_GT(model->rowCount(), 40);
  model->setDifferencesOnly(true);
  // An edit of the open config is seen at once.
  pane_.editor()->append(QStringLiteral("seed: 77\n"));
  ASSERT_TRUE(QTest::qWaitFor([&] { return model->rowCount() == 3; }));
  keepPicture(QStringLiteral("compare"));
  pane_.compareWith({file("none.yaml")});
  EXPECT_EQ(notices_.size(), 1);
  EXPECT_EQ(model->configs(), 2);
}

TEST_F(ConfigureViews, SweptKeysBecomeJobsBeforeAnythingStarts) {
  ASSERT_TRUE(pane_.open(file("plain.yaml")));
  emit pane_.form()->field(QStringLiteral("optimizer.lr"))->sweepAsked(QStringLiteral("optimizer.lr"));
  SweepPanel* sweep = pane_.sweep();
  EXPECT_TRUE(sweep->isVisible());
  QLineEdit* rates = sweep->values(QStringLiteral("optimizer.lr"));
  ASSERT_TRUE(rates);
  EXPECT_EQ(rates->text().toDouble(), 3e-4);
  rates->setText(QStringLiteral("1e-4,3e-4,1e-3"));
  sweep->mark(QStringLiteral("train.epochs"), QStringLiteral("range(1,3)"));
  EXPECT_EQ(sweep->jobs()->model()->rowCount(), 6);
  EXPECT_TRUE(sweep->jobs()->model()->index(5, 0).data().toString().contains(
      QStringLiteral("optimizer.lr=0.001 train.epochs=2")))
      << sweep->jobs()->model()->index(5, 0).data().toString().toStdString();
  keepPicture(QStringLiteral("sweep"));
  QSignalSpy asked(&pane_, &ConfigurePane::sweepRequested);
  sweep->startButton()->click();
  ASSERT_EQ(asked.size(), 1);
  EXPECT_EQ(asked[0][1].toStringList(),
            (QStringList{QStringLiteral("optimizer.lr=1e-4,3e-4,1e-3"), QStringLiteral("train.epochs=range(1,3)")}));
  // A value that the schema refuses stops the start, and says why.
  rates->setText(QStringLiteral("1e-4,fast"));
  EXPECT_FALSE(sweep->startButton()->isEnabled());
  EXPECT_EQ(sweep->jobs()->model()->rowCount(), 0);
  keepPicture(QStringLiteral("sweep-problem"));
  sweep->unmark(QStringLiteral("optimizer.lr"));
  EXPECT_TRUE(sweep->startButton()->isEnabled());
  sweep->mark(QStringLiteral("optimizer.rl"), QStringLiteral("1,2"));
  EXPECT_FALSE(sweep->startButton()->isEnabled());
}

TEST_F(ConfigureViews, EveryViewHasNamesAndCanBeReached) {
  ASSERT_TRUE(pane_.open(file("main.yaml")));
  pane_.compareWith({file("plain.yaml")});
  for (const auto view : {ConfigurePane::View::Defaults, ConfigurePane::View::Compare, ConfigurePane::View::Sweep}) {
    pane_.setView(view);
    EXPECT_EQ(testing::unnamedControls(&pane_), QStringList());
  }
}

}  // namespace
}  // namespace counterpoint
