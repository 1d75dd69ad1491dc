// SPDX-License-Identifier: GPL-3.0-or-later
// Opening and closing workspaces, and what is kept of a session.
#include "app/window/main_window.h"
#include "app/window/welcome_page.h"
#include "core/base/error.h"
#include "widgets/common/pane.h"

#include <QJsonObject>
#include <QStackedWidget>
#include <QToolButton>

namespace counterpoint {
namespace {

const QString kGeometry = QStringLiteral("geometry"), kPerspective = QStringLiteral("perspective"),
              kLayouts = QStringLiteral("layouts"), kLayoutVersion = QStringLiteral("layout_version"),
              kPanes = QStringLiteral("panes");

QString encoded(const QByteArray& bytes) { return QString::fromLatin1(bytes.toBase64()); }
QByteArray decoded(const QJsonValue& value) { return QByteArray::fromBase64(value.toString().toLatin1()); }

}  // namespace

QString MainWindow::workspacePath() const {
  return session_ ? QString::fromStdString(workspace()->root.string()) : QString();
}

bool MainWindow::openWorkspace(const QString& folder) {
  try {
    if (session_ && std::filesystem::equivalent(workspace()->root, folder.toStdString())) return true;
    auto opened = std::make_unique<WorkspaceSession>(WorkspaceSession::open(folder.toStdString()));
    closeWorkspace();
    if (session_) return false;  // something unsaved was kept open
    session_ = std::move(opened);
  } catch (const WorkspaceTaken& taken) {
    if (WorkspaceDoor::knock(QString::fromStdString(taken.where()), {})) {
      notify({Severity::Info,
              tr("is open in another window, which was raised"),
              QString::fromStdString(taken.where()),
              {}});
    } else {
      notify(Notice::of(taken));
    }
    return false;
  } catch (const std::exception& error) {
    notify(Notice::of(error));
    return false;
  }
  door_ = std::make_unique<WorkspaceDoor>(workspacePath());
  connect(door_.get(), &WorkspaceDoor::knocked, this, [this](const QStringList& paths) {
    comeForward();
    for (const QString& path : paths) openPath(path);
  });
  recent_.add(RecentKind::Workspace, workspacePath());
  for (Perspective* perspective : perspectives_) {
    tabs_[perspective->identifier()]->setVisible(!perspective->panes().empty());
  }
  updateTitle();
  emit workspaceOpened(*workspace());
  restoreSession();
  actions_.refresh();
  return true;
}

void MainWindow::closeWorkspace() {
  if (!session_) return;
  bool mayClose = true;
  emit closeAsked(&mayClose);
  if (!mayClose) return;
  saveSession();
  emit workspaceClosed();
  questions_->withdrawAll();
  door_.reset();
  session_.reset();
  for (const auto& [name, tab] : tabs_) tab->setVisible(false);
  setRunStatus({});
  setModelStatus({});
  updateTitle();
  showWelcome();
  actions_.refresh();
}

QJsonObject MainWindow::sessionNow() const {
  QJsonObject session, layouts, panes;
  session.insert(kGeometry, encoded(saveGeometry()));
  for (const Perspective* perspective : perspectives_) {
    if (stack_->currentWidget() == perspective) session.insert(kPerspective, perspective->identifier());
    layouts.insert(perspective->identifier(), encoded(perspective->layoutState()));
    for (const Pane* pane : perspective->panes()) panes.insert(pane->identifier(), pane->saveState());
  }
  session.insert(kLayouts, layouts);
  session.insert(kLayoutVersion, Perspective::kLayoutVersion);
  session.insert(kPanes, panes);
  return session;
}

void MainWindow::saveSession() {
  if (!session_) return;
  sessionWriter_.waitForDone();
  try {
    session_->save(sessionNow());
  } catch (const std::exception& error) {
    notify(Notice::of(error));
  }
}

void MainWindow::saveIfChanged() {
  QJsonObject now = session_ ? sessionNow() : QJsonObject();
  if (now == savedSession_ || !session_) return;
  savedSession_ = std::move(now);
  // The disk may be slow; the workspace is open until the last write is done.
  sessionWriter_.start([this, session = session_.get(), what = savedSession_] {
    try {
      session->save(what);
    } catch (const std::exception& error) {
      QMetaObject::invokeMethod(this, [this, notice = Notice::of(error)] { notify(notice); });
    }
  });
}

void MainWindow::restoreSession() {
  QString trouble;
  QJsonObject session = session_->load(&trouble);
  if (!trouble.isEmpty()) {
    notify(
        {Severity::Warning, trouble, workspacePath(), tr("The old one is kept as .counterpoint/session-unread.json.")});
  }
  if (preferences_.isSafe()) {
    session_->keepCopy(QStringLiteral("before-safe-mode"));
    for (const QString& habit : {kGeometry, kLayouts, kPerspective}) session.remove(habit);
  }
  if (session.contains(kGeometry) && !isVisible()) restoreGeometry(decoded(session.value(kGeometry)));
  QJsonObject layouts = session.value(kLayouts).toObject();
  const QJsonObject panes = session.value(kPanes).toObject();
  if (const int version = session.value(kLayoutVersion).toInt(1); version != Perspective::kLayoutVersion) {
    notify({Severity::Info,
            tr("The layout is of version %1, this window knows %2; the panes stand as shipped")
                .arg(version)
                .arg(Perspective::kLayoutVersion),
            {},
            {}});
    layouts = {};
  }
  QString first;
  for (Perspective* perspective : perspectives_) {
    if (perspective->panes().empty()) continue;
    if (first.isEmpty()) first = perspective->identifier();
    const QByteArray layout = decoded(layouts.value(perspective->identifier()));
    if (!layout.isEmpty() && !perspective->restoreLayout(layout)) emit perspective->layoutRefused();
    for (Pane* pane : perspective->panes()) {
      const QJsonObject state = panes.value(pane->identifier()).toObject();
      pane->restoreState(preferences_.isSafe() ? pane->unsavedState(state) : state);
    }
  }
  const QString wanted = session.value(kPerspective).toString(first);
  showPerspective(wanted);
  if (stack_->currentWidget() == welcome_) showPerspective(first);
  savedSession_ = sessionNow();
}

}  // namespace counterpoint
