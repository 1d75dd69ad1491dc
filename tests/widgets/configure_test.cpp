// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

#include "core/base/files.h"
#include "tests/support/accessible_walk.h"
#include "widgets/common/action_registry.h"
#include "widgets/configure/configure_pane.h"
#include "widgets/configure/launch_bar.h"
#include "widgets/configure/schema_field.h"
#include "widgets/configure/schema_form.h"
#include "widgets/configure/yaml_editor.h"

namespace counterpoint {
namespace {

const std::string kText = R"(# my run
recipe: echo_text
data:
  csv: data/studies.csv   # the table
  frames: 8

optimizer:
  lr: 3e-4  # found by hand
)";

class Configure : public ::testing::Test {
 protected:
  Configure() {
    own_ = folder_.path().toStdString();
    own_ /= "ours";
    workspace_ = std::filesystem::path(folder_.path().toStdString()) / "configs";
    std::filesystem::create_directories(own_);
    std::filesystem::create_directories(workspace_);
    writeFileAtomically(workspace_ / "echo_text.yaml", kText);
    writeFileAtomically(own_ / "ready.yaml", kText);
    pane_.setRoots({{QStringLiteral("Workspace"), workspace_, true}, {QStringLiteral("Ready-made"), own_, false}});
    QObject::connect(&pane_, &Pane::noticed, [this](const Notice& notice) { notices_ << notice.oneLine(); });
    pane_.resize(1200, 800);
    pane_.show();
  }

  QString file(const char* name = "echo_text.yaml") const {
    return QString::fromStdString((workspace_ / name).string());
  }
  SchemaField& field(const char* path) { return *pane_.form()->field(QString::fromLatin1(path)); }

  QTemporaryDir folder_;
  std::filesystem::path own_, workspace_;
  QStringList notices_;
  ConfigurePane pane_;
};

TEST_F(Configure, AFormEditIsOneLineOfTheTextAndOneUndoStep) {
  ASSERT_TRUE(pane_.open(file()));
  auto* frames = qobject_cast<QSpinBox*>(field("data.frames").control());
  ASSERT_TRUE(frames);
  EXPECT_EQ(frames->value(), 8);
  frames->setValue(12);
  std::string wanted = kText;
  wanted.replace(wanted.find("frames: 8"), 9, "frames: 12");
  EXPECT_EQ(pane_.editor()->bytes(), wanted);
  EXPECT_TRUE(pane_.isDirty());
  pane_.editor()->undo();
  EXPECT_EQ(pane_.editor()->bytes(), kText);
  EXPECT_FALSE(pane_.isDirty());
  ASSERT_TRUE(QTest::qWaitFor([&] { return frames->value() == 8; }));
}

TEST_F(Configure, EveryKindOfControlWritesWhatItShows) {
  ASSERT_TRUE(pane_.open(file()));
  auto* lr = field("optimizer.lr").control()->findChild<QLineEdit*>();
  lr->selectAll();
  QTest::keyClicks(lr, QStringLiteral("5e-4"));
  QTest::keyClick(lr, Qt::Key_Return);
  EXPECT_NE(pane_.editor()->bytes().find("lr: 5e-4  # found by hand"), std::string::npos);
  auto* box = qobject_cast<QCheckBox*>(field("data.random_stride").control());
  box->click();
  EXPECT_NE(pane_.editor()->bytes().find("random_stride: true"), std::string::npos);
  auto* start = qobject_cast<QComboBox*>(field("data.start").control());
  start->setFocus();
  QTest::keyClick(start, Qt::Key_Down);
  EXPECT_EQ(pane_.composition().values["data"]["start"], start->currentText().toStdString());
  EXPECT_NE(start->currentText(), QStringLiteral("first"));
  auto* name = qobject_cast<QLineEdit*>(field("name").control());
  name->selectAll();
  QTest::keyClicks(name, QStringLiteral("12"));
  QTest::keyClick(name, Qt::Key_Return);
  EXPECT_EQ(pane_.composition().values["name"], "12");
  EXPECT_TRUE(pane_.composition().problems.empty());
}

TEST_F(Configure, ChangedKeysAreMarkedAndResetTakesTheLineAway) {
  ASSERT_TRUE(pane_.open(file()));
  EXPECT_TRUE(field("optimizer.lr").isChanged());
  EXPECT_FALSE(field("optimizer.weight_decay").isChanged());
  emit field("optimizer.lr").resetAsked(QStringLiteral("optimizer.lr"));
  EXPECT_EQ(pane_.editor()->bytes().find("lr:"), std::string::npos);
  EXPECT_FALSE(field("optimizer.lr").isChanged());
}

TEST_F(Configure, ProblemsAreListedAndMarkedAndStopTheLaunch) {
  ASSERT_TRUE(pane_.open(file()));
  EXPECT_TRUE(pane_.launchBar()->button()->isEnabled());
  pane_.editor()->append(QStringLiteral("sede: 3\ntrain:\n  epochs: 0\n"));
  ASSERT_TRUE(QTest::qWaitFor([&] { return pane_.problemList()->count() == 2; }));
  EXPECT_TRUE(pane_.problemList()->item(0)->text().contains(QStringLiteral("line 9")));
  EXPECT_TRUE(pane_.problemList()->item(0)->text().contains(QStringLiteral("Did you mean seed?")));
  EXPECT_FALSE(pane_.launchBar()->button()->isEnabled());
  pane_.problemList()->setCurrentRow(1);
  QTest::keyClick(pane_.problemList(), Qt::Key_Return);
  ASSERT_TRUE(QTest::qWaitFor([&] { return pane_.editor()->currentLine() == 11; }));
  EXPECT_NE(pane_.editor()->bytes().find("sede: 3"), std::string::npos);  // kept, never dropped
}

TEST_F(Configure, HalfTypedYamlIsAProblemAndNothingIsLost) {
  ASSERT_TRUE(pane_.open(file()));
  for (const char* half : {"name: [", "defaults: [", "  - x"}) {
    pane_.editor()->setText(QString::fromUtf8(half));
    ASSERT_TRUE(QTest::qWaitFor([&] { return pane_.problemList()->count() > 0; })) << half;
    EXPECT_FALSE(pane_.launchBar()->button()->isEnabled()) << half;
    EXPECT_EQ(pane_.editor()->bytes(), half);
    pane_.editor()->setText(QString::fromStdString(kText));
    ASSERT_TRUE(QTest::qWaitFor([&] { return pane_.problemList()->count() == 0; })) << half;
  }
}

TEST_F(Configure, LaunchSavesFirstAndSaysWhat) {
  ASSERT_TRUE(pane_.open(file()));
  QSignalSpy launched(&pane_, &ConfigurePane::launchRequested);
  qobject_cast<QSpinBox*>(field("data.frames").control())->setValue(20);
  pane_.launchBar()->setRanks(2);
  QTest::mouseClick(pane_.launchBar()->button(), Qt::LeftButton);
  ASSERT_EQ(launched.count(), 1);
  EXPECT_EQ(launched[0][0].toString(), file());
  EXPECT_EQ(launched[0][1].toInt(), 2);
  EXPECT_NE(readFile(file().toStdString()).find("frames: 20"), std::string::npos);
  EXPECT_FALSE(pane_.isDirty());
}

TEST_F(Configure, ReadyMadeConfigsAreSavedAsACopy) {
  ASSERT_TRUE(pane_.open(QString::fromStdString((own_ / "ready.yaml").string())));
  qobject_cast<QSpinBox*>(field("data.frames").control())->setValue(20);
  ASSERT_TRUE(pane_.save());
  EXPECT_EQ(readFile(own_ / "ready.yaml"), kText);
  EXPECT_NE(readFile(workspace_ / "ready.yaml").find("frames: 20"), std::string::npos);
  EXPECT_EQ(pane_.file(), file("ready.yaml"));
  EXPECT_EQ(notices_.size(), 1);
}

TEST_F(Configure, ACopyKeepsItsFolderAndNeverTakesTheNameOfAnother) {
  std::filesystem::create_directories(own_ / "deep");
  writeFileAtomically(own_ / "deep/ready.yaml", kText);
  writeFileAtomically(own_ / "echo_text.yaml", kText);
  // A folder whose name only begins like the ready-made one's is none of it.
  std::filesystem::create_directories(own_.string() + "-mine");
  writeFileAtomically(own_.string() + "-mine/free.yaml", kText);
  const auto changed = [&](const std::filesystem::path& from) {
    EXPECT_TRUE(pane_.open(QString::fromStdString(from.string())));
    qobject_cast<QSpinBox*>(field("data.frames").control())->setValue(20);
    EXPECT_TRUE(pane_.save());
    return pane_.file();
  };
  EXPECT_EQ(changed(own_ / "deep/ready.yaml"), file("deep/ready.yaml"));
  EXPECT_EQ(changed(own_ / "echo_text.yaml"), file("echo_text-2.yaml"));
  EXPECT_EQ(readFile(workspace_ / "echo_text.yaml"), kText);
  const std::filesystem::path free = own_.string() + "-mine/free.yaml";
  EXPECT_EQ(changed(free).toStdString(), free.string());
  // The copy is the person's own from now on.
  EXPECT_EQ(changed(workspace_ / "echo_text-2.yaml"), file("echo_text-2.yaml"));
}

TEST_F(Configure, LaunchHasItsKeyOnlyWhileTheFocusIsHere) {
  ActionRegistry registry;
  QWidget room;
  auto* elsewhere = new QLineEdit(&room);
  pane_.setParent(&room);
  pane_.registerActions(registry);
  room.resize(1200, 800);
  room.show();
  pane_.show();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&room));
  ASSERT_TRUE(pane_.open(file()));
  registry.refresh();
  QSignalSpy launched(&pane_, &ConfigurePane::launchRequested);
  elsewhere->setFocus();
  QTest::keyClick(elsewhere, Qt::Key_Return, Qt::ControlModifier);
  EXPECT_EQ(launched.count(), 0);
  pane_.editor()->setFocus();
  QTest::keyClick(pane_.editor(), Qt::Key_Return, Qt::ControlModifier);
  EXPECT_EQ(launched.count(), 1);
  pane_.setParent(nullptr);
}

TEST_F(Configure, TrainLaunchesTheWorkspacesOwnConfig) {
  QSignalSpy launched(&pane_, &ConfigurePane::launchRequested);
  ASSERT_TRUE(pane_.open(QString::fromStdString((own_ / "ready.yaml").string())));
  pane_.train();
  ASSERT_EQ(launched.count(), 1);
  EXPECT_EQ(launched[0][0].toString(), file());
}

TEST_F(Configure, WhatWasTypedComesBackWithTheSession) {
  ASSERT_TRUE(pane_.open(file()));
  qobject_cast<QSpinBox*>(field("data.frames").control())->setValue(20);
  const QJsonObject state = pane_.saveState();
  ConfigurePane other;
  other.setRoots({{QStringLiteral("Workspace"), workspace_, true}});
  other.restoreState(state);
  EXPECT_EQ(other.file(), file());
  EXPECT_TRUE(other.isDirty());
  EXPECT_EQ(other.editor()->bytes(), pane_.editor()->bytes());
  EXPECT_EQ(readFile(file().toStdString()), kText);
}

TEST_F(Configure, AFullDiskIsANoticeAndTheTextStays) {
  ASSERT_TRUE(pane_.open(file()));
  qobject_cast<QSpinBox*>(field("data.frames").control())->setValue(20);
  setWriteFault([](const std::filesystem::path&, std::size_t&) { return ENOSPC; });
  EXPECT_FALSE(pane_.save());
  setWriteFault(nullptr);
  EXPECT_EQ(notices_.size(), 1);
  EXPECT_TRUE(pane_.isDirty());
  EXPECT_EQ(readFile(file().toStdString()), kText);
}

TEST_F(Configure, SearchDimsTheRest) {
  ASSERT_TRUE(pane_.open(file()));
  const int found = pane_.form()->search(QStringLiteral("learning rate"));
  EXPECT_GT(found, 1);
  EXPECT_FALSE(field("optimizer.lr").graphicsEffect());
  EXPECT_TRUE(field("data.csv").graphicsEffect());
  EXPECT_EQ(field("data.csv").matches(QStringLiteral("rate")), 0);  // "separated" is no match
  EXPECT_EQ(pane_.form()->search({}), static_cast<int>(pane_.form()->fields().size()));
  EXPECT_FALSE(field("data.csv").graphicsEffect());
}

TEST_F(Configure, DevicesAreNamedOrTheirAbsenceIs) {
  DeviceList devices;
  devices.cores = 4;
  devices.note = QStringLiteral("no NVIDIA driver");
  pane_.setDevices(devices);
  bool said = false;
  for (const auto* button : pane_.launchBar()->findChildren<QAbstractButton*>()) {
    said = said || button->text() == QStringLiteral("no NVIDIA driver; CPU with 4 cores");
  }
  EXPECT_TRUE(said);
}

TEST_F(Configure, ChosenDevicesStayChosenWhileTheirMemoryChanges) {
  DeviceList devices;
  devices.cores = 4;
  devices.gpus = {{"0", "NVIDIA H200", 1 << 30, 2LL << 30}, {"1", "NVIDIA H200", 1 << 30, 2LL << 30}};
  pane_.setDevices(devices);
  const QList<QAction*> actions = pane_.launchBar()->deviceMenu()->actions();
  ASSERT_EQ(actions.size(), 3);  // and the CPU
  actions[0]->setChecked(true);
  actions[1]->setChecked(true);
  EXPECT_EQ(pane_.launchBar()->ranks(), 2);
  devices.gpus[1].freeBytes = 1 << 20;
  pane_.setDevices(devices);
  EXPECT_EQ(pane_.launchBar()->deviceMenu()->actions(), actions);
  EXPECT_EQ(pane_.launchBar()->devices(), (QStringList{"0", "1"}));
  EXPECT_TRUE(actions[1]->text().contains("1.0 MB")) << actions[1]->text().toStdString();
  devices.gpus.pop_back();
  pane_.setDevices(devices);
  EXPECT_EQ(pane_.launchBar()->devices(), QStringList{"0"});
}

TEST_F(Configure, EveryControlHasANameAndCanBeReached) {
  ActionRegistry registry;
  pane_.registerActions(registry);
  ASSERT_TRUE(pane_.open(file()));
  EXPECT_EQ(testing::unnamedControls(&pane_), QStringList());
}

}  // namespace
}  // namespace counterpoint
