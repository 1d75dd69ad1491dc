// SPDX-License-Identifier: GPL-3.0-or-later
// Runs, their details and the plots.
#include "app/window/assembly.h"
#include "app/window/main_window.h"
#include "app/window/run_panes.h"

namespace counterpoint {

void assembleRuns(MainWindow& window) {
  auto* runs = new RunPanes(&window);
  const QString room = QStringLiteral("train");
  window.addPane(room, runs->runs(), PanePlace::Right, 0.32);
  window.addPane(room, runs->plots(), PanePlace::Bottom, 0.52);
  window.addPane(room, runs->details(), PanePlace::Bottom, 0.52, true);
  QObject::connect(&window, &MainWindow::workspaceOpened, runs,
                   [runs](const Workspace& workspace) { runs->setWorkspace(workspace.root, workspace.runs); });
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
  QObject::connect(runs, &RunPanes::runsRequested, &window, [&window] { window.showPane(QStringLiteral("runs")); });
  QObject::connect(runs, &RunPanes::detailsRequested, &window,
                   [&window] { window.showPane(QStringLiteral("run_details")); });
}

}  // namespace counterpoint
