// SPDX-License-Identifier: GPL-3.0-or-later
// Runs, their details and the plots.
#include "app/window/assembly.h"
#include "app/window/main_window.h"
#include "app/window/run_panes.h"

namespace counterpoint {

namespace {

const QString kTrain = QStringLiteral("configure.train");

}  // namespace

void trainOrChoose(MainWindow& window) {
  if (QAction* train = window.actions().action(kTrain); train->isEnabled()) {
    train->trigger();
  } else {
    window.showPane(QStringLiteral("configure"));
  }
}

void assembleRuns(MainWindow& window) {
  auto* runs = new RunPanes(&window);
  const QString room = QStringLiteral("train");
  window.addPane(room, runs->runs(), PanePlace::Right, 0.35);
  window.addPane(room, runs->plots(), PanePlace::Bottom, 0.52);
  window.addPane(room, runs->details(), PanePlace::Bottom, 0.52, true);
  QObject::connect(&window, &MainWindow::workspaceOpened, runs, [&window, runs](const Workspace& workspace) {
    runs->setWorkspace(workspace.root, workspace.runs);
    window.actions().refresh();
    // The sample's own config was timed on two cores.
    const bool train = window.actions().action(kTrain)->isEnabled();
    runs->setTrainOffer(!train                ? QObject::tr("Choose a config")
                        : workspace.synthetic ? QObject::tr("Train, about 3 min")
                                              : QObject::tr("Train"));
  });
  QObject::connect(&window, &MainWindow::workspaceClosed, runs, [runs] { runs->setWorkspace({}, {}); });
  QObject::connect(&window, &MainWindow::runOpenRequested, runs, [&window, runs](const QString& folder) {
    window.showPane(QStringLiteral("runs"));
    runs->openRun(folder);
  });
  QObject::connect(runs, &RunPanes::runStatusChanged, &window,
                   [&window](const QString& text) { window.setRunStatus(text); });
  QObject::connect(runs, &RunPanes::noticed, &window, [&window](const Notice& notice) { window.notify(notice); });
  QObject::connect(runs, &RunPanes::launchRequested, &window,
                   [&window] { window.showPane(QStringLiteral("configure")); });
  QObject::connect(runs, &RunPanes::compareRequested, &window, &MainWindow::configsCompareRequested);
  QObject::connect(runs, &RunPanes::trainRequested, &window, [&window] { trainOrChoose(window); });
  QObject::connect(runs, &RunPanes::runsRequested, &window, [&window] { window.showPane(QStringLiteral("runs")); });
  QObject::connect(runs, &RunPanes::detailsRequested, &window,
                   [&window] { window.showPane(QStringLiteral("run_details")); });
}

}  // namespace counterpoint
