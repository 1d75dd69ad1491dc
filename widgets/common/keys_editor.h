// SPDX-License-Identifier: GPL-3.0-or-later
// Every action with its key: search, press a new one. A key that another action has is shown and refused until it is
// given away there.
#pragma once

#include <QAbstractTableModel>
#include <QLineEdit>
#include <QWidget>

class QLabel;
class QPushButton;
class QSortFilterProxyModel;

namespace counterpoint {

class ActionRegistry;
struct ActionSpec;
class DataTable;

// Takes the next key that is pressed in it, with its modifiers. Tab still leaves it.
class KeyField : public QLineEdit {
  Q_OBJECT

 public:
  explicit KeyField(QWidget* parent = nullptr);
  QString key() const { return key_; }  // portable text; empty: none was pressed yet
  void setKey(const QString& key);
  void clearKey() { setKey({}); }

 signals:
  void pressed(const QString& key);

 protected:
  bool event(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent*) override {}

 private:
  QString key_;
};

// Columns: command, subject, key, key as shipped, remark.
class KeysModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  explicit KeysModel(ActionRegistry& registry, QObject* parent = nullptr);
  QString idAt(int row) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  QString remark(const ActionSpec& spec) const;
  QStringList lasting() const;
  void read();

  ActionRegistry& registry_;
  QStringList ids_;
  QList<int> rows_;  // of the registry's table
};

class KeysEditor : public QWidget {
  Q_OBJECT

 public:
  explicit KeysEditor(ActionRegistry& registry, QWidget* parent = nullptr);

  void choose(const QString& id);
  QString chosen() const;           // empty: none
  void tryKey(const QString& key);  // as if it had been pressed in the field
  DataTable* table() const { return table_; }
  QLineEdit* search() const { return search_; }
  KeyField* field() const { return field_; }
  QLabel* problem() const { return problem_; }
  QPushButton* setButton() const { return set_; }
  QPushButton* takeButton() const { return take_; }
  QPushButton* noneButton() const { return none_; }
  QPushButton* resetButton() const { return reset_; }
  QPushButton* resetAllButton() const { return resetAll_; }

 private:
  void describe();
  void take();
  QPushButton* makeButton(const QString& text, const QString& name, void (KeysEditor::*does)());
  void set();
  void none();
  void reset();
  void resetAll();

  ActionRegistry& registry_;
  KeysModel* model_;
  QSortFilterProxyModel* filter_;
  QLineEdit* search_;
  DataTable* table_;
  QLabel *heading_, *problem_;
  KeyField* field_;
  QPushButton *set_, *take_, *none_, *reset_, *resetAll_;
};

}  // namespace counterpoint
