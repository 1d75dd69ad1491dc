// SPDX-License-Identifier: GPL-3.0-or-later
// The window: a bar of perspectives, the welcome page, notices and the status strip. It composes; what the panes show
// is brought by the assemblies (assembly.h), which listen to workspaceOpened and the requests below.
#pragma once

#include <QElapsedTimer>
#include <QJsonObject>
#include <QThreadPool>
#include <QTimer>
#include <QWidget>

#include <map>
#include <memory>
#include <vector>

#include "app/window/perspective.h"
#include "app/window/preferences.h"
#include "app/window/recent_items.h"
#include "app/window/workspace_door.h"
#include "app/window/workspace_session.h"
#include "widgets/common/action_registry.h"
#include "widgets/common/notice.h"
#include "widgets/common/question_bar.h"
#include "widgets/common/theme.h"

class QButtonGroup;
class QHBoxLayout;
class QLabel;
class QMenu;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace counterpoint {

class Pane;
class WelcomePage;
class WorkerProcess;

class MainWindow : public QWidget {
  Q_OBJECT

 public:
  // `safe`: preferences and what is kept of sessions are not used, unsaved work is.
  explicit MainWindow(Theme& theme, bool safe = false);
  ~MainWindow() override;

  ActionRegistry& actions() { return actions_; }
  NoticeLog& notices() { return notices_; }
  Preferences& preferences() { return preferences_; }
  RecentItems& recent() { return recent_; }
  QuestionBar& questions() { return *questions_; }
  const Workspace* workspace() const { return session_ ? &session_->workspace() : nullptr; }
  QString workspacePath() const;  // empty: none is open
  // The workspace was not closed properly the last time, or this is safe mode: unsaved work is asked about.
  bool asksAboutUnsaved() const { return session_ && (session_->endedBadly() || preferences_.isSafe()); }

  // Perspectives are "train", "review", "retrieve", "adapters", "inspect"; takes the pane and registers its actions.
  void addPane(const QString& perspective, Pane* pane, PanePlace place, double share = 0.3, bool tabbed = false);
  const std::vector<Perspective*>& perspectives() const { return perspectives_; }
  Pane* pane(const QString& identifier) const;  // null when there is none
  void showPerspective(const QString& identifier);
  void showWelcome();
  void showPane(const QString& identifier);  // its perspective, then the pane

  // Opens a workspace in this window; a problem becomes a notice, and false. One that another window has open brings
  // that window to the front.
  bool openWorkspace(const QString& folder);
  void closeWorkspace();
  // A workspace, run folder, config or clip, as from the command line or dropped. While no workspace is open, the one
  // that it lies in is opened first. False with a notice where nothing can be shown.
  bool openPath(const QString& path);
  // What a person chose: as openPath, but what lies in another workspace than the open one goes to the window that has
  // it, or to a new one.
  void requestPath(const QString& path);
  void comeForward();
  // Closes this window and opens another on the same workspace; nothing while something keeps the workspace open.
  void openAgain(bool safe);
  void makeSample(const QString& folder);

  void notify(const Notice& notice) { notices_.add(notice); }
  void setRunStatus(const QString& text, const QString& tip = {});
  void setModelStatus(const QString& text, const QString& tip = {});
  void setTaskStatus(const QString& text);  // what else goes on; empty: nothing

  // Also by itself, soon after something changed: a killed window loses nothing.
  void saveSession();

 signals:
  void workspaceOpened(const counterpoint::Workspace& workspace);
  void workspaceClosed();
  void runOpenRequested(const QString& folder);
  void clipOpenRequested(const QString& file);
  void configOpenRequested(const QString& file);
  void configsCompareRequested(const QStringList& runs);
  void perspectiveChanged(const QString& identifier);
  void anotherWindowStarted(qint64 process);
  void devicePreferenceChanged();
  // Emitted before the window closes; a receiver sets `mayClose` to false to keep it open.
  void closeAsked(bool* mayClose);
  void firstPainted();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void closeEvent(QCloseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  QWidget* makeTopBar();
  QWidget* makeStatusStrip();
  void registerActions();
  void rebuildMenu();
  void restoreSession();
  QJsonObject sessionNow() const;
  void saveIfChanged();
  void updateTitle();
  void chooseWorkspace();
  void chooseSampleFolder();
  void showNotices();
  void showNewWorkspace(const QString& source = {});
  void showPreferences();
  void showAbout();
  void offerRecent();
  void applyKeys();
  bool startAnother(const QStringList& arguments);
  void probeRankProgram();
  void setTheme(const QString& name);
  Perspective* find(const QString& identifier) const;

  Theme& theme_;
  ActionRegistry actions_;
  NoticeLog notices_;
  Preferences preferences_;
  RecentItems recent_;
  QStringList recentActions_;
  std::unique_ptr<WorkspaceSession> session_;
  std::unique_ptr<WorkspaceDoor> door_;
  std::vector<Perspective*> perspectives_;
  std::map<QString, QToolButton*> tabs_;
  QuestionBar* questions_ = nullptr;
  QStackedWidget* stack_ = nullptr;
  WelcomePage* welcome_ = nullptr;
  QMenu* menu_ = nullptr;
  QLabel* mark_ = nullptr;
  QLabel *workspaceStatus_ = nullptr, *runStatus_ = nullptr, *modelStatus_ = nullptr, *taskStatus_ = nullptr;
  QPushButton* noticeStatus_ = nullptr;
  WorkerProcess* sample_ = nullptr;
  QTimer sampleTimer_, sessionTimer_;
  QJsonObject savedSession_;
  QThreadPool sessionWriter_;  // one thread: the last one wins
  bool painted_ = false, keysApplied_ = false;
  double scale_ = 1;  // that this window was started with
};

}  // namespace counterpoint
