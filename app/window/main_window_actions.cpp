// SPDX-License-Identifier: GPL-3.0-or-later
// The actions that belong to the window itself, its menu, the probe of the rank program, and dropped files.
#include "app/window/main_window.h"
#include "app/window/welcome_page.h"
#include "app/window/worker_process.h"
#include "core/base/error.h"
#include "core/jobs/rank_program.h"
#include "core/media/clip.h"
#include "widgets/common/command_palette.h"

#include <QApplication>
#include <QDir>
#include <QDirIterator>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QFutureWatcher>
#include <QMenu>
#include <QMimeData>
#include <QtConcurrent>
#include <QToolButton>

namespace counterpoint {
namespace {

constexpr int kSampleTickMilliseconds = 400;
// Walks the whole tree: not for the event loop.
int countClips(const QString& folder) {
  int count = 0;
  for (QDirIterator file(folder, {QStringLiteral("*.mp4")}, QDir::Files, QDirIterator::Subdirectories); file.hasNext();
       file.next()) {
    ++count;
  }
  return count;
}

}  // namespace

void MainWindow::registerActions() {
  const QString view = tr("View"), file = tr("Workspace"), help = tr("Help");
  const auto hasWorkspace = [this] { return session_ != nullptr; };
  int number = 1;
  for (Perspective* perspective : perspectives_) {
    const QString identifier = perspective->identifier();
    actions_.add({QStringLiteral("view.%1").arg(identifier), perspective->title(), view,
                  QStringLiteral("Ctrl+%1").arg(number++), perspective->iconName(),
                  tr("Perspective %1").arg(perspective->title()), tr("Go to %1").arg(perspective->title()), true,
                  [this, identifier] { showPerspective(identifier); },
                  [this, perspective] { return session_ != nullptr && !perspective->panes().empty(); }});
  }
  actions_.add({QStringLiteral("workspace.open"),
                tr("Open a workspace…"),
                file,
                QStringLiteral("Ctrl+O"),
                QStringLiteral("open"),
                {},
                tr("A folder with counterpoint.yaml"),
                false,
                [this] { chooseWorkspace(); }});
  actions_.add({QStringLiteral("workspace.sample"),
                tr("Make and open the sample workspace"),
                file,
                {},
                QStringLiteral("sample"),
                {},
                tr("Synthetic studies with known answers, made on this machine"),
                false,
                [this] { chooseSampleFolder(); },
                [this] { return !sample_; }});
  actions_.add({QStringLiteral("workspace.close"),
                tr("Close the workspace"),
                file,
                QStringLiteral("Ctrl+Shift+W"),
                QStringLiteral("close"),
                {},
                {},
                false,
                [this] { closeWorkspace(); },
                hasWorkspace});
  actions_.add({QStringLiteral("workspace.quit"),
                tr("Quit"),
                file,
                QStringLiteral("Ctrl+Q"),
                {},
                {},
                tr("Close the window; runs go on"),
                false,
                [this] { close(); }});
  actions_.add({QStringLiteral("view.reset"),
                tr("Reset the layout"),
                view,
                {},
                QStringLiteral("reset"),
                {},
                tr("Put the panes of this perspective back where they were"),
                false,
                [this] {
                  for (Perspective* perspective : perspectives_) {
                    if (perspective->isVisible()) perspective->resetLayout();
                  }
                },
                hasWorkspace});
  for (const QString& name : Theme::names()) {
    actions_.add({QStringLiteral("view.theme.%1").arg(QString(name).replace(QLatin1Char(' '), QLatin1Char('_'))),
                  tr("Theme: %1").arg(name),
                  tr("Look"),
                  {},
                  QStringLiteral("theme"),
                  {},
                  name == QLatin1String("system") ? tr("Follow the desktop") : QString(),
                  false,
                  [this, name] { setTheme(name); }});
  }
  for (const int percent : {100, 125, 150, 200}) {
    actions_.add({QStringLiteral("view.scale.%1").arg(percent),
                  tr("Scale: %1 %").arg(percent),
                  tr("Look"),
                  {},
                  {},
                  {},
                  tr("Size of everything; takes effect at the next start"),
                  false,
                  [this, percent] {
                    preferences_.setScale(percent / 100.0);
                    notify({Severity::Info, tr("The scale changes when the window is opened again"), {}, {}});
                  }});
  }
  actions_.add({QStringLiteral("help.palette"),
                tr("Command palette"),
                help,
                QStringLiteral("Ctrl+Shift+P"),
                QStringLiteral("palette"),
                {},
                tr("Find any command by its words"),
                false,
                [this] {
                  auto* palette = new CommandPalette(actions_, preferences_.recentCommands(), this);
                  connect(palette, &CommandPalette::triggered, this,
                          [this](const QString& id) { preferences_.addRecentCommand(id); });
                  palette->show();
                }});
  actions_.add({QStringLiteral("help.keys"),
                tr("Keys"),
                help,
                QStringLiteral("F1"),
                QStringLiteral("keyboard"),
                {},
                tr("Every key on one sheet"),
                false,
                [this] { (new ShortcutSheet(actions_, this))->show(); }});
  actions_.add({QStringLiteral("help.notices"),
                tr("All notices"),
                help,
                {},
                QStringLiteral("bell"),
                {},
                tr("What was said since the window opened"),
                false,
                [this] { showNotices(); }});
  actions_.add({QStringLiteral("help.menu"),
                tr("Main menu"),
                help,
                QStringLiteral("F10"),
                QStringLiteral("more"),
                {},
                tr("Open the main menu"),
                false,
                [this] {
                  if (auto* button = findChild<QToolButton*>(QStringLiteral("mainMenu"))) button->showMenu();
                }});
}

void MainWindow::rebuildMenu() {
  actions_.refresh();
  menu_->clear();
  for (const QString& category : actions_.categories()) {
    QMenu* sub = menu_->addMenu(category);
    for (const ActionSpec& spec : actions_.specs()) {
      if (spec.category == category) sub->addAction(actions_.action(spec.id));
    }
  }
}

void MainWindow::chooseWorkspace() {
  const QString folder = QFileDialog::getExistingDirectory(this, tr("Open a workspace"), QDir::homePath());
  if (!folder.isEmpty()) openWorkspace(folder);
}

void MainWindow::chooseSampleFolder() {
  const QString start = QDir::homePath() + QStringLiteral("/counterpoint-sample");
  if (QFileInfo::exists(start + QStringLiteral("/counterpoint.yaml"))) {
    openWorkspace(start);
    return;
  }
  makeSample(start);
}

void MainWindow::makeSample(const QString& folder) {
  if (sample_) return;
  showWelcome();
  welcome_->setSampleProgress(0);
  sample_ = new WorkerProcess(this);
  auto* counting = new QFutureWatcher<int>(sample_);
  connect(counting, &QFutureWatcher<int>::finished, this,
          [this, counting] { welcome_->setSampleProgress(counting->result()); });
  connect(&sampleTimer_, &QTimer::timeout, counting, [counting, folder] {
    if (!counting->isRunning()) counting->setFuture(QtConcurrent::run(countClips, folder));
  });
  connect(sample_, &WorkerProcess::finished, this, [this, folder](int status, const QString&, const QString& problem) {
    sampleTimer_.stop();
    qDeleteAll(sample_->findChildren<QFutureWatcher<int>*>());
    welcome_->setSampleProgress(-1);
    sample_->deleteLater();
    sample_ = nullptr;
    actions_.refresh();
    if (status == 0) {
      openWorkspace(folder);
    } else {
      notify({Severity::Bad, tr("The sample workspace could not be made: %1").arg(problem), folder, {}});
    }
  });
  sampleTimer_.start(kSampleTickMilliseconds);
  actions_.refresh();
  sample_->start(workerProgram(), {QStringLiteral("sample"), folder});
}

bool MainWindow::openPath(const QString& path) {
  const QFileInfo info(path);
  const QString full = info.absoluteFilePath();
  const auto refuse = [&](Severity severity, const QString& what, const QString& cure = {}) {
    notify({severity, what, full, cure});
    return false;
  };
  if (!info.exists()) return refuse(Severity::Bad, tr("does not exist"));
  const QDir folder(full);
  if (info.fileName() == QLatin1String("counterpoint.yaml")) return openWorkspace(info.absolutePath());
  if (info.isDir() && folder.exists(QStringLiteral("counterpoint.yaml"))) return openWorkspace(full);

  const QStringList configs = {QStringLiteral("yaml"), QStringLiteral("yml")};
  const bool config = info.isFile() && configs.contains(info.suffix(), Qt::CaseInsensitive);
  const bool run =
      info.isDir() && (folder.exists(QStringLiteral("status.json")) || folder.exists(QStringLiteral("events.jsonl")));
  if (!config && !run && !looksLikeClip(full.toStdString())) {
    return refuse(
        Severity::Warning, tr("is nothing that can be opened here"),
        tr("Open a workspace, a run folder, a config, or a clip: a video, an array or a folder of pictures."));
  }
  if (!session_) {
    try {
      const auto above = Workspace::find(full.toStdString());
      if (!above) {
        return refuse(Severity::Warning, tr("lies in no workspace, and none is open"), tr("Open a workspace first."));
      }
      if (!openWorkspace(QString::fromStdString(above->root.string()))) return false;
    } catch (const std::exception& error) {
      notify(Notice::of(error));
      return false;
    }
  }
  if (run) {
    emit runOpenRequested(full);
  } else if (config) {
    emit configOpenRequested(full);
  } else {
    emit clipOpenRequested(full);
  }
  return true;
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  for (const QUrl& url : event->mimeData()->urls()) {
    if (url.isLocalFile()) openPath(url.toLocalFile());
  }
  event->acceptProposedAction();
}

void MainWindow::probeRankProgram() {
  const QString cure = QString::fromLatin1(kSetUpCure);
  const QString program = rankProgramPath();
  const auto tell = [this, cure](const QString& what, const QString& where) {
    notify({Severity::Warning, what, where, cure});
    welcome_->setHint(tr("%1. Everything but training and models works. %2").arg(what, cure));
  };
  if (!QFileInfo(program).isExecutable()) {
    tell(tr("The program that trains, counterpoint-rank, is not there"), program);
    return;
  }
  auto* probe = new WorkerProcess(this);
  connect(probe, &WorkerProcess::finished, this,
          [probe, tell, program](int status, const QString& output, const QString& problem) {
            probe->deleteLater();
            const QString version = QCoreApplication::applicationVersion();
            if (status != 0) {
              tell(MainWindow::tr("counterpoint-rank does not start: %1").arg(problem), program);
            } else if (!output.contains(version)) {
              tell(MainWindow::tr("counterpoint-rank is version %1, this window is %2").arg(output.trimmed(), version),
                   program);
            }
          });
  probe->start(program, {QStringLiteral("--version")});
}

}  // namespace counterpoint
