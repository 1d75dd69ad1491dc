// SPDX-License-Identifier: GPL-3.0-or-later
// Actions, session and tour of the pane.
#include "widgets/common/action_registry.h"
#include "widgets/configure/configure_pane.h"
#include "widgets/configure/launch_bar.h"
#include "widgets/configure/schema_field.h"
#include "widgets/configure/schema_form.h"
#include "widgets/configure/yaml_editor.h"

#include <QAbstractButton>
#include <QAction>
#include <QButtonGroup>
#include <QFileInfo>
#include <QJsonArray>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>

namespace counterpoint {
namespace {

const QString kFile = QStringLiteral("file"), kDrafts = QStringLiteral("drafts"), kView = QStringLiteral("view"),
              kRecent = QStringLiteral("recent"), kSplit = QStringLiteral("splitters"), kOuter = QStringLiteral("list"),
              kInner = QStringLiteral("form"), kTimes = QStringLiteral("draft_times"), kHeld = QStringLiteral("held"),
              kText = QStringLiteral("text"), kTime = QStringLiteral("time"), kSkipped = QStringLiteral("skipped"),
              kOverrides = QStringLiteral("overrides");

QString encoded(const QSplitter* splitter) { return QString::fromLatin1(splitter->saveState().toBase64()); }

QByteArray decoded(const QJsonValue& value) { return QByteArray::fromBase64(value.toString().toLatin1()); }

// The step that is undone next is named in the action's text.
void followName(QToolButton* button, QAction* action) {
  const auto tell = [button, action] {
    const QString key = action->shortcut().toString(QKeySequence::NativeText);
    button->setToolTip(key.isEmpty() ? action->text() : QStringLiteral("%1 (%2)").arg(action->text(), key));
  };
  tell();
  QObject::connect(action, &QAction::changed, button, tell);
}

}  // namespace

void ConfigurePane::registerActions(ActionRegistry& actions) {
  const QString category = title();
  const auto hasFile = [this] { return !file_.isEmpty(); };
  actions.add({QStringLiteral("configure.save"),
               tr("Save the config"),
               category,
               QStringLiteral("Ctrl+S"),
               QStringLiteral("save"),
               {},
               {},
               false,
               [this] { save(); },
               [this] { return isDirty(); },
               nullptr});
  actions.add({QStringLiteral("configure.undo"),
               tr("Undo in the config"),
               category,
               QStringLiteral("Ctrl+Z"),
               QStringLiteral("undo"),
               {},
               {},
               false,
               [this] { editor_->undo(); },
               {},
               this});
  actions.add({QStringLiteral("configure.redo"),
               tr("Redo in the config"),
               category,
               QStringLiteral("Ctrl+Shift+Z"),
               QStringLiteral("redo"),
               {},
               {},
               false,
               [this] { editor_->redo(); },
               {},
               this});
  actions.add({QStringLiteral("configure.launch"),
               tr("Launch this config"),
               category,
               QStringLiteral("Ctrl+Return"),
               QStringLiteral("launch"),
               {},
               tr("Save, make a run folder and start"),
               false,
               [this] { launch(); },
               [this] { return launch_->button()->isEnabled(); },
               this});
  actions.add({QStringLiteral("configure.train"),
               tr("Train the workspace's config"),
               category,
               {},
               QStringLiteral("launch"),
               {},
               tr("Launch the workspace's own config as it is"),
               false,
               [this] { train(); },
               [this] { return !ownConfig().isEmpty(); },
               nullptr});
  actions.add(
      {QStringLiteral("configure.recover"),
       tr("Ask about unsaved edits again"),
       category,
       {},
       QStringLiteral("editor"),
       {},
       tr("Of configs that were skipped after a window that did not end properly"),
       false,
       [this] { askAgain(); },
       [this] { return std::any_of(held_.begin(), held_.end(), [](const auto& one) { return one.second.skipped; }); },
       nullptr});
  undoAction_ = actions.action(QStringLiteral("configure.undo"));
  redoAction_ = actions.action(QStringLiteral("configure.redo"));
  followName(undo_, undoAction_);
  followName(redo_, redoAction_);
  updateHeader();
  actions.keepToolTip(save_, QStringLiteral("configure.save"), tr("Save"));
  launch_->setAction(actions.action(QStringLiteral("configure.launch")));
  registerTextActions(actions);
  const struct {
    View view;
    const char *name, *key;
  } views[] = {{View::Form, "Form", "Alt+1"},
               {View::Text, "Text", "Alt+2"},
               {View::Both, "Both", "Alt+3"},
               {View::Resolved, "Resolved", "Alt+4"}};
  for (const auto& entry : views) {
    actions.add({QStringLiteral("configure.view.%1").arg(QString::fromLatin1(entry.name).toLower()),
                 tr("Config as: %1").arg(tr(entry.name)),
                 category,
                 QString::fromLatin1(entry.key),
                 {},
                 {},
                 {},
                 false,
                 [this, view = entry.view] { setView(view); },
                 hasFile,
                 this});
  }
}

QJsonObject ConfigurePane::saveState() const {
  QJsonObject state;
  state.insert(kFile, file_);
  QJsonObject drafts, times, held;
  const auto add = [&](const QString& file, const std::string& text, qint64 time) {
    drafts.insert(file, QString::fromStdString(text));
    times.insert(file, time);
  };
  for (const auto& [file, draft] : drafts_) add(file, draft.text, draft.time);
  if (isDirty()) add(file_, editor_->bytes(), editedAt_);
  for (const auto& [file, draft] : held_) {
    held.insert(
        file, QJsonObject{{kText, QString::fromStdString(draft.text)}, {kTime, draft.time}, {kSkipped, draft.skipped}});
  }
  if (!drafts.isEmpty()) {
    state.insert(kDrafts, drafts);
    state.insert(kTimes, times);
  }
  if (!held.isEmpty()) state.insert(kHeld, held);
  QJsonObject overrides;
  for (const auto& [file, text] : overridesOf_) {
    if (!text.isEmpty()) overrides.insert(file, text);
  }
  if (!overrides.isEmpty()) state.insert(kOverrides, overrides);
  state.insert(kView, views_->checkedId());
  state.insert(kRecent, QJsonArray::fromStringList(recent_));
  QJsonObject splitters{{kOuter, encoded(outer_)}};
  // Form and text share their room only while both are seen.
  if (views_->checkedId() == static_cast<int>(View::Both)) splitters.insert(kInner, encoded(inner_));
  state.insert(kSplit, splitters);
  return state;
}

QJsonObject ConfigurePane::unsavedState(const QJsonObject& state) const {
  QJsonObject unsaved;
  for (const QString& key : {kDrafts, kTimes, kHeld}) {
    if (state.contains(key)) unsaved.insert(key, state.value(key));
  }
  return unsaved;
}

void ConfigurePane::restoreDrafts(const QJsonObject& state) {
  drafts_.clear();
  held_.clear();
  const QJsonObject held = state.value(kHeld).toObject(), drafts = state.value(kDrafts).toObject(),
                    times = state.value(kTimes).toObject();
  for (auto one = held.begin(); one != held.end(); ++one) {
    const QJsonObject draft = one.value().toObject();
    held_[one.key()] = {draft.value(kText).toString().toStdString(), draft.value(kTime).toInteger(),
                        draft.value(kSkipped).toBool()};
  }
  for (auto draft = drafts.begin(); draft != drafts.end(); ++draft) {
    const ConfigDraft kept{draft.value().toString().toStdString(), times.value(draft.key()).toInteger()};
    if (holds_) {
      held_[draft.key()] = kept;
      continue;
    }
    drafts_[draft.key()] = kept;
    emit noticed({Severity::Info, tr("what was typed and not saved is here again"), draft.key(),
                  tr("Save it, or undo it with Ctrl+Z.")});
  }
  holds_ = false;
  emit heldDraftsChanged();
}

void ConfigurePane::restoreState(const QJsonObject& state) {
  recent_.clear();
  for (const auto& file : state.value(kRecent).toArray()) recent_ << file.toString();
  const QJsonObject splitters = state.value(kSplit).toObject();
  outer_->restoreState(decoded(splitters.value(kOuter)));
  inner_->restoreState(decoded(splitters.value(kInner)));
  setView(static_cast<View>(state.value(kView).toInt(static_cast<int>(View::Both))));
  QString file = state.value(kFile).toString();
  if (file.isEmpty() && !roots_.empty()) {
    // A fresh workspace: its first config is what a person came for.
    const auto names = list_->tree()->model()->index(0, 0, list_->tree()->model()->index(0, 0)).data(Qt::UserRole);
    file = names.toString();
  }
  overridesOf_.clear();
  const QJsonObject overrides = state.value(kOverrides).toObject();
  for (auto one = overrides.begin(); one != overrides.end(); ++one) overridesOf_[one.key()] = one.value().toString();
  restoreDrafts(state);
  if (!file.isEmpty() && QFileInfo::exists(file)) open(file);
  refreshList();
}

std::vector<TourStep> ConfigurePane::tourSteps() {
  if (file_.isEmpty()) return {};
  return {
      {QStringLiteral("form"), [this] { setView(View::Form); }, {}},
      {QStringLiteral("text"), [this] { setView(View::Text); }, {}},
      {QStringLiteral("search"),
       [this] {
         setView(View::Both);
         search_->setText(QStringLiteral("rate"));
       },
       {}},
      {QStringLiteral("problem"),
       [this] {
         search_->clear();
         editor_->apply({0, 0, "sede: 1\n"});
         takeText();
       },
       {}},
      {QStringLiteral("both"),  // as it was
       [this] {
         editor_->undo();
         if (!editor_->isModified()) editor_->setBytes(editor_->bytes());  // nothing is left to redo
         updateHeader();
         takeText();
         form_->verticalScrollBar()->setValue(0);
       },
       {}},
  };
}

}  // namespace counterpoint
