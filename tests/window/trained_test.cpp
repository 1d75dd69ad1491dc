// SPDX-License-Identifier: GPL-3.0-or-later
// The window on a workspace as a person has it: a run that the real programs trained, with results and adapters.
#include <gtest/gtest.h>

#include <QApplication>
#include <QImage>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <filesystem>
#include <set>

#include "app/window/assembly.h"
#include "app/window/main_window.h"
#include "app/window/model_server.h"
#include "app/window/run_panes.h"
#include "app/window/tour.h"
#include "core/base/files.h"
#include "tests/support/accessible_walk.h"
#include "tests/support/temporary_folder.h"
#include "tests/window/trained_workspace.h"
#include "widgets/common/data_table.h"
#include "widgets/common/review_desk.h"
#include "widgets/configure/configure_pane.h"
#include "widgets/configure/yaml_editor.h"
#include "widgets/plots/chart_card.h"
#include "widgets/plots/metric_chart.h"
#include "widgets/retrieval/retrieval_results.h"
#include "widgets/retrieval/retrieve_pane.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

constexpr int kPatience = 30'000;  // milliseconds

class Trained : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!canTrain()) GTEST_SKIP() << "this build has no LibTorch: nothing can be trained";
    Preferences().setTheme(QStringLiteral("light"));
    copyTrainedWorkspace(workspace_);
  }

  std::unique_ptr<MainWindow> window() {
    auto made = std::make_unique<MainWindow>(theme_);
    assemblePanes(*made);
    made->show();
    return made;
  }
  template <typename Condition>
  bool soon(Condition condition) {
    return QTest::qWaitFor(condition, kPatience);
  }
  static QString text(const fs::path& path) { return QString::fromStdString(path.string()); }
  static ReviewDesk& desk(MainWindow& window) { return *window.findChild<ReviewDesk*>(); }
  static void drop(MainWindow& window, const fs::path& path) {
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(text(path))});
    QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &enter);
    EXPECT_TRUE(enter.isAccepted());
    QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &drop);
  }
  bool read(MainWindow& window) {
    return soon([&] {
      const ReviewDesk& all = desk(window);
      return !all.isLoading() && !all.isReadingCaptions() && all.caption();
    });
  }

  TemporaryFolder folder_;
  fs::path workspace_ = folder_ / "phantoms";
  Theme theme_{*qApp};
};

TEST_F(Trained, TheWindowShowsTheRunItsCurvesItsCaptionsAndItsRanks) {
  const auto made = window();
  ASSERT_TRUE(made->openWorkspace(text(workspace_)));
  const auto& panes = *made->findChild<RunPanes*>();
  ASSERT_TRUE(soon([&] { return panes.model()->rowCount() == 1; }));
  EXPECT_EQ(panes.model()->index(0, RunsModel::State).data().toString(), "finished");
  EXPECT_EQ(panes.model()->index(0, RunsModel::Progress).data().toString(), "100 %, step 12 of 12");
  EXPECT_EQ(panes.model()->index(0, RunsModel::Best).data().toDouble(),
            panes.model()->index(0, RunsModel::Last).data().toDouble());  // the loss still falls
  ASSERT_TRUE(soon([&] {
    const ChartCard* card = panes.plots()->card(QStringLiteral("train/loss"));
    return card && card->chart()->hasValues();
  }));
  const auto entries = panes.plots()->card(QStringLiteral("train/loss"))->chart()->legendEntries();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].x, 12);

  made->showPerspective(QStringLiteral("review"));
  ASSERT_TRUE(read(*made));
  const ClipCaption* said = desk(*made).caption();
  EXPECT_FALSE(said->caption.sentences.empty());
  EXPECT_EQ(said->seen.frames.size(), 16u);
  EXPECT_EQ(desk(*made).run(), runOf(workspace_));

  made->showPerspective(QStringLiteral("retrieve"));
  auto* retrieve = qobject_cast<RetrievePane*>(made->pane(QStringLiteral("retrieve")));
  ASSERT_TRUE(retrieve);
  ASSERT_TRUE(soon([&] { return retrieve->queries()->model()->rowCount() > 0; }));
  const int best = retrieve->queries()->model()->index(0, QueriesModel::Best).data().toInt();
  EXPECT_GE(best, 1);
  ASSERT_TRUE(soon([&] { return !retrieve->ranks().isEmpty(); }));
  EXPECT_FALSE(retrieve->metrics().isEmpty());
}

TEST_F(Trained, EverythingHasANameATableAndAPlaceInTheRegistry) {
  const auto made = window();
  ASSERT_TRUE(made->openWorkspace(text(workspace_)));
  const auto& panes = *made->findChild<RunPanes*>();
  ASSERT_TRUE(soon([&] { return !panes.plots()->cards().isEmpty(); }));
  QStringList wrong;
  for (Perspective* perspective : made->perspectives()) {
    if (perspective->panes().empty()) continue;
    made->showPerspective(perspective->identifier());
    ASSERT_TRUE(read(*made));
    for (Pane* pane : perspective->panes()) {
      made->showPane(pane->identifier());
      QTest::qWait(100);
      EXPECT_FALSE(pane->isShowingEmpty()) << pane->identifier().toStdString();
      wrong << testing::namesTwice(pane);
    }
    wrong << testing::foreignActions(perspective, made->actions());
  }
  wrong << testing::unnamedControls(made.get()) << testing::chartsWithoutTable(made.get());
  wrong << testing::foreignActions(made.get(), made->actions());
  wrong.removeDuplicates();
  EXPECT_EQ(wrong.join(QLatin1Char('\n')).toStdString(), "");
}

TEST_F(Trained, EveryPictureOfTheTourShowsSomethingElse) {
  const auto made = window();
  ASSERT_TRUE(made->openWorkspace(text(workspace_)));
  Tour tour(*made, text(folder_ / "tour"));
  QSignalSpy finished(&tour, &Tour::finished);
  tour.start();
  ASSERT_TRUE(finished.wait(120'000));
  EXPECT_TRUE(finished[0][0].toBool());
  EXPECT_GE(tour.pictures().size(), 18);
  std::vector<QImage> seen;
  for (const QString& file : tour.pictures()) {
    const QImage picture = QImage(file).convertToFormat(QImage::Format_RGB32);
    std::set<QRgb> colours;
    for (int y = 0; y < picture.height(); y += 2) {
      for (int x = 0; x < picture.width(); x += 2) colours.insert(picture.pixel(x, y));
    }
    EXPECT_GT(colours.size(), 60u) << file.toStdString() << " is blank";
    for (const QImage& other : seen) EXPECT_NE(picture, other) << file.toStdString();
    seen.push_back(picture);
  }
  for (const char* name : {"_train.png", "plots-alone", "run-events", "_review", "_retrieve", "_adapters", "palette"}) {
    EXPECT_TRUE(tour.pictures().join(QLatin1Char(' ')).contains(QLatin1String(name))) << name;
  }
  EXPECT_FALSE(qobject_cast<ConfigurePane*>(made->pane(QStringLiteral("configure")))->isDirty());
}

TEST_F(Trained, EachWorkspaceIsServedItsOwnModel) {
  const fs::path other = folder_ / "others";
  copyTrainedWorkspace(other);
  const fs::path renamed = other / "runs/2026-01-01_00-00-00_another";
  fs::rename(runOf(other), renamed);
  const auto made = window();
  auto& server = *made->findChild<ModelServer*>();
  QAction* load = made->actions().action(QStringLiteral("model.load"));
  QAction* unload = made->actions().action(QStringLiteral("model.unload"));
  const auto served = [&] { return fs::path(server.description().value("run", "")).filename(); };
  ASSERT_TRUE(made->openWorkspace(text(workspace_)));
  ASSERT_TRUE(soon([&] { return load->isEnabled(); }));
  EXPECT_FALSE(unload->isEnabled());
  load->trigger();
  ASSERT_TRUE(soon([&] { return server.isReady(); })) << server.problem().toStdString();
  EXPECT_EQ(served(), runOf(workspace_).filename());
  EXPECT_TRUE(unload->isEnabled());

  const int notices = made->notices().rowCount();
  ASSERT_TRUE(made->openWorkspace(text(other)));
  EXPECT_EQ(server.state(), ModelLink::State::Off);
  EXPECT_EQ(made->notices().rowCount(), notices) << made->notices().notices().front().oneLine().toStdString();
  ASSERT_TRUE(soon([&] { return load->isEnabled(); }));
  load->trigger();
  ASSERT_TRUE(soon([&] { return server.isReady(); })) << server.problem().toStdString();
  EXPECT_EQ(served(), renamed.filename());
  unload->trigger();
  EXPECT_EQ(server.state(), ModelLink::State::Off);
}

TEST_F(Trained, WhatIsDroppedOnAnEmptyWindowOpensItsWorkspaceAndIsShown) {
  fs::path file;
  for (const auto& entry : fs::recursive_directory_iterator(workspace_ / "data/clips")) {
    if (entry.is_regular_file()) file = std::max(file, entry.path());
  }
  {
    const auto made = window();
    drop(*made, file);
    ASSERT_TRUE(made->workspace());
    Pane* clips = made->pane(QStringLiteral("clips"));
    ASSERT_TRUE(clips);
    ASSERT_TRUE(soon([&] { return desk(*made).currentClip() && desk(*made).currentClip()->path == file; }));
    EXPECT_TRUE(clips->isVisible());
    EXPECT_FALSE(clips->isShowingEmpty());
    EXPECT_FALSE(desk(*made).currentClip()->report.empty());  // the one of the table, not a stranger
  }
  {
    const auto made = window();
    drop(*made, runOf(workspace_));
    const auto& panes = *made->findChild<RunPanes*>();
    EXPECT_TRUE(soon([&] { return panes.runs()->current() == runOf(workspace_); }));
    EXPECT_TRUE(panes.runs()->isVisible());
  }
  {
    const auto made = window();
    drop(*made, workspace_ / "configs/echo_text.yaml");
    const auto* configure = qobject_cast<ConfigurePane*>(made->pane(QStringLiteral("configure")));
    EXPECT_TRUE(configure->isVisible());
    EXPECT_EQ(configure->file(), text(workspace_ / "configs/echo_text.yaml"));
  }
  // A folder of pictures is a clip too; what lies in no workspace is said.
  const auto made = window();
  const fs::path stack = folder_ / "stack";
  fs::create_directories(stack);
  QImage picture(64, 48, QImage::Format_Grayscale8);
  picture.fill(90);
  ASSERT_TRUE(picture.save(text(stack / "frame_0.png")) && picture.save(text(stack / "frame_1.png")));
  drop(*made, stack);
  ASSERT_EQ(made->notices().rowCount(), 1);
  EXPECT_TRUE(made->notices().notices().front().what.contains(QStringLiteral("workspace")));
  ASSERT_TRUE(made->openWorkspace(text(workspace_)));
  drop(*made, stack);
  EXPECT_TRUE(soon([&] { return desk(*made).currentClip() && desk(*made).currentClip()->path == stack; }));
  EXPECT_EQ(made->notices().rowCount(), 1);
}

TEST_F(Trained, AKilledWindowLosesNothingThatWasTyped) {
  const fs::path session = workspace_ / ".counterpoint/session.json";
  const auto configureOf = [](MainWindow& window) {
    return qobject_cast<ConfigurePane*>(window.pane(QStringLiteral("configure")));
  };
  const auto made = window();
  ASSERT_TRUE(made->openWorkspace(text(workspace_)));
  configureOf(*made)->editor()->append(QStringLiteral("# typed and not saved\n"));
  const auto kept = [&] {
    std::error_code error;
    return fs::exists(session, error) && readFile(session).find("typed and not saved") != std::string::npos;
  };
  ASSERT_TRUE(QTest::qWaitFor(kept, 5000));
  // As after SIGKILL: what is on disk now, with nobody to say more.
  const fs::path copy = folder_ / "copy";
  std::string lost = readFile(session);
  copyTrainedWorkspace(copy);
  fs::create_directories(copy / ".counterpoint");
  for (std::size_t at = lost.find(workspace_.string()); at != std::string::npos;
       at = lost.find(workspace_.string(), at)) {
    lost.replace(at, workspace_.string().size(), copy.string());
  }
  writeFileAtomically(copy / ".counterpoint/session.json", lost);
  const auto next = window();
  ASSERT_TRUE(next->openWorkspace(text(copy)));
  EXPECT_TRUE(configureOf(*next)->isDirty());
  EXPECT_NE(configureOf(*next)->editor()->bytes().find("typed and not saved"), std::string::npos);
  EXPECT_EQ(readFile(copy / "configs/echo_text.yaml").find("typed and not saved"), std::string::npos);
  ASSERT_EQ(next->notices().rowCount(), 1);
  EXPECT_TRUE(next->notices().notices().front().what.contains(QStringLiteral("not saved")));
}

TEST_F(Trained, AWorkspaceWithoutARunOffersToTrainItsConfig) {
  fs::remove_all(workspace_ / "runs");
  const auto made = window();
  ASSERT_TRUE(made->openWorkspace(text(workspace_)));
  const auto& panes = *made->findChild<RunPanes*>();
  EXPECT_EQ(panes.runs()->emptyState()->button()->text(), "Train, about 3 min");
  EXPECT_EQ(panes.plots()->emptyState()->button()->text(), "Train, about 3 min");
  auto* configure = qobject_cast<ConfigurePane*>(made->pane(QStringLiteral("configure")));
  QSignalSpy launched(configure, &ConfigurePane::launchRequested);
  configure->disconnect(SIGNAL(launchRequested(QString, int, QStringList, QStringList)), made.get());  // not a training of minutes
  panes.runs()->emptyState()->button()->click();
  ASSERT_EQ(launched.count(), 1);
  EXPECT_EQ(launched[0][0].toString(), text(workspace_ / "configs/echo_text.yaml"));
}

}  // namespace
}  // namespace counterpoint
