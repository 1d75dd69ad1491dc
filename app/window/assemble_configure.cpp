// SPDX-License-Identifier: GPL-3.0-or-later
// Configure: its roots, devices and Launch.
#include "app/window/assembly.h"
#include "app/window/devices.h"
#include "app/window/main_window.h"
#include "app/window/worker_process.h"
#include "core/config/lookup.h"
#include "widgets/configure/configure_pane.h"

#include <QFutureWatcher>
#include <QtConcurrent>

namespace counterpoint {
namespace {

constexpr int kDevicesMilliseconds = 5000;

std::vector<ConfigRoot> rootsOf(const Workspace& workspace) {
  std::vector<ConfigRoot> roots = {{QObject::tr("Workspace"), workspace.configs, true}};
  if (const auto own = ownConfigs(); !own.empty()) roots.push_back({QObject::tr("Ready-made"), own, false});
  return roots;
}

QStringList launchArguments(const QString& file, int ranks, const QStringList& devices) {
  QStringList arguments = {QStringLiteral("launch"), QStringLiteral("--detach"), QStringLiteral("--ranks"),
                           QString::number(ranks)};
  if (!devices.isEmpty()) arguments << QStringLiteral("--devices") << devices.join(QLatin1Char(','));
  return arguments << file;
}

// Free memory changes: asked again every few seconds while a workspace is open, never on the event loop.
void watchDevices(MainWindow& window, ConfigurePane* pane) {
  auto* watcher = new QFutureWatcher<DeviceList>(&window);
  auto* timer = new QTimer(&window);
  QObject::connect(watcher, &QFutureWatcher<DeviceList>::finished, pane, [pane, watcher, timer] {
    const DeviceList devices = watcher->result();
    if (devices.gpus.empty()) timer->stop();
    if (pane->launchBar()) pane->setDevices(devices);
  });
  const auto ask = [watcher] {
    if (!watcher->isRunning()) watcher->setFuture(QtConcurrent::run(queryDevices));
  };
  QObject::connect(timer, &QTimer::timeout, watcher, ask);
  QObject::connect(
      &window, &MainWindow::firstPainted, timer,
      [timer, ask] {
        ask();
        timer->start(kDevicesMilliseconds);
      },
      Qt::QueuedConnection);
}

}  // namespace

void assembleConfigure(MainWindow& window) {
  auto* pane = new ConfigurePane;
  window.addPane(QStringLiteral("train"), pane, PanePlace::Centre);
  QObject::connect(&window, &MainWindow::workspaceOpened, pane,
                   [pane](const Workspace& workspace) { pane->setRoots(rootsOf(workspace)); });
  QObject::connect(&window, &MainWindow::workspaceClosed, pane, [pane] {
    pane->closeFile();
    pane->setRoots({});
  });
  QObject::connect(&window, &MainWindow::configOpenRequested, pane, [&window, pane](const QString& file) {
    if (pane->open(file)) window.showPane(pane->identifier());
  });
  QObject::connect(pane, &ConfigurePane::fileChanged, &window, [&window] { window.actions().refresh(); });
  QObject::connect(pane, &ConfigurePane::launchRequested, &window,
                   [&window](const QString& file, int ranks, const QStringList& devices) {
                     // The launcher detaches itself: this child ends as soon as the run stands, or says why not.
                     auto* launcher = new WorkerProcess(&window);
                     QObject::connect(
                         launcher, &WorkerProcess::finished, &window,
                         [&window, launcher, file](int status, const QString& output, const QString& problem) {
                           launcher->deleteLater();
                           if (status == 0) {
                             window.notify({Severity::Good, QObject::tr("Launched"), file, {}});
                             emit window.runOpenRequested(output.trimmed().section(QLatin1Char('\n'), -1));
                           } else {
                             window.notify({Severity::Bad, problem, {}, {}});
                           }
                         });
                     launcher->start(workerProgram(), launchArguments(file, ranks, devices), window.workspacePath());
                   });
  watchDevices(window, pane);
}

}  // namespace counterpoint
