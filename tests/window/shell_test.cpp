// SPDX-License-Identifier: GPL-3.0-or-later
// The shell around the panes: preferences, About, recent items, layouts, one window a workspace, bad ends.
#include <gtest/gtest.h>

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QImage>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

#include <signal.h>

#include <filesystem>

#include "app/window/about_dialog.h"
#include "app/window/assembly.h"
#include "app/window/crash_sentinel.h"
#include "app/window/diagnostics.h"
#include "app/window/libtorch_place.h"
#include "app/window/main_window.h"
#include "app/window/preferences_dialog.h"
#include "app/window/welcome_page.h"
#include "core/base/files.h"
#include "core/base/process.h"
#include "tests/support/accessible_walk.h"
#include "tests/support/temporary_folder.h"
#include "widgets/common/keys_editor.h"
#include "widgets/configure/configure_pane.h"
#include "widgets/configure/launch_bar.h"
#include "widgets/configure/yaml_editor.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

constexpr int kPatience = 30'000;  // milliseconds

class Shell : public ::testing::Test {
 protected:
  Shell() {
    forget();
    make(workspace());
    make(other());
  }
  ~Shell() override { forget(); }

  static void forget() {
    QSettings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("counterpoint"),
              QStringLiteral("counterpoint"))
        .clear();
  }
  static void make(const fs::path& folder) {
    fs::create_directories(folder / "configs");
    writeFileAtomically(folder / "counterpoint.yaml", "version: 1\nname: " + folder.filename().string() + "\n");
    writeFileAtomically(folder / "configs/echo_text.yaml", "recipe: echo_text\ndata:\n  csv: data/studies.csv\n");
  }
  std::unique_ptr<MainWindow> window(bool safe = false) {
    auto made = std::make_unique<MainWindow>(theme_, safe);
    assemblePanes(*made);
    made->show();
    return made;
  }
  template <typename Condition>
  static bool soon(Condition condition) {
    return QTest::qWaitFor(condition, kPatience);
  }
  static ConfigurePane& configure(MainWindow& window) { return *window.findChild<ConfigurePane*>(); }
  static QString text(const fs::path& path) { return QString::fromStdString(path.string()); }
  static QStringList said(MainWindow& window) {
    QStringList lines;
    for (const Notice& notice : window.notices().notices()) lines << notice.oneLine();
    return lines;
  }
  ChildProcess start(std::vector<std::string> arguments) {
    ProcessOptions options;
    options.command = {(programDirectory() / "counterpoint").string()};
    options.command.insert(options.command.end(), arguments.begin(), arguments.end());
    options.environment = {{"QT_QPA_PLATFORM", "offscreen"}};
    options.outputFile = folder_ / "window.log";
    return ChildProcess::start(options);
  }
  static QJsonObject sessionOf(const fs::path& workspace) {
    std::error_code code;
    const fs::path file = workspace / ".counterpoint/session.json";
    if (!fs::exists(file, code)) return {};
    return QJsonDocument::fromJson(QByteArray::fromStdString(readFile(file))).object();
  }
  // As a window leaves it that is killed with something typed in the workspace's config.
  void killedWith(const std::string& typed) {
    {
      const auto made = window();
      ASSERT_TRUE(made->openWorkspace(text(workspace())));
      const std::string now = configure(*made).editor()->bytes();
      configure(*made).editor()->apply({0, now.size(), typed});
      ASSERT_TRUE(configure(*made).isDirty());
      made->saveSession();
    }
    writeFileAtomically(workspace() / ".counterpoint/open", "2026-01-02T03:04:05Z\n");
  }

  fs::path workspace() const { return folder_ / "echo one"; }
  fs::path other() const { return folder_ / "echo two"; }
  fs::path config() const { return workspace() / "configs/echo_text.yaml"; }

  TemporaryFolder folder_;
  Theme theme_{*qApp};
};

TEST_F(Shell, EveryPageHasNamesAndIsReached) {
  const auto made = window();
  for (const char* action : {"workspace.preferences", "help.about", "help.notices"}) {
    made->actions().action(QString::fromLatin1(action))->trigger();
  }
  const auto dialogs = made->findChildren<QDialog*>();
  EXPECT_EQ(dialogs.size(), 3);
  for (QDialog* dialog : dialogs) {
    EXPECT_TRUE(dialog->isVisible());
    EXPECT_FALSE(dialog->isModal());
    EXPECT_EQ(testing::unnamedControls(dialog).join(QLatin1Char('\n')).toStdString(), "");
  }
  // One of a kind.
  made->actions().action(QStringLiteral("help.about"))->trigger();
  EXPECT_EQ(made->findChildren<AboutDialog*>().size(), 1);
}

TEST_F(Shell, AChosenKeyWorksAndSurvivesARestart) {
  const QString about = QStringLiteral("help.about");
  {
    const auto made = window();
    made->actions().action(QStringLiteral("workspace.preferences"))->trigger();
    auto* dialog = made->findChild<PreferencesDialog*>();
    ASSERT_TRUE(dialog);
    dialog->showPage(PreferencesDialog::Keys);
    dialog->keys()->choose(about);
    dialog->keys()->field()->setFocus();
    QTest::keyClick(dialog->keys()->field(), Qt::Key_O, Qt::ControlModifier);
    EXPECT_FALSE(dialog->keys()->setButton()->isEnabled());
    EXPECT_TRUE(dialog->keys()->problem()->text().contains(QStringLiteral("Open a workspace")));
    QTest::keyClick(dialog->keys()->field(), Qt::Key_F9, Qt::AltModifier);
    ASSERT_TRUE(dialog->keys()->setButton()->isEnabled());
    QTest::mouseClick(dialog->keys()->setButton(), Qt::LeftButton);
    dialog->close();
  }
  const auto made = window();
  EXPECT_EQ(made->actions().key(about), QStringLiteral("Alt+F9"));
  made->activateWindow();
  ASSERT_TRUE(QTest::qWaitForWindowActive(made.get()));
  QTest::keyClick(made.get(), Qt::Key_F9, Qt::AltModifier);
  EXPECT_TRUE(made->findChild<AboutDialog*>());
  // Safe mode is as shipped, and leaves what was chosen alone.
  const auto safe = window(true);
  EXPECT_EQ(safe->actions().key(about), QString());
  EXPECT_TRUE(safe->windowTitle().contains(QStringLiteral("safe mode")));
  EXPECT_EQ(Preferences().keys().value(about), QStringLiteral("Alt+F9"));
}

TEST_F(Shell, TheThemeChangesAtOnceAndIsKept) {
  const auto made = window();
  made->actions().action(QStringLiteral("workspace.preferences"))->trigger();
  QComboBox* theme = made->findChild<PreferencesDialog*>()->theme();
  EXPECT_EQ(theme->count(), 5);
  theme->setCurrentIndex(theme->findData(QStringLiteral("dark")));
  EXPECT_TRUE(roles().dark);
  EXPECT_EQ(Preferences().theme(), QStringLiteral("dark"));
  theme->setCurrentIndex(theme->findData(QStringLiteral("light")));
  EXPECT_FALSE(roles().dark);
}

TEST_F(Shell, TheScaleIsKeptAndTheNextWindowHasIt) {
  {
    const auto made = window();
    made->actions().action(QStringLiteral("workspace.preferences"))->trigger();
    auto* dialog = made->findChild<PreferencesDialog*>();
    EXPECT_FALSE(dialog->restartButton()->isVisible());
    dialog->scale()->setValue(200);
    EXPECT_TRUE(dialog->restartButton()->isVisible());
    dialog->scale()->setValue(900);
    EXPECT_EQ(dialog->scale()->value(), 300);
    dialog->scale()->setValue(200);
  }
  EXPECT_EQ(Preferences().scale(), 2.0);
  const fs::path once = folder_ / "once", twice = folder_ / "twice";
  ChildProcess big = start({"--tour", twice.string()});
  ASSERT_EQ(big.wait(60).value_or(-1), 0) << readFile(folder_ / "window.log");
  ChildProcess usual = start({"--tour", once.string(), "--safe-mode"});
  ASSERT_EQ(usual.wait(60).value_or(-1), 0) << readFile(folder_ / "window.log");
  const QImage small(text(once / "01_welcome.png")), large(text(twice / "01_welcome.png"));
  ASSERT_FALSE(small.isNull());
  EXPECT_EQ(large.width(), 2 * small.width());
}

TEST_F(Shell, LibTorchsPlaceIsCheckedKeptAndPassedOn) {
  const fs::path place = folder_ / "a torch";
  fs::create_directories(place / "torch/lib");
  fs::create_directories(place / "nvidia/cu13/lib");
  EXPECT_FALSE(lookForLibTorch(text(place)).problem.isEmpty());
  writeFileAtomically(place / "torch/lib/libtorch_cpu.so", "x");
  writeFileAtomically(place / "torch/version.py", "__version__ = '2.11.0+cu130'\ndebug = False\n");
  const LibTorchPlace found = lookForLibTorch(text(place));
  EXPECT_EQ(found.version, QStringLiteral("2.11.0+cu130"));
  EXPECT_EQ(found.libraryFolders, (QStringList{text(place / "torch/lib"), text(place / "nvidia/cu13/lib")}));

  // A rank program that says where it would take LibTorch from.
  const fs::path rank = folder_ / "rank";
  writeFileAtomically(rank, "#!/bin/sh\necho \"counterpoint-rank $LD_LIBRARY_PATH\"\n");
  fs::permissions(rank, fs::perms::owner_all);
  qputenv("COUNTERPOINT_RANK", QByteArray::fromStdString(rank.string()));
  QCoreApplication::setApplicationVersion(QStringLiteral("counterpoint-rank"));
  const auto made = window();
  made->actions().action(QStringLiteral("workspace.preferences"))->trigger();
  auto* dialog = made->findChild<PreferencesDialog*>();
  dialog->showPage(PreferencesDialog::Training);
  dialog->libTorch()->setText(QStringLiteral("/no/such/folder"));
  emit dialog->libTorch()->editingFinished();
  EXPECT_TRUE(dialog->libTorchState()->text().contains(QStringLiteral("does not exist")));
  EXPECT_EQ(Preferences().libTorch(), QString());
  dialog->libTorch()->setText(text(place));
  emit dialog->libTorch()->editingFinished();
  EXPECT_TRUE(dialog->libTorchState()->text().contains(QStringLiteral("2.11.0+cu130")));
  EXPECT_EQ(Preferences().libTorch(), text(place));
  const auto saysPlace = [&] {
    for (const auto* label : dialog->findChildren<QLabel*>()) {
      if (label->text().contains(text(place / "torch/lib"))) return true;
    }
    return false;
  };
  EXPECT_TRUE(soon(saysPlace)) << "the rank program was not asked with the new place";
  dialog->libTorch()->clear();
  EXPECT_EQ(Preferences().libTorch(), QString());
  EXPECT_FALSE(qEnvironmentVariable("LD_LIBRARY_PATH").contains(text(place)));
  qunsetenv("COUNTERPOINT_RANK");
}

TEST_F(Shell, DefaultDevicesAreTickedWhereALaunchIsMade) {
  const auto made = window();
  ASSERT_TRUE(made->openWorkspace(text(workspace())));
  DeviceList devices;
  devices.cores = 8;
  devices.gpus = {{"0", "NVIDIA H200", 1 << 30, 2LL << 30}, {"1", "NVIDIA H200", 1 << 30, 2LL << 30}};
  made->actions().action(QStringLiteral("workspace.preferences"))->trigger();
  auto* dialog = made->findChild<PreferencesDialog*>();
  dialog->setDevices(devices);
  const auto boxes = dialog->deviceBox()->findChildren<QCheckBox*>();
  ASSERT_EQ(boxes.size(), 3);
  configure(*made).setDevices(devices);
  boxes[0]->setChecked(true);
  boxes[1]->setChecked(true);
  EXPECT_EQ(configure(*made).launchBar()->devices(), (QStringList{"0", "1"}));
  boxes[2]->setChecked(true);
  EXPECT_FALSE(boxes[0]->isChecked());
  EXPECT_EQ(configure(*made).launchBar()->devices(), QStringList{"cpu"});
  EXPECT_EQ(Preferences().devices(), QStringList{"cpu"});
  const auto next = window();
  configure(*next).setDevices(devices);
  EXPECT_EQ(configure(*next).launchBar()->devices(), QStringList{"cpu"});
}

TEST_F(Shell, TheReportNamesVersionsAndNobody) {
  qputenv("LOGNAME", "jane.doe");
  const auto made = window();
  ASSERT_TRUE(made->openWorkspace(text(workspace())));
  made->notify({Severity::Bad, QStringLiteral("patient 12345 in %1").arg(text(workspace())), text(config()), {}});
  made->actions().action(QStringLiteral("help.about"))->trigger();
  auto* about = made->findChild<AboutDialog*>();
  about->setRank(QStringLiteral("does not start: %1/lib is missing for jane.doe").arg(QDir::homePath()));
  QTest::mouseClick(about->copyButton(), Qt::LeftButton);
  const QString report = QApplication::clipboard()->text();
  EXPECT_EQ(report, about->report()->toPlainText());
  for (const char* fact :
       {"Counterpoint: ", "Qt: 6.", "FFmpeg: libavcodec ", "LibTorch: ", "OpenCV: ", "Notices: 1 error"}) {
    EXPECT_TRUE(report.contains(QString::fromLatin1(fact))) << fact << "\n" << report.toStdString();
  }
  for (const QString& identifier :
       {QDir::homePath(), text(workspace()), QStringLiteral("echo one"), QStringLiteral("12345"),
        QString::fromStdString(hostName()), QStringLiteral("jane.doe")}) {
    EXPECT_FALSE(report.contains(identifier)) << identifier.toStdString() << "\n" << report.toStdString();
  }
  EXPECT_EQ(withoutIdentifiers(QStringLiteral("see /data/hospital/a.mp4: GNU/Linux 1/2")),
            QStringLiteral("see (path): GNU/Linux 1/2"));
  qunsetenv("LOGNAME");
}

TEST_F(Shell, RecentItemsAreKeptMarkedAndRemoved) {
  {
    const auto made = window();
    ASSERT_TRUE(made->openWorkspace(text(other())));
    ASSERT_TRUE(made->openWorkspace(text(workspace())));
    fs::create_directories(workspace() / "runs/first");
    writeFileAtomically(workspace() / "runs/first/status.json", "{}");
    EXPECT_TRUE(made->openPath(text(workspace() / "runs/first")));
  }
  fs::remove_all(other());
  fs::remove_all(workspace() / "runs/first");
  const auto made = window();
  ASSERT_TRUE(soon([&] { return made->recent().broken() == 3; }));
  QStringList words;
  for (const RecentItem& item : made->recent().items()) {
    words << QStringLiteral("%1 %2 %3").arg(static_cast<int>(item.kind)).arg(QDir(item.path).dirName()).arg(item.there);
  }
  EXPECT_EQ(words,
            (QStringList{"0 echo one 1", "0 echo two 0", "1 first 0", "2 echo_text.yaml 1", "2 echo_text.yaml 0"}))
      << words.join(QLatin1Char('|')).toStdString();

  // The menu has them, and all of it stands in the registry.
  auto* menu = made->findChild<QToolButton*>(QStringLiteral("mainMenu"))->menu();
  EXPECT_EQ(testing::foreignActions(menu, made->actions()).join(QLatin1Char('\n')).toStdString(), "");
  QAction* gone = nullptr;
  for (const ActionSpec& spec : made->actions().specs()) {
    if (spec.id.startsWith(QStringLiteral("recent.run."))) gone = made->actions().action(spec.id);
  }
  ASSERT_TRUE(gone);
  EXPECT_TRUE(gone->text().startsWith(QStringLiteral("Remove "))) << gone->text().toStdString();
  gone->trigger();
  EXPECT_TRUE(made->preferences().recent(RecentKind::Run).isEmpty());

  // The welcome page removes one, and the palette all.
  const QString label = QStringLiteral("Remove %1 from this list").arg(text(fs::path(text(other()).toStdString())));
  QAction* clean = made->actions().action(QStringLiteral("recent.clean"));
  EXPECT_TRUE(clean->isEnabled());
  for (auto* button : made->findChildren<QToolButton*>()) {
    if (button->accessibleName() == label) QTest::mouseClick(button, Qt::LeftButton);
  }
  clean->trigger();
  EXPECT_EQ(made->recent().broken(), 0);
  EXPECT_FALSE(clean->isEnabled());
  EXPECT_EQ(made->preferences().recent(RecentKind::Workspace), QStringList{text(workspace())});
}

TEST_F(Shell, AnotherWindowOnTheSameWorkspaceRaisesTheFirst) {
  const auto first = window(), second = window();
  ASSERT_TRUE(first->openWorkspace(text(workspace())));
  first->showMinimized();
  EXPECT_FALSE(second->openWorkspace(text(workspace())));
  EXPECT_EQ(second->workspace(), nullptr);
  ASSERT_EQ(second->notices().rowCount(), 1);
  EXPECT_TRUE(said(*second).front().contains(QStringLiteral("was raised"))) << said(*second).front().toStdString();
  EXPECT_TRUE(soon([&] { return !first->isMinimized(); }));
}

TEST_F(Shell, TheProgramHandsPathsToTheWindowThatHasTheWorkspace) {
  const auto first = window();
  ASSERT_TRUE(first->openWorkspace(text(workspace())));
  writeFileAtomically(workspace() / "configs/b.yaml", "recipe: echo_text\n");
  QSignalSpy configs(first.get(), &MainWindow::configOpenRequested);
  ChildProcess again = start({(workspace() / "configs/b.yaml").string()});
  ASSERT_TRUE(soon([&] { return again.poll().has_value(); }));
  EXPECT_EQ(again.poll().value_or(-1), 0);
  EXPECT_NE(readFile(folder_ / "window.log").find("another window"), std::string::npos);
  ASSERT_TRUE(soon([&] { return configs.count() == 1; }));
  EXPECT_EQ(configs[0][0].toString(), text(workspace() / "configs/b.yaml"));
}

TEST_F(Shell, AnotherWorkspaceOpensAnotherWindow) {
  const auto made = window();
  ASSERT_TRUE(made->openWorkspace(text(workspace())));
  QSignalSpy started(made.get(), &MainWindow::anotherWindowStarted);
  made->requestPath(text(other()));
  EXPECT_EQ(made->workspacePath(), text(fs::canonical(workspace())));
  ASSERT_EQ(started.count(), 1);
  const auto process = static_cast<pid_t>(started[0][0].toLongLong());
  EXPECT_TRUE(
      soon([&] { return fs::exists(other() / ".counterpoint/open") && !tryLockFile(other() / ".counterpoint/lock"); }));
  // Once it is there, it is raised and no third one started.
  ASSERT_TRUE(soon([&] { return WorkspaceDoor::knock(text(fs::canonical(other())), {}); }));
  made->requestPath(text(other()));
  EXPECT_EQ(started.count(), 1);
  // SIGTERM is an orderly end.
  ::kill(process, SIGTERM);
  EXPECT_TRUE(soon([&] { return !fs::exists(other() / ".counterpoint/open"); }));
}

TEST_F(Shell, ALayoutOfANewerVersionFallsBackWithANotice) {
  {
    const auto made = window();
    ASSERT_TRUE(made->openWorkspace(text(workspace())));
    made->close();
  }
  QJsonObject session = sessionOf(workspace());
  session.insert(QStringLiteral("layout_version"), 99);
  writeFileAtomically(workspace() / ".counterpoint/session.json", QJsonDocument(session).toJson().toStdString());
  {
    const auto made = window();
    ASSERT_TRUE(made->openWorkspace(text(workspace())));
    ASSERT_EQ(said(*made).filter(QStringLiteral("layout is of version 99")).size(), 1)
        << said(*made).join('|').toStdString();
    EXPECT_TRUE(made->pane(QStringLiteral("runs"))->isVisible());
    made->close();
  }
  EXPECT_NE(sessionOf(workspace()).value(QStringLiteral("layout_version")).toInt(), 99);
  // One that says the right version and is damaged.
  session = sessionOf(workspace());
  session.insert(QStringLiteral("layouts"), QJsonObject{{QStringLiteral("train"), QStringLiteral("bm9uc2Vuc2U=")}});
  writeFileAtomically(workspace() / ".counterpoint/session.json", QJsonDocument(session).toJson().toStdString());
  {
    const auto made = window();
    ASSERT_TRUE(made->openWorkspace(text(workspace())));
    EXPECT_TRUE(soon([&] { return said(*made).filter(QStringLiteral("cannot be used")).size() == 1; }))
        << said(*made).join('|').toStdString();
    EXPECT_TRUE(made->pane(QStringLiteral("runs"))->isVisible());
  }
  // A whole session of a newer version is kept for the window that knows it.
  writeFileAtomically(workspace() / ".counterpoint/session.json", "{\"version\": 7, \"mine\": 1}");
  const auto made = window();
  ASSERT_TRUE(made->openWorkspace(text(workspace())));
  EXPECT_EQ(said(*made).filter(QStringLiteral("version 7")).size(), 1);
  EXPECT_EQ(readFile(workspace() / ".counterpoint/session-unread.json"), "{\"version\": 7, \"mine\": 1}");
}

TEST_F(Shell, ALayoutIsKeptAndReset) {
  const auto made = window();
  ASSERT_TRUE(made->openWorkspace(text(workspace())));
  auto* dock = made->findChild<QWidget*>(QStringLiteral("dock.runs"));
  ASSERT_TRUE(dock);
  dock->hide();
  made->closeWorkspace();
  const auto next = window();
  ASSERT_TRUE(next->openWorkspace(text(workspace())));
  auto* again = next->findChild<QWidget*>(QStringLiteral("dock.runs"));
  ASSERT_TRUE(soon([&] { return again->isHidden(); }));
  next->actions().action(QStringLiteral("view.reset_all"))->trigger();
  EXPECT_FALSE(again->isHidden());
}

TEST_F(Shell, AfterAKilledWindowWhatWasTypedIsAskedAboutAndRecovered) {
  ChildProcess process = start({workspace().string()});
  ASSERT_TRUE(soon([&] { return !sessionOf(workspace()).isEmpty() || process.poll(); }))
      << readFile(folder_ / "window.log");
  ASSERT_FALSE(process.poll());
  process.signalGroup(SIGKILL);
  ASSERT_TRUE(process.wait(10));
  // What its pane would have kept within two seconds of typing.
  QJsonObject session = sessionOf(workspace()), panes = session.value(QStringLiteral("panes")).toObject(),
              pane = panes.value(QStringLiteral("configure")).toObject();
  const QString file = text(fs::canonical(config()));
  pane.insert(QStringLiteral("drafts"), QJsonObject{{file, QStringLiteral("recipe: echo_text\nseed: 7\n")}});
  pane.insert(QStringLiteral("draft_times"), QJsonObject{{file, 1767323045}});
  panes.insert(QStringLiteral("configure"), pane);
  session.insert(QStringLiteral("panes"), panes);
  writeFileAtomically(workspace() / ".counterpoint/session.json", QJsonDocument(session).toJson().toStdString());

  const auto made = window();
  ASSERT_TRUE(made->openWorkspace(text(workspace())));
  EXPECT_TRUE(made->asksAboutUnsaved());
  const QString question = QStringLiteral("draft:") + file;
  ASSERT_EQ(made->questions().asked(), QStringList{question});
  EXPECT_TRUE(made->questions().isVisible());
  EXPECT_EQ(QApplication::activeModalWidget(), nullptr);
  QPushButton* recover = made->questions().button(question, 0);
  EXPECT_TRUE(recover->accessibleName().contains(QStringLiteral("configs/echo_text.yaml")));
  EXPECT_TRUE(recover->accessibleName().contains(QStringLiteral("26"))) << recover->accessibleName().toStdString();
  EXPECT_FALSE(configure(*made).isDirty()) << "recovered before it was asked";
  QTest::mouseClick(recover, Qt::LeftButton);
  EXPECT_EQ(configure(*made).editor()->bytes(), "recipe: echo_text\nseed: 7\n");
  EXPECT_TRUE(configure(*made).isDirty());
  EXPECT_TRUE(made->questions().asked().isEmpty());
  configure(*made).editor()->undo();
  EXPECT_EQ(configure(*made).editor()->bytes(), readFile(config()));
}

TEST_F(Shell, SkipIsRememberedAndOpenSavedIsForGood) {
  killedWith("recipe: echo_text\nseed: 9\n");
  const QString file = text(fs::canonical(config())), question = QStringLiteral("draft:") + file;
  {
    const auto made = window();
    ASSERT_TRUE(made->openWorkspace(text(workspace())));
    ASSERT_TRUE(made->questions().button(question, 2));
    QTest::mouseClick(made->questions().button(question, 2), Qt::LeftButton);
    EXPECT_FALSE(configure(*made).isDirty());
    made->saveSession();
  }
  writeFileAtomically(workspace() / ".counterpoint/open", "again\n");
  {
    const auto made = window();
    ASSERT_TRUE(made->openWorkspace(text(workspace())));
    EXPECT_TRUE(made->questions().asked().isEmpty());
    QAction* again = made->actions().action(QStringLiteral("configure.recover"));
    ASSERT_TRUE(again->isEnabled());
    again->trigger();
    ASSERT_TRUE(made->questions().button(question, 1));
    QTest::mouseClick(made->questions().button(question, 1), Qt::LeftButton);
    EXPECT_EQ(configure(*made).editor()->bytes(), readFile(config()));
    EXPECT_FALSE(again->isEnabled());
  }
  writeFileAtomically(workspace() / ".counterpoint/open", "again\n");
  const auto made = window();
  ASSERT_TRUE(made->openWorkspace(text(workspace())));
  EXPECT_TRUE(made->questions().asked().isEmpty());
  EXPECT_EQ(configure(*made).editor()->bytes(), readFile(config()));
}

TEST_F(Shell, WhatIsNotAnsweredIsAskedAgainAndAnOrderlyEndAsksNothing) {
  killedWith("recipe: echo_text\nseed: 3\n");
  {
    const auto made = window();
    ASSERT_TRUE(made->openWorkspace(text(workspace())));
    EXPECT_EQ(made->questions().asked().size(), 1);
    made->close();
  }
  {
    const auto made = window();
    ASSERT_TRUE(made->openWorkspace(text(workspace())));
    EXPECT_FALSE(made->asksAboutUnsaved());
    ASSERT_EQ(made->questions().asked().size(), 1);
    QTest::mouseClick(made->questions().button(made->questions().asked().front(), 0), Qt::LeftButton);
    made->close();
  }
  const auto made = window();
  ASSERT_TRUE(made->openWorkspace(text(workspace())));
  EXPECT_TRUE(made->questions().asked().isEmpty());
  EXPECT_EQ(configure(*made).editor()->bytes(), "recipe: echo_text\nseed: 3\n");
}

TEST_F(Shell, ADraftOfADeletedConfigIsRecoveredToo) {
  killedWith("recipe: echo_text\nseed: 5\n");
  fs::remove(config());
  const auto made = window();
  ASSERT_TRUE(made->openWorkspace(text(workspace())));
  ASSERT_EQ(made->questions().asked().size(), 1);
  QTest::mouseClick(made->questions().button(made->questions().asked().front(), 0), Qt::LeftButton);
  EXPECT_EQ(configure(*made).editor()->bytes(), "recipe: echo_text\nseed: 5\n");
  EXPECT_EQ(readFile(config()), "recipe: echo_text\nseed: 5\n");
}

TEST_F(Shell, SafeModeLeavesHabitsAndAsksAboutUnsavedWork) {
  killedWith("recipe: echo_text\nseed: 4\n");
  const auto made = window(true);
  ASSERT_TRUE(made->openWorkspace(text(workspace())));
  EXPECT_EQ(made->questions().asked().size(), 1);
  EXPECT_TRUE(fs::exists(workspace() / ".counterpoint/session-before-safe-mode.json"));
}

TEST_F(Shell, TheSentinelTellsABadEndOnce) {
  const fs::path traces = folder_ / "traces";
  {
    const CrashSentinel well(traces);
    EXPECT_TRUE(well.badEnds().empty());
  }
  EXPECT_TRUE(CrashSentinel(traces).badEnds().empty());
  writeFileAtomically(traces / "999999.started", "2026-01-02T03:04:05Z\n");
  writeFileAtomically(traces / "999999.lock", "");
  EXPECT_EQ(CrashSentinel(traces).badEnds(), std::vector<std::string>{"2026-01-02T03:04:05Z"});
  EXPECT_TRUE(CrashSentinel(traces).badEnds().empty());

  // The program itself: killed, it leaves its trace; ended by SIGTERM it does not.
  const fs::path usual = CrashSentinel::usualFolder();
  const auto started = [&] { return fs::exists(usual) && !fs::is_empty(usual); };
  ChildProcess process = start({});
  ASSERT_TRUE(soon(started));
  process.signalGroup(SIGKILL);
  ASSERT_TRUE(process.wait(10));
  EXPECT_EQ(CrashSentinel(usual).badEnds().size(), 1U);
  ChildProcess orderly = start({});
  ASSERT_TRUE(soon(started));
  orderly.signalGroup(SIGTERM);
  EXPECT_EQ(orderly.wait(20).value_or(-1), 0);
  EXPECT_TRUE(CrashSentinel(usual).badEnds().empty());
}

}  // namespace
}  // namespace counterpoint
