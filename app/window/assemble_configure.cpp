// SPDX-License-Identifier: GPL-3.0-or-later
// Configure: its roots, devices and Launch.
#include "app/window/assembly.h"
#include "app/window/devices.h"
#include "app/window/main_window.h"
#include "app/window/worker_process.h"
#include "core/config/lookup.h"
#include "widgets/configure/configure_pane.h"

#include <QDateTime>
#include <QDir>
#include <QFutureWatcher>
#include <QLocale>
#include <QtConcurrent>

#include <functional>

namespace counterpoint {
namespace {

constexpr int kDevicesMilliseconds = 5000;

std::vector<ConfigRoot> rootsOf(const Workspace& workspace) {
  std::vector<ConfigRoot> roots = {{QObject::tr("Workspace"), workspace.configs, true}};
  if (const auto own = ownConfigs(); !own.empty()) roots.push_back({QObject::tr("Ready-made"), own, false});
  return roots;
}

QStringList ranksAndDevices(int ranks, const QStringList& devices) {
  QStringList arguments = {QStringLiteral("--ranks"), QString::number(ranks)};
  if (!devices.isEmpty()) arguments << QStringLiteral("--devices") << devices.join(QLatin1Char(','));
  return arguments;
}

// What it starts detaches itself: this child ends as soon as that stands, or says why not. Its last line names the
// folder.
void startWorker(MainWindow& window, const QStringList& arguments, std::function<void(const QString& folder)> started) {
  auto* worker = new WorkerProcess(&window);
  QObject::connect(worker, &WorkerProcess::finished, &window,
                   [&window, worker, started](int status, const QString& output, const QString& problem) {
                     worker->deleteLater();
                     if (status == 0) {
                       started(output.trimmed().section(QLatin1Char('\n'), -1));
                     } else {
                       window.notify({Severity::Bad, problem, {}, {}});
                     }
                   });
  worker->start(workerProgram(), arguments, window.workspacePath());
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

// One question a file that was typed in when a window did not end; each waits for its own answer.
void askAboutDrafts(MainWindow& window, ConfigurePane* pane) {
  const QString mark = QStringLiteral("draft:");
  for (const QString& id : window.questions().asked()) {
    const auto held = pane->heldDrafts().find(id.mid(mark.size()));
    if (id.startsWith(mark) && (held == pane->heldDrafts().end() || held->second.skipped)) {
      window.questions().withdraw(id);
    }
  }
  for (const auto& [file, draft] : pane->heldDrafts()) {
    if (draft.skipped || window.questions().asked().contains(mark + file)) continue;
    const QString time = QLocale().toString(QDateTime::fromSecsSinceEpoch(draft.time), QLocale::ShortFormat);
    const QString name = QDir(window.workspacePath()).relativeFilePath(file);
    window.questions().ask(
        {mark + file,
         QObject::tr("%1 was changed and not saved when the window ended badly; last typed %2.").arg(name, time),
         {{QObject::tr("Recover"), QObject::tr("Open it with what was typed; undo gives what is saved"),
           [pane, &window, file = file] {
             if (pane->recoverDraft(file)) window.showPane(pane->identifier());
           }},
          {QObject::tr("Open saved"), QObject::tr("Throw away what was typed and open what is saved"),
           [pane, &window, file = file] {
             pane->dropDraft(file);
             window.showPane(pane->identifier());
           }},
          {QObject::tr("Skip"), QObject::tr("Keep what was typed, and do not ask again before you want it"),
           [pane, file = file] { pane->skipDraft(file); }}}});
  }
  window.actions().refresh();
}

}  // namespace

void assembleConfigure(MainWindow& window) {
  auto* pane = new ConfigurePane;
  window.addPane(QStringLiteral("train"), pane, PanePlace::Centre);
  QObject::connect(&window, &MainWindow::workspaceOpened, pane, [&window, pane](const Workspace& workspace) {
    pane->setRoots(rootsOf(workspace));
    pane->holdDrafts(window.asksAboutUnsaved());
  });
  QObject::connect(pane, &ConfigurePane::heldDraftsChanged, &window, [&window, pane] { askAboutDrafts(window, pane); });
  pane->setPreferredDevices(window.preferences().devices());
  QObject::connect(&window, &MainWindow::devicePreferenceChanged, pane,
                   [&window, pane] { pane->setPreferredDevices(window.preferences().devices()); });
  QObject::connect(&window, &MainWindow::workspaceClosed, pane, [pane] {
    pane->closeFile();
    pane->setRoots({});
  });
  QObject::connect(&window, &MainWindow::configOpenRequested, pane, [&window, pane](const QString& file) {
    if (pane->open(file)) window.showPane(pane->identifier());
  });
  QObject::connect(&window, &MainWindow::configsCompareRequested, pane, [&window, pane](const QStringList& runs) {
    window.showPane(pane->identifier());
    pane->compareWith(runs);
  });
  QObject::connect(pane, &ConfigurePane::fileChanged, &window, [&window](const QString& file) {
    window.actions().refresh();
    if (file.startsWith(window.workspacePath() + QLatin1Char('/'))) window.recent().add(RecentKind::Config, file);
  });
  QObject::connect(pane, &ConfigurePane::launchRequested, &window,
                   [&window](const QString& file, int ranks, const QStringList& devices, const QStringList& overrides) {
                     startWorker(window,
                                 QStringList{QStringLiteral("launch"), QStringLiteral("--detach")} +
                                     ranksAndDevices(ranks, devices) + QStringList{file} + overrides,
                                 [&window, file](const QString& run) {
                                   window.notify({Severity::Good, QObject::tr("Launched"), file, {}});
                                   emit window.runOpenRequested(run);
                                 });
                   });
  QObject::connect(pane, &ConfigurePane::sweepRequested, &window,
                   [&window](const QString& file, const QStringList& overrides, int ranks, const QStringList& devices) {
                     startWorker(
                         window,
                         QStringList{QStringLiteral("sweep"), QStringLiteral("start"), QStringLiteral("--detach")} +
                             ranksAndDevices(ranks, devices) + QStringList{file} + overrides,
                         [&window](const QString& folder) {
                           window.notify({Severity::Good, QObject::tr("Sweep started"), folder,
                                          QObject::tr("Its runs come one after the other.")});
                         });
                   });
  watchDevices(window, pane);
}

}  // namespace counterpoint
