// SPDX-License-Identifier: GPL-3.0-or-later
// The actions that belong to the window itself, its menu, and paths that are chosen or dropped.
#include "app/window/main_window.h"
#include "app/window/welcome_page.h"
#include "app/window/worker_process.h"
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
#include <QProcess>
#include <QtConcurrent>
#include <QToolButton>

#include <filesystem>
#include <optional>
#include <utility>

namespace counterpoint {
namespace {

constexpr int kSampleTickMilliseconds = 400, kMostLetters = 64;

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
  actions_.add({QStringLiteral("workspace.own"),
                tr("New workspace from my folder…"),
                file,
                QStringLiteral("Ctrl+Shift+N"),
                QStringLiteral("import"),
                {},
                tr("Your own clips: map their columns, look at splits, and train"),
                false,
                [this] { showNewWorkspace(); }});
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
  actions_.add({QStringLiteral("recent.clean"),
                tr("Remove recent items that are no longer there"),
                tr("Recent"),
                {},
                QStringLiteral("delete"),
                {},
                {},
                false,
                [this] { recent_.removeBroken(); },
                [this] { return recent_.broken() > 0; }});
  actions_.add({QStringLiteral("workspace.preferences"), tr("Preferences…"), file, QStringLiteral("Ctrl+,"),
                QStringLiteral("configure"), tr("Preferences"), tr("Theme, scale, keys, LibTorch's place, devices"),
                false, [this] { showPreferences(); }});
  actions_.add({QStringLiteral("workspace.again"),
                tr("Open the window again"),
                file,
                {},
                QStringLiteral("refresh"),
                {},
                tr("Closes it and opens it on the same workspace; runs go on"),
                false,
                [this] { openAgain(false); }});
  actions_.add({QStringLiteral("workspace.safe"),
                tr("Open the window again in safe mode"),
                file,
                {},
                QStringLiteral("warning"),
                {},
                tr("Without preferences and without what is kept of sessions"),
                false,
                [this] { openAgain(true); },
                [this] { return !preferences_.isSafe(); }});
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
  actions_.add({QStringLiteral("view.reset_all"),
                tr("Reset all layouts"),
                view,
                {},
                QStringLiteral("reset"),
                {},
                tr("Put the panes of every perspective back where they were"),
                false,
                [this] {
                  for (Perspective* perspective : perspectives_) perspective->resetLayout();
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
  for (const int percent : {100, 125, 150, 175, 200, 250, 300}) {
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
                    notify({Severity::Info,
                            tr("The scale changes when the window is opened again"),
                            {},
                            tr("“Open the window again” does that now.")});
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
  actions_.add({QStringLiteral("help.about"),
                tr("About Counterpoint"),
                help,
                {},
                QStringLiteral("info"),
                {},
                tr("Versions, and a report for when something is wrong"),
                false,
                [this] { showAbout(); }});
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

void MainWindow::offerRecent() {
  for (const QString& id : std::exchange(recentActions_, {})) actions_.remove(id);
  const struct {
    const char *word, *icon;
  } kinds[] = {{"workspace", "workspace"}, {"run", "runs"}, {"config", "configure"}};
  int number = 0;
  for (const RecentItem& item : recent_.items()) {
    const auto& kind = kinds[static_cast<int>(item.kind)];
    QString shown = homeShort(item.path);
    if (shown.size() > kMostLetters) shown = QStringLiteral("…") + shown.last(kMostLetters);
    ActionSpec spec;
    spec.id = QStringLiteral("recent.%1.%2").arg(QLatin1String(kind.word)).arg(++number);
    spec.text = item.there ? tr("Open %1").arg(shown) : tr("Remove %1 (no longer there)").arg(shown);
    spec.category = tr("Recent");
    spec.icon = item.there ? QString::fromLatin1(kind.icon) : QStringLiteral("warning");
    spec.help = item.path;
    spec.passing = true;
    spec.run = [this, item] {
      if (item.there) {
        requestPath(item.path);
      } else {
        recent_.remove(item.kind, item.path);
      }
    };
    recentActions_ << spec.id;
    actions_.add(std::move(spec));
  }
  welcome_->setRecent(recent_.items());
  actions_.refresh();
}

void MainWindow::rebuildMenu() {
  actions_.refresh();
  recent_.look();  // for the next time
  for (QMenu* sub : menu_->findChildren<QMenu*>(Qt::FindDirectChildrenOnly)) delete sub;
  menu_->clear();
  QMenu* recent = nullptr;
  for (const QString& category : actions_.categories()) {
    // The recent ones stand below “Open a workspace…”; each kind apart.
    const bool isRecent = category == tr("Recent");
    QMenu* sub = isRecent && recent ? recent : menu_->addMenu(category);
    QString kind;
    for (const ActionSpec& spec : actions_.specs()) {
      if (spec.category != category) continue;
      const QString now = spec.id.section(QLatin1Char('.'), 0, 1);
      if (isRecent && !kind.isEmpty() && now != kind) sub->addSeparator();
      kind = now;
      sub->addAction(actions_.action(spec.id));
      if (spec.id == QLatin1String("workspace.open")) recent = sub->addMenu(tr("Recent"));
    }
  }
}

void MainWindow::chooseWorkspace() {
  const QString folder = QFileDialog::getExistingDirectory(this, tr("Open a workspace"), QDir::homePath());
  if (!folder.isEmpty()) requestPath(folder);
}

void MainWindow::chooseSampleFolder() {
  const QString start = QDir::homePath() + QStringLiteral("/counterpoint-sample");
  if (QFileInfo::exists(start + QStringLiteral("/counterpoint.yaml"))) {
    requestPath(start);
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
      requestPath(folder);
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

  // Somebody's table of clips becomes a workspace first.
  if (info.isFile() && QStringList{QStringLiteral("csv"), QStringLiteral("tsv")}.contains(info.suffix().toLower())) {
    showNewWorkspace(full);
    return true;
  }
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

void MainWindow::requestPath(const QString& path) {
  const QString full = QFileInfo(path).absoluteFilePath();
  std::optional<Workspace> above;
  try {
    if (session_) above = Workspace::find(full.toStdString());
  } catch (const std::exception& error) {
    notify(Notice::of(error));
    return;
  }
  std::error_code code;
  if (!above || std::filesystem::equivalent(above->root, workspace()->root, code)) {
    openPath(full);
    return;
  }
  const QString root = QString::fromStdString(std::filesystem::weakly_canonical(above->root, code).string());
  if (WorkspaceDoor::knock(root, {full})) {
    notify({Severity::Info, tr("is open in another window, which was raised"), root, {}});
  } else {
    startAnother({full});
  }
}

bool MainWindow::startAnother(const QStringList& arguments) {
  qint64 process = 0;
  if (!QProcess::startDetached(windowProgram(), arguments, QString(), &process)) {
    notify({Severity::Bad, tr("cannot be started"), windowProgram(), {}});
    return false;
  }
  emit anotherWindowStarted(process);
  return true;
}

void MainWindow::openAgain(bool safe) {
  QStringList arguments;
  if (safe) arguments << QStringLiteral("--safe-mode");
  if (session_) arguments << workspacePath();
  closeWorkspace();  // the next window cannot have it before
  if (!session_ && startAnother(arguments)) close();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  for (const QUrl& url : event->mimeData()->urls()) {
    if (url.isLocalFile()) requestPath(url.toLocalFile());
  }
  event->acceptProposedAction();
}

}  // namespace counterpoint
