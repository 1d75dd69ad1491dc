// SPDX-License-Identifier: GPL-3.0-or-later
// The one table of what a person can do. Menus, toolbars, the palette (Ctrl+Shift+P), the shortcut sheet (F1), the
// editor of keys and accessible names are all read from it.
#pragma once

#include <QAction>
#include <QHash>
#include <QList>
#include <QMap>
#include <QObject>
#include <QString>

#include <functional>

namespace counterpoint {

struct ActionSpec {
  QString id{};              // "runs.stop": unique, stable, part of session files
  QString text{};            // "Stop after this step": a verb, sentence case
  QString category{};        // "Runs": menu and section of the shortcut sheet
  QString key{};             // as shipped, in portable text ("Ctrl+Shift+L"); empty: palette only. See key()
  QString icon{};            // a name of resources/icons, or empty
  QString accessibleName{};  // where the text alone would not say enough; empty: the text
  QString help{};            // one sentence for tooltip and palette; empty: the text
  bool checkable = false;
  std::function<void()> run{};      // what it does; for a checkable one see QAction::toggled
  std::function<bool()> enabled{};  // asked by refresh(); empty: always
  QWidget* scope = nullptr;         // key works while the focus is in this widget; null: everywhere in the window
  bool passing = false;             // stands for something that comes and goes: nobody gives it a key
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
  // For actions that stand for things that come and go, as recent workspaces. Unknown ids are left alone.
  void remove(const QString& id);

  // The key that works now, in portable text; empty: none.
  QString key(const QString& id) const;
  // The actions that would answer to `key` where `id` does, itself not counted.
  QStringList conflicts(const QString& id, const QString& key) const;
  // Gives `id` another key, or none. False, and nothing changes, while another action has it.
  bool setKey(const QString& id, const QString& key);
  // A person's own keys by id; also for actions that are added later. A key as shipped gives way to them. What cannot
  // be, two own keys that meet, stays as shipped and is returned.
  QStringList setOwnKeys(const QMap<QString, QString>& keys);
  QMap<QString, QString> ownKeys() const;  // those that differ from the shipped ones
  // Why no action may have this key; empty: it may.
  static QString keyProblem(const QString& key);

  // `text` and the key of the action in brackets, as long as both live.
  void keepToolTip(QWidget* widget, const QString& id, const QString& text = {});

  // Asks every predicate again. Cheap; call it after anything that may change an answer.
  void refresh();

 signals:
  void added(const QString& id);
  void removed(const QString& id);
  void keysChanged();

 private:
  const ActionSpec* spec(const QString& id) const;
  void apply(const ActionSpec& spec, const QString& key);

  QList<ActionSpec> specs_;
  QHash<QString, QAction*> actions_;
  QMap<QString, QString> own_;
};

}  // namespace counterpoint
