// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl+Shift+P: every action by its words; and F1: every key on one sheet. Both read the registry.
#pragma once

#include <QDialog>
#include <QString>
#include <QStringList>

class QLineEdit;
class QListWidget;

namespace counterpoint {

class ActionRegistry;

// How well `words` (typed) fit `text`: 0 not at all; all words must occur; starts of words count more.
int paletteScore(const QString& typed, const QString& text);

class CommandPalette : public QDialog {
  Q_OBJECT

 public:
  // `recent`: ids to show first while nothing is typed.
  CommandPalette(ActionRegistry& registry, QStringList recent, QWidget* parent);
  QLineEdit* field() const { return field_; }
  QListWidget* list() const { return list_; }

 signals:
  void triggered(const QString& id);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void fill();
  void runCurrent();

  ActionRegistry& registry_;
  QStringList recent_;
  QLineEdit* field_;
  QListWidget* list_;
};

class ShortcutSheet : public QDialog {
  Q_OBJECT

 public:
  ShortcutSheet(const ActionRegistry& registry, QWidget* parent);
};

}  // namespace counterpoint
