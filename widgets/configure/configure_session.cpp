// SPDX-License-Identifier: GPL-3.0-or-later
// Actions, session and tour of the pane.
#include "widgets/common/action_registry.h"
#include "widgets/configure/configure_pane.h"
#include "widgets/configure/launch_bar.h"
#include "widgets/configure/schema_field.h"
#include "widgets/configure/schema_form.h"
#include "widgets/configure/yaml_editor.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QFileInfo>
#include <QJsonArray>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QTreeView>

namespace counterpoint {
namespace {

const QString kFile = QStringLiteral("file"), kDrafts = QStringLiteral("drafts"), kView = QStringLiteral("view"),
              kRecent = QStringLiteral("recent"), kSplit = QStringLiteral("splitters"), kOuter = QStringLiteral("list"),
              kInner = QStringLiteral("form");

QString encoded(const QSplitter* splitter) { return QString::fromLatin1(splitter->saveState().toBase64()); }

QByteArray decoded(const QJsonValue& value) { return QByteArray::fromBase64(value.toString().toLatin1()); }

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
  actions.add({QStringLiteral("configure.search"),
               tr("Search keys"),
               category,
               QStringLiteral("Ctrl+F"),
               QStringLiteral("search"),
               {},
               tr("Dim the keys that do not match"),
               false,
               [this] { search_->setFocus(Qt::ShortcutFocusReason); },
               hasFile,
               this});
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
  QJsonObject drafts;
  for (const auto& [file, text] : drafts_) drafts.insert(file, QString::fromStdString(text));
  if (isDirty()) drafts.insert(file_, QString::fromStdString(editor_->bytes()));
  if (!drafts.isEmpty()) state.insert(kDrafts, drafts);
  state.insert(kView, views_->checkedId());
  state.insert(kRecent, QJsonArray::fromStringList(recent_));
  QJsonObject splitters{{kOuter, encoded(outer_)}};
  // Form and text share their room only while both are seen.
  if (views_->checkedId() == static_cast<int>(View::Both)) splitters.insert(kInner, encoded(inner_));
  state.insert(kSplit, splitters);
  return state;
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
  const QJsonObject drafts = state.value(kDrafts).toObject();
  for (auto draft = drafts.begin(); draft != drafts.end(); ++draft) {
    drafts_[draft.key()] = draft.value().toString().toStdString();
    emit noticed({Severity::Info, tr("what was typed and not saved is here again"), draft.key(),
                  tr("Save it, or undo it with Ctrl+Z.")});
  }
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
