// SPDX-License-Identifier: GPL-3.0-or-later
// Preferences, About, the list of notices, and what the rank program says of itself.
#include "app/window/about_dialog.h"
#include "app/window/devices.h"
#include "app/window/libtorch_place.h"
#include "app/window/main_window.h"
#include "app/window/new_workspace_dialog.h"
#include "app/window/preferences_dialog.h"
#include "app/window/welcome_page.h"
#include "app/window/worker_process.h"
#include "core/jobs/rank_program.h"
#include "widgets/common/data_table.h"
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QFileInfo>
#include <QFutureWatcher>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QtConcurrent>
#include <QVBoxLayout>

#include <functional>

namespace counterpoint {
namespace {

constexpr int kNoticesWidth = 960, kNoticesHeight = 420;
constexpr int kTimeWidth = 90, kKindWidth = 120, kWhatWidth = 380, kWhereWidth = 180;

using RankAnswer = std::function<void(const QString& version, const QString& problem)>;

// Asks counterpoint-rank for its version; `answer` comes later, and not after `asker` is gone.
void askRank(QObject* asker, const RankAnswer& answer) {
  const QString program = rankProgramPath();
  if (!QFileInfo(program).isExecutable()) {
    const QString problem = MainWindow::tr("The program that trains, counterpoint-rank, is not there");
    QMetaObject::invokeMethod(
        asker, [answer, problem] { answer({}, problem); }, Qt::QueuedConnection);
    return;
  }
  auto* probe = new WorkerProcess(asker);
  QObject::connect(probe, &WorkerProcess::finished, asker,
                   [probe, answer](int status, const QString& output, const QString& problem) {
                     probe->deleteLater();
                     const QString said = output.trimmed();
                     const QString version = QCoreApplication::applicationVersion();
                     if (status != 0) {
                       answer({}, MainWindow::tr("counterpoint-rank does not start: %1").arg(problem));
                     } else if (!said.contains(version)) {
                       answer(said,
                              MainWindow::tr("counterpoint-rank is version %1, this window is %2").arg(said, version));
                     } else {
                       answer(said, {});
                     }
                   });
  probe->start(program, {QStringLiteral("--version")});
}

// The devices, asked off the event loop.
template <typename Dialog>
void bringDevices(Dialog* dialog) {
  auto* watcher = new QFutureWatcher<DeviceList>(dialog);
  QObject::connect(watcher, &QFutureWatcher<DeviceList>::finished, dialog,
                   [dialog, watcher] { dialog->setDevices(watcher->result()); });
  watcher->setFuture(QtConcurrent::run(queryDevices));
}

// One of a kind: the one that is open comes to the front.
bool raiseOpen(QWidget* window, const QString& name) {
  auto* open = window->findChild<QDialog*>(name, Qt::FindDirectChildrenOnly);
  if (!open || !open->isVisible()) return false;
  open->raise();
  open->activateWindow();
  return true;
}

}  // namespace

void MainWindow::showNotices() {
  const QString name = QStringLiteral("notices");
  if (raiseOpen(this, name)) return;
  auto* dialog = new QDialog(this);
  dialog->setObjectName(name);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("Notices"));
  dialog->setAccessibleName(tr("Notices"));
  auto* column = new QVBoxLayout(dialog);
  column->setContentsMargins(measures::kEdge, measures::kEdge, measures::kEdge, measures::kEdge);
  column->setSpacing(measures::kGap);
  auto* table = new DataTable(tr("All notices of this session"));
  table->setModel(&notices_);
  int section = 0;
  for (const int width : {kTimeWidth, kKindWidth, kWhatWidth, kWhereWidth}) {
    table->horizontalHeader()->resizeSection(section++, width);
  }
  column->addWidget(table, 1);
  auto* whole = new QLabel;  // a row may be cut; here the chosen one stands in full
  whole->setWordWrap(true);
  whole->setTextFormat(Qt::PlainText);
  whole->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  whole->setAccessibleName(tr("The chosen notice"));
  const auto show = [this, whole](int row) {
    whole->setText(row >= 0 && row < notices_.rowCount() ? notices_.notices()[row].oneLine()
                                                         : tr("Nothing was said since the window opened."));
  };
  connect(table->selectionModel(), &QItemSelectionModel::currentRowChanged, whole,
          [show](const QModelIndex& current) { show(current.row()); });
  connect(&notices_, &NoticeLog::added, whole, [show, table] { show(table->currentIndex().row()); });
  auto* row = new QHBoxLayout;
  auto* copy = new QPushButton(tr("Copy"));
  copy->setAccessibleName(tr("Copy the chosen notices, or all"));
  copy->setToolTip(copy->accessibleName());
  copy->setAutoDefault(false);
  connect(copy, &QPushButton::clicked, table, [table] { QApplication::clipboard()->setText(table->text()); });
  auto* close = new QPushButton(tr("Close"));
  close->setAccessibleName(tr("Close"));
  close->setAutoDefault(false);
  connect(close, &QPushButton::clicked, dialog, &QDialog::close);
  row->addWidget(whole, 1);
  row->addWidget(copy, 0, Qt::AlignBottom);
  row->addWidget(close, 0, Qt::AlignBottom);
  column->addLayout(row);
  if (notices_.rowCount() > 0) {
    table->setCurrentIndex(notices_.index(0, 0));
  } else {
    show(-1);
  }
  dialog->resize(kNoticesWidth, kNoticesHeight);
  dialog->show();
}

void MainWindow::showNewWorkspace(const QString& source) {
  if (raiseOpen(this, QStringLiteral("newWorkspace"))) return;
  auto* dialog = new NewWorkspaceDialog(QDir::homePath(), this);
  connect(dialog, &NewWorkspaceDialog::made, this, &MainWindow::requestPath);
  if (!source.isEmpty()) dialog->setSource(source);
  dialog->show();
}

void MainWindow::showPreferences() {
  if (raiseOpen(this, QStringLiteral("preferences"))) return;
  auto* dialog = new PreferencesDialog(preferences_, actions_, scale_, this);
  connect(dialog, &PreferencesDialog::themeChosen, this, &MainWindow::setTheme);
  connect(dialog, &PreferencesDialog::restartAsked, this, [this] { openAgain(preferences_.isSafe()); });
  connect(dialog, &PreferencesDialog::devicesChanged, this, &MainWindow::devicePreferenceChanged);
  const auto ask = [dialog] {
    askRank(dialog, [dialog](const QString& version, const QString& problem) {
      const bool good = problem.isEmpty();
      dialog->setRankAnswer(good ? tr("%1 starts with it.").arg(version) : problem + QLatin1Char('.'), good);
    });
  };
  connect(dialog, &PreferencesDialog::libTorchChanged, this, [this, ask] {
    useLibTorch(preferences_.libTorch());
    welcome_->setHint({});
    ask();
  });
  ask();
  bringDevices(dialog);
  dialog->show();
}

void MainWindow::showAbout() {
  if (raiseOpen(this, QStringLiteral("about"))) return;
  ReportSubject subject;
  const QString place = preferences_.libTorch();
  if (!place.isEmpty()) {
    const LibTorchPlace found = lookForLibTorch(place);
    subject.libTorch = !found.problem.isEmpty()  ? tr("chosen, and not there")
                       : found.version.isEmpty() ? tr("chosen, unknown version")
                                                 : tr("chosen, %1").arg(found.version);
  }
  subject.theme = Theme::nameOf(theme_.name());
  subject.scale = scale_;
  subject.safe = preferences_.isSafe();
  subject.workspaceOpen = session_ != nullptr;
  subject.synthetic = session_ && workspace()->synthetic;
  subject.ownKeys = static_cast<int>(actions_.ownKeys().size());
  subject.notices = notices_.notices();
  auto* dialog = new AboutDialog(std::move(subject), this);
  askRank(dialog, [dialog](const QString& version, const QString& problem) {
    dialog->setRank(problem.isEmpty() ? version : problem);
  });
  bringDevices(dialog);
  dialog->show();
}

void MainWindow::probeRankProgram() {
  askRank(this, [this](const QString&, const QString& problem) {
    if (problem.isEmpty()) return;
    const QString cure = QString::fromLatin1(kSetUpCure);
    notify({Severity::Warning, problem, rankProgramPath(), cure});
    welcome_->setHint(tr("%1. Everything but training and models works. %2").arg(problem, cure));
  });
}

}  // namespace counterpoint
