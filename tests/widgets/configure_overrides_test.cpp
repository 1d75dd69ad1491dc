// SPDX-License-Identifier: GPL-3.0-or-later
// The overrides line of Configure, and the form's fields by type.
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTest>
#include <QToolButton>

#include "tests/widgets/configure_fixture.h"
#include "widgets/configure/completion_popup.h"
#include "widgets/configure/entries_editor.h"
#include "widgets/configure/launch_bar.h"
#include "widgets/configure/number_box.h"
#include "widgets/configure/overrides_line.h"

namespace counterpoint {
namespace {

const std::string kText = R"(recipe: echo_text
data:
  csv: data/studies.csv
optimizer:
  lr: 3e-4  # found by hand
  weight_decay: 0.5
)";

class ConfigureOverrides : public ConfigureFixture {
 protected:
  ConfigureOverrides() { open(kText); }
  OverridesLine& line() { return *pane_.overridesLine(); }
  void write(const QString& text) { line().field()->setText(text); }
  bool comes(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 20000); }
};

TEST_F(ConfigureOverrides, StandOnTopOfTheFileAndAreMarked) {
  write(QStringLiteral("optimizer.lr=1e-2 'name=two words'"));
  ASSERT_TRUE(comes([&] { return pane_.composition().values["name"] == "two words"; }));
  EXPECT_EQ(pane_.composition().values["optimizer"]["lr"], 0.01);
  EXPECT_EQ(editor().bytes(), kText);
  EXPECT_FALSE(pane_.isDirty());
  bool marked = false;
  for (const QLabel* label : field("optimizer.lr").findChildren<QLabel*>()) {
    marked = marked || (label->text().startsWith(QStringLiteral("override")) &&
                        label->toolTip().contains(QStringLiteral("override optimizer.lr=1e-2")));
  }
  EXPECT_TRUE(marked);
  EXPECT_TRUE(editor().factsAt(5).contains(QStringLiteral("set by the override optimizer.lr=1e-2")));
}

TEST_F(ConfigureOverrides, ErrorsStandInPlaceAndStopTheLaunch) {
  QLabel* problem = nullptr;
  for (QLabel* label : line().findChildren<QLabel*>()) {
    if (label->property("textRole") == QStringLiteral("bad")) problem = label;
  }
  ASSERT_TRUE(problem);
  for (const char* wrong : {"optimizer.lrr=1", "optimizer.lr=fast", "name='open", "optimizer.lr=[", "x=1,2"}) {
    write(QString::fromLatin1(wrong));
    ASSERT_TRUE(comes([&] { return problem->isVisibleTo(&line()); })) << wrong;
    EXPECT_FALSE(pane_.launchBar()->button()->isEnabled()) << wrong;
    write({});
    ASSERT_TRUE(comes([&] { return !problem->isVisibleTo(&line()); })) << wrong;
    EXPECT_TRUE(pane_.launchBar()->button()->isEnabled()) << wrong;
  }
}

TEST_F(ConfigureOverrides, AreCompletedWordByWord) {
  line().field()->setFocus();
  QTest::keyClicks(line().field(), QStringLiteral("seed=1 optimizer.weig"));
  ASSERT_TRUE(line().completions()->isOpen());
  QTest::keyClick(line().completions()->popup(), Qt::Key_Return);
  EXPECT_EQ(line().text(), QStringLiteral("seed=1 optimizer.weight_decay="));
  QTest::keyClicks(line().field(), QStringLiteral("0 precision=b"));
  QTest::keyClick(line().completions()->popup(), Qt::Key_Tab);
  EXPECT_EQ(line().text(), QStringLiteral("seed=1 optimizer.weight_decay=0 precision=bfloat16"));
}

TEST_F(ConfigureOverrides, TheCommandIsQuotedForAShell) {
  DeviceList devices;
  devices.gpus = {{"0", "one", 1, 2}, {"1", "two", 1, 2}};
  pane_.setDevices(devices);
  pane_.launchBar()->setPreferred({QStringLiteral("0"), QStringLiteral("1")});
  write(QStringLiteral("name=it\\'s \"loss.weights=[1, 2]\" seed=3"));
  line().copyButton()->click();
  EXPECT_EQ(QApplication::clipboard()->text(),
            QStringLiteral("counterpoint-worker launch --ranks 2 --devices 0,1 mine 'name=it'\\''s' "
                           "'loss.weights=[1, 2]' seed=3"));
}

TEST_F(ConfigureOverrides, GoWithTheLaunch) {
  QSignalSpy launched(&pane_, &ConfigurePane::launchRequested);
  write(QStringLiteral("seed=3 'name=a b'"));
  pane_.launchBar()->button()->click();
  ASSERT_EQ(launched.count(), 1);
  EXPECT_EQ(launched[0][3].toStringList(), (QStringList{"seed=3", "name=a b"}));
}

TEST_F(ConfigureOverrides, AreKeptByFileWithTheSession) {
  write(QStringLiteral("seed=3"));
  open(kText, "other.yaml");
  EXPECT_EQ(line().text(), QString());
  write(QStringLiteral("seed=4"));
  const QJsonObject state = pane_.saveState();
  ConfigurePane again;
  again.setRoots({{QStringLiteral("Workspace"), workspace_, true}});
  again.restoreState(state);
  EXPECT_EQ(again.overridesLine()->text(), QStringLiteral("seed=4"));
  EXPECT_EQ(again.composition().values["seed"], 4);
  ASSERT_TRUE(again.open(file()));
  EXPECT_EQ(again.overridesLine()->text(), QStringLiteral("seed=3"));
}

TEST_F(ConfigureOverrides, TheFormChangesTheOverrideOfAnOverriddenKey) {
  write(QStringLiteral("optimizer.lr=1e-2 seed=3"));
  ASSERT_TRUE(comes([&] { return pane_.composition().values["seed"] == 3; }));
  emit field("optimizer.lr").edited(QStringLiteral("optimizer.lr"), QStringLiteral("2e-2"));
  EXPECT_EQ(line().text(), QStringLiteral("optimizer.lr=0.02 seed=3"));
  EXPECT_EQ(pane_.composition().values["optimizer"]["lr"], 0.02);
  EXPECT_EQ(editor().bytes(), kText);
  emit field("optimizer.lr").resetAsked(QStringLiteral("optimizer.lr"));
  EXPECT_EQ(line().text(), QStringLiteral("seed=3"));
  EXPECT_EQ(pane_.composition().values["optimizer"]["lr"], 3e-4);
}

using ConfigureForm = ConfigureOverrides;

TEST_F(ConfigureForm, RatesStepByOneTwoFive) {
  auto* lr = qobject_cast<NumberBox*>(field("optimizer.lr").control());
  ASSERT_TRUE(lr);
  lr->setFocus();
  QTest::keyClick(lr, Qt::Key_Up);
  EXPECT_NE(editor().bytes().find("lr: 5e-4  # found by hand"), std::string::npos) << editor().bytes();
  EXPECT_EQ(editor().undoName(), QStringLiteral("Set optimizer.lr to 5e-4"));
  QTest::keyClick(lr, Qt::Key_Down);
  QTest::keyClick(lr, Qt::Key_Down);
  EXPECT_EQ(pane_.composition().values["optimizer"]["lr"], 1e-4);
}

TEST_F(ConfigureForm, AGroupIsResetByOneStep) {
  emit pane_.form()->groupResetAsked(QStringLiteral("optimizer"),
                                     {QStringLiteral("optimizer.lr"), QStringLiteral("optimizer.weight_decay")});
  EXPECT_EQ(editor().bytes(), "recipe: echo_text\ndata:\n  csv: data/studies.csv\n");
  EXPECT_EQ(editor().undoName(), QStringLiteral("Reset optimizer"));
  editor().undo();
  EXPECT_EQ(editor().bytes(), kText);
}

TEST_F(ConfigureForm, PathsSayWhetherTheyLeadAnywhere) {
  auto* csv = qobject_cast<QLineEdit*>(field("data.csv").control());
  ASSERT_TRUE(csv);
  const auto said = [&](const char* words) {
    for (const QAction* action : csv->actions()) {
      if (action->isVisible() && action->toolTip().endsWith(QString::fromLatin1(words))) return true;
    }
    return false;
  };
  EXPECT_TRUE(said("does not exist"));
  std::filesystem::create_directories(root_ / "data");
  writeFileAtomically(root_ / "data/studies.csv", "FileName\n");
  editor().append(QStringLiteral("seed: 2\n"));
  ASSERT_TRUE(comes([&] { return pane_.composition().values["seed"] == 2; }));
  EXPECT_TRUE(said("is there"));
}

TEST_F(ConfigureForm, MapsAreEditedAsRows) {
  EntriesEditor* env = field("launch.env").entries();
  ASSERT_TRUE(env);
  field("launch.env").findChild<QAction*>(QStringLiteral("rows.launch.env"))->trigger();
  EXPECT_TRUE(env->isVisible());
  env->addButton()->click();
  ASSERT_EQ(env->table()->rowCount(), 1);
  env->table()->item(0, 0)->setText(QStringLiteral("OMP_NUM_THREADS"));
  env->table()->item(0, 1)->setText(QStringLiteral("2"));
  EXPECT_EQ(pane_.composition().values["launch"]["env"], (Json{{"OMP_NUM_THREADS", "2"}}));
  EXPECT_NE(editor().bytes().find("env: {OMP_NUM_THREADS: \"2\"}"), std::string::npos) << editor().bytes();
  env->removeButton()->click();
  EXPECT_EQ(pane_.composition().values["launch"]["env"], Json::object());
}

TEST_F(ConfigureForm, ChoicesSayWhatTheyMean) {
  bool said = false;
  for (const QLabel* label : field("precision").findChildren<QLabel*>()) {
    said = said || label->text() == QStringLiteral("full precision");
  }
  EXPECT_TRUE(said);
}

}  // namespace
}  // namespace counterpoint
