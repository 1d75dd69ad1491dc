// SPDX-License-Identifier: GPL-3.0-or-later
// The one table of what a person can do. Menus, toolbars, the palette (Ctrl+Shift+P), the shortcut sheet (F1) and
// accessible names are all read from it.
#pragma once

#include <QAction>
#include <QHash>
#include <QList>
#include <QObject>
#include <QString>

#include <functional>

namespace counterpoint {

struct ActionSpec {
  QString id{};              // "runs.stop": unique, stable, part of session files
  QString text{};            // "Stop after this step": a verb, sentence case
  QString category{};        // "Runs": menu and section of the shortcut sheet
  QString key{};             // portable text ("Ctrl+Shift+L"), empty: palette only
  QString icon{};            // a name of resources/icons, or empty
  QString accessibleName{};  // where the text alone would not say enough; empty: the text
  QString help{};            // one sentence for tooltip and palette; empty: the text
  bool checkable = false;
  std::function<void()> run{};      // what it does; for a checkable one see QAction::toggled
  std::function<bool()> enabled{};  // asked by refresh(); empty: always
  QWidget* scope = nullptr;         // key works while the focus is in this widget; null: everywhere in the window
};

class ActionRegistry : public QObject {
  Q_OBJECT

 public:
  explicit ActionRegistry(QObject* parent = nullptr);

  // Adds one; the registry owns the QAction. An id twice or two equal keys in one scope is a bug: it throws Error{Bug}.
  QAction* add(ActionSpec spec);

  QAction* action(const QString& id) const;  // null when there is none
  const QList<ActionSpec>& specs() const { return specs_; }
  QStringList categories() const;  // in order of first use

  // Asks every predicate again. Cheap; call it after anything that may change an answer.
  void refresh();

 signals:
  void added(const QString& id);

 private:
  QList<ActionSpec> specs_;
  QHash<QString, QAction*> actions_;
};

}  // namespace counterpoint
