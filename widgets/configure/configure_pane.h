// SPDX-License-Identifier: GPL-3.0-or-later
// Configs: a list, the form of the schema beside the YAML text, and Launch. The text is the document: an edit in the
// form is a small edit of the text, so there is one undo history and comments stay.
#pragma once

#include <QTimer>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/config/config.h"
#include "widgets/common/pane.h"
#include "widgets/configure/config_list.h"
#include "widgets/configure/device_list.h"

class QAction;
class QButtonGroup;
class QFileSystemWatcher;
class QLabel;
class QLineEdit;
class QListWidget;
class QListWidgetItem;
class QSplitter;
class QToolButton;

namespace counterpoint {

class CheckPanel;
class ComposeWorker;
class FindBar;
class CompareView;
class DefaultsPicture;
class GroupBar;
class LaunchBar;
class OverridesLine;
class SchemaForm;
class SweepPanel;
class YamlEditor;
struct ComposedConfig;
struct ComposeJob;

// Typed and not saved.
struct ConfigDraft {
  std::string text;
  qint64 time = 0;  // of the last edit, seconds since 1970
  bool skipped = false;
};

class ConfigurePane : public Pane {
  Q_OBJECT

 public:
  enum class View { Form, Text, Both, Resolved, Defaults, Compare, Sweep };

  explicit ConfigurePane(QWidget* parent = nullptr);

  // The first writable root takes what is saved from a config that is not ours to change.
  void setRoots(std::vector<ConfigRoot> roots);
  void setDevices(const DeviceList& devices);
  void setPreferredDevices(const QStringList& devices);  // ticked when they are there
  bool open(const QString& file);                        // a problem becomes a notice, and false
  // Writes the file atomically. False with a notice where that fails.
  bool save();
  // A copy of what is shown in the workspace's configs, opened; "" where that fails, with a notice.
  QString cloneFile();
  // Gives a config of the workspace another name in its folder, without ".yaml". False with a notice where it is taken
  // or cannot be.
  bool renameFile(const QString& file, const QString& name);
  void revert();  // to what is saved, as one step that can be undone
  void closeFile();
  // The workspace's own config that train() launches: the open one, else the first; empty: there is none.
  QString ownConfig() const;
  void train();

  QString file() const { return file_; }
  bool isDirty() const;
  const Composition& composition() const { return composition_; }
  void setView(View view);

  YamlEditor* editor() const { return editor_; }
  SchemaForm* form() const { return form_; }
  LaunchBar* launchBar() const { return launch_; }
  CheckPanel* checkPanel() const { return checks_; }
  QListWidget* problemList() const { return problems_; }
  OverridesLine* overridesLine() const { return overrides_; }
  FindBar* findBar() const { return find_; }
  // The command that launches what is shown, quoted for a shell.
  QString command() const;
  GroupBar* groups() const { return groups_; }
  DefaultsPicture* defaultsPicture() const { return picture_; }
  CompareView* comparison() const { return compare_; }
  SweepPanel* sweep() const { return sweep_; }
  // Puts the configs of files or run folders beside the open one.
  void compareWith(const QStringList& files);

  // After a window that did not end: what restoreState finds unsaved is held until a person decides, file by file.
  void holdDrafts(bool hold) { holds_ = hold; }
  const std::map<QString, ConfigDraft>& heldDrafts() const { return held_; }
  bool recoverDraft(const QString& file);  // opens the file with what was typed; undo gives what is saved
  void dropDraft(const QString& file);     // for good; opens what is saved
  void skipDraft(const QString& file);     // kept, and not asked about again before askAgain()
  void askAgain();

  void registerActions(ActionRegistry& actions) override;
  QJsonObject saveState() const override;
  QJsonObject unsavedState(const QJsonObject& state) const override;
  void restoreState(const QJsonObject& state) override;
  std::vector<TourStep> tourSteps() override;

 signals:
  // Saved and without problems. `devices` empty: as the config says.
  void launchRequested(const QString& file, int ranks, const QStringList& devices, const QStringList& overrides);
  // Saved; each override is a key with its values, as `sweep start` takes them.
  void sweepRequested(const QString& file, const QStringList& overrides, int ranks, const QStringList& devices);
  void fileChanged(const QString& file);
  void heldDraftsChanged();

 private:
  QWidget* makeHeader();
  ComposeJob job() const;
  void takeText();  // at once
  void showComposed(ComposedConfig config);
  void showResolved();
  void makeViews();
  void showViews();
  void offerComparisons();
  void chooseGroup(const QString& key, const std::optional<QString>& option);
  void sweepKey(const QString& path);
  void startSweep(const QStringList& overrides);
  void showProblems();
  void jumpToProblem(QListWidgetItem* item);
  void wireEditor();
  void registerTextActions(ActionRegistry& actions);
  void goToKey(const QString& typed);
  void applyForm(const QString& path, const QString& yaml);
  void wireChecks();
  void checkBeforeStart();
  void resetKeys(const QStringList& paths, const QString& name);
  void launch();
  void updateHeader();
  void onDiskChanged();
  void refreshList();
  void keepDraft();
  void restoreDrafts(const QJsonObject& state);
  const ConfigRoot* ownRoot() const;  // of the workspace; null: none
  QString writableTarget() const;     // where save() writes

  ConfigList* list_;
  QLabel* name_ = nullptr;
  QButtonGroup* views_ = nullptr;
  QLineEdit* search_ = nullptr;
  QToolButton *undo_ = nullptr, *redo_ = nullptr, *save_ = nullptr;
  QAction *undoAction_ = nullptr, *redoAction_ = nullptr;  // the registry's
  OverridesLine* overrides_;
  QSplitter *outer_, *inner_;
  SchemaForm* form_;
  YamlEditor *editor_, *resolved_;
  FindBar* find_;
  QWidget* text_;  // editor and search
  GroupBar* groups_;
  DefaultsPicture* picture_;
  CompareView* compare_;
  SweepPanel* sweep_;
  QListWidget* problems_;
  CheckPanel* checks_;
  LaunchBar* launch_;
  QFileSystemWatcher* watcher_;
  QTimer compose_;
  ComposeWorker* worker_;
  std::vector<ConfigRoot> roots_;
  QStringList recent_;
  QString file_;
  std::map<QString, ConfigDraft> drafts_;   // come back by themselves when their file is opened
  std::map<QString, ConfigDraft> held_;     // wait for a decision
  std::map<QString, QString> overridesOf_;  // by file, as typed
  qint64 editedAt_ = 0;
  bool holds_ = false;
  Composition composition_;
  std::string resolvedText_;
  bool ranksChosen_ = false;
};

}  // namespace counterpoint
