// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QApplication>
#include <QDir>
#include <QImage>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

#include "app/window/assembly.h"
#include "app/window/main_window.h"
#include "app/window/tour.h"
#include "app/window/welcome_page.h"
#include "app/window/worker_process.h"
#include "core/base/files.h"
#include "tests/support/accessible_walk.h"
#include "widgets/common/command_palette.h"
#include "widgets/configure/configure_pane.h"

namespace counterpoint {
namespace {

class Window : public ::testing::Test {
 protected:
  Window() : theme_(*qApp) {
    Preferences().setTheme(QStringLiteral("light"));
    make(workspace(), "version: 1\nname: sample workspace\nsynthetic: true\n");
  }

  void make(const QString& folder, const std::string& text) {
    std::filesystem::create_directories(folder.toStdString() + "/configs");
    writeFileAtomically(folder.toStdString() + "/counterpoint.yaml", text);
    writeFileAtomically(folder.toStdString() + "/configs/echo_text.yaml",
                        "recipe: echo_text\ndata:\n  csv: data/studies.csv\n");
  }
  std::unique_ptr<MainWindow> window() {
    auto made = std::make_unique<MainWindow>(theme_);
    assemblePanes(*made);
    return made;
  }
  QString workspace() const { return folder_.path() + QStringLiteral("/work space"); }

  QTemporaryDir folder_;
  Theme theme_;
};

TEST_F(Window, OpensAWorkspaceAndSaysThatItIsSynthetic) {
  const auto made = window();
  made->show();
  ASSERT_TRUE(made->openWorkspace(workspace()));
  EXPECT_EQ(made->windowTitle(), QStringLiteral("sample workspace (synthetic) – Counterpoint"));
  const auto* configure = qobject_cast<ConfigurePane*>(made->pane(QStringLiteral("configure")));
  ASSERT_TRUE(configure);
  EXPECT_TRUE(configure->file().endsWith(QStringLiteral("configs/echo_text.yaml")));
  EXPECT_EQ(made->preferences().recent(RecentKind::Workspace).front(),
            QString::fromStdString(std::filesystem::canonical(workspace().toStdString()).string()));
}

TEST_F(Window, ASecondWindowIsKeptOut) {
  const auto first = window(), second = window();
  ASSERT_TRUE(first->openWorkspace(workspace()));
  EXPECT_FALSE(second->openWorkspace(workspace()));
  ASSERT_EQ(second->notices().rowCount(), 1);
  EXPECT_TRUE(second->notices().notices().front().what.contains(QStringLiteral("another window")));
  first->closeWorkspace();
  EXPECT_TRUE(second->openWorkspace(workspace()));
}

TEST_F(Window, WrongFoldersAndVersionsAreNotices) {
  const auto made = window();
  EXPECT_FALSE(made->openWorkspace(folder_.path()));
  make(folder_.path() + QStringLiteral("/newer"), "version: 9\n");
  EXPECT_FALSE(made->openWorkspace(folder_.path() + QStringLiteral("/newer")));
  make(folder_.path() + QStringLiteral("/broken"), "name: [\n");
  EXPECT_FALSE(made->openWorkspace(folder_.path() + QStringLiteral("/broken")));
  EXPECT_EQ(made->notices().rowCount(), 3);
}

TEST_F(Window, TheSessionComesBackAndABrokenOneIsIgnored) {
  {
    const auto made = window();
    made->show();
    ASSERT_TRUE(made->openWorkspace(workspace()));
    qobject_cast<ConfigurePane*>(made->pane(QStringLiteral("configure")))->setView(ConfigurePane::View::Form);
    made->close();
  }
  const std::string session = workspace().toStdString() + "/.counterpoint/session.json";
  const std::string first = readFile(session);
  {
    const auto made = window();
    made->show();
    ASSERT_TRUE(made->openWorkspace(workspace()));
    EXPECT_EQ(made->pane(QStringLiteral("configure"))->saveState().value(QStringLiteral("view")).toInt(), 0);
    made->close();
  }
  EXPECT_EQ(readFile(session), first);
  writeFileAtomically(session, "{ not json");
  const auto made = window();
  EXPECT_TRUE(made->openWorkspace(workspace()));
  EXPECT_EQ(made->pane(QStringLiteral("configure"))->saveState().value(QStringLiteral("view")).toInt(), 2);
}

TEST_F(Window, APathGoesWhereItBelongs) {
  const auto made = window();
  ASSERT_TRUE(made->openWorkspace(workspace()));
  QSignalSpy runs(made.get(), &MainWindow::runOpenRequested), clips(made.get(), &MainWindow::clipOpenRequested),
      configs(made.get(), &MainWindow::configOpenRequested);
  const std::string base = workspace().toStdString();
  std::filesystem::create_directories(base + "/runs/one");
  writeFileAtomically(base + "/runs/one/status.json", "{}");
  writeFileAtomically(base + "/clip.mp4", "x");
  EXPECT_TRUE(made->openPath(workspace() + QStringLiteral("/runs/one")));
  EXPECT_TRUE(made->openPath(workspace() + QStringLiteral("/clip.mp4")));
  EXPECT_TRUE(made->openPath(workspace() + QStringLiteral("/configs/echo_text.yaml")));
  EXPECT_FALSE(made->openPath(workspace() + QStringLiteral("/no such file")));
  EXPECT_EQ(runs.count(), 1);
  EXPECT_EQ(clips.count(), 1);
  EXPECT_EQ(configs.count(), 1);
}

TEST_F(Window, AMissingRankProgramIsSaidAndNothingStops) {
  qputenv("COUNTERPOINT_RANK", "/no/such/counterpoint-rank");
  const auto made = window();
  made->show();
  ASSERT_TRUE(QTest::qWaitFor([&] { return made->notices().rowCount() == 1; }));
  EXPECT_TRUE(made->notices().notices().front().cure.contains(QStringLiteral("packaging/setup.sh")));
  EXPECT_TRUE(made->openWorkspace(workspace()));
  qunsetenv("COUNTERPOINT_RANK");
}

TEST_F(Window, ARankProgramOfAnotherVersionIsSaid) {
  const QString program = folder_.path() + QStringLiteral("/rank");
  writeFileAtomically(program.toStdString(), "#!/bin/sh\necho counterpoint-rank 99.0\n");
  std::filesystem::permissions(program.toStdString(), std::filesystem::perms::owner_all);
  qputenv("COUNTERPOINT_RANK", program.toLocal8Bit());
  const auto made = window();
  QCoreApplication::setApplicationVersion(QStringLiteral("0.1.0"));
  made->show();
  ASSERT_TRUE(QTest::qWaitFor([&] { return made->notices().rowCount() == 1; }));
  EXPECT_TRUE(made->notices().notices().front().what.contains(QStringLiteral("99.0")));
  qunsetenv("COUNTERPOINT_RANK");
}

TEST_F(Window, RecentWorkspacesThatAreGoneCanBeRemoved) {
  WelcomePage page;
  page.setRecent({{RecentKind::Workspace, workspace(), true},
                  {RecentKind::Workspace, QStringLiteral("/no/such/place"), false}});
  QSignalSpy removed(&page, &WelcomePage::recentRemoved);
  page.show();
  for (auto* button : page.findChildren<QAbstractButton*>()) {
    if (button->accessibleName() == QStringLiteral("Remove /no/such/place from this list")) {
      QTest::mouseClick(button, Qt::LeftButton);
    }
    if (button->accessibleName() == QStringLiteral("/no/such/place is no longer there")) {
      EXPECT_FALSE(button->isEnabled());
    }
  }
  EXPECT_EQ(removed.count(), 1);
}

TEST_F(Window, EveryActionStandsInThePaletteAndRunsFromIt) {
  const auto made = window();
  made->show();
  ASSERT_TRUE(made->openWorkspace(workspace()));
  auto* palette = new CommandPalette(made->actions(), {}, made.get());
  palette->show();
  EXPECT_EQ(palette->list()->count(), made->actions().specs().size());
  QTest::keyClicks(palette->field(), QStringLiteral("theme dark"));
  QTest::keyClick(palette->field(), Qt::Key_Return);
  ASSERT_TRUE(QTest::qWaitFor([&] { return roles().dark; }));
  EXPECT_EQ(made->preferences().theme(), QStringLiteral("dark"));
  theme_.apply(ThemeName::Light);
}

TEST_F(Window, EveryControlHasANameAndCanBeReached) {
  const auto made = window();
  made->show();
  EXPECT_EQ(testing::unnamedControls(made.get()).join(QLatin1Char('\n')).toStdString(), "");
  ASSERT_TRUE(made->openWorkspace(workspace()));
  EXPECT_EQ(testing::unnamedControls(made.get()).join(QLatin1Char('\n')).toStdString(), "");
}

TEST_F(Window, TheTourTakesAPictureOfEachPane) {
  const auto made = window();
  made->show();
  ASSERT_TRUE(made->openWorkspace(workspace()));
  Tour tour(*made, folder_.path() + QStringLiteral("/tour"));
  QSignalSpy finished(&tour, &Tour::finished);
  tour.start();
  ASSERT_TRUE(finished.wait(60'000));
  EXPECT_TRUE(finished[0][0].toBool());
  EXPECT_GE(tour.pictures().size(), 5);
  for (const QString& file : tour.pictures()) {
    const QImage picture(file);
    EXPECT_GE(picture.width(), 800) << file.toStdString();
  }
}

TEST(WorkerProcess, GivesLinesStatusAndTheLastErrorLine) {
  WorkerProcess process;
  QSignalSpy lines(&process, &WorkerProcess::line), finished(&process, &WorkerProcess::finished);
  process.start(QStringLiteral("/bin/sh"),
                {QStringLiteral("-c"), QStringLiteral("echo one; echo two; echo bad >&2; exit 3")});
  ASSERT_TRUE(finished.wait(10'000));
  EXPECT_EQ(lines.count(), 2);
  EXPECT_EQ(finished[0][0].toInt(), 3);
  EXPECT_EQ(finished[0][2].toString(), QStringLiteral("bad"));
  WorkerProcess missing;
  QSignalSpy failed(&missing, &WorkerProcess::finished);
  missing.start(QStringLiteral("/no/such/program"), {});
  ASSERT_TRUE(QTest::qWaitFor([&] { return failed.count() == 1; }));
  EXPECT_EQ(failed[0][0].toInt(), -1);
}

}  // namespace
}  // namespace counterpoint
