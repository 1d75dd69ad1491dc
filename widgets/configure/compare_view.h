// SPDX-License-Identifier: GPL-3.0-or-later
// The open config beside any others and beside runs: differences only, against a base that a click moves.
#pragma once

#include <QList>
#include <QWidget>

#include <vector>

#include "core/config/compare.h"

class QAction;
class QCheckBox;
class QLabel;
class QLineEdit;
class QMenu;
class QToolButton;

namespace counterpoint {

class ComparisonModel;
class DataTable;
struct Notice;

class CompareView : public QWidget {
  Q_OBJECT

 public:
  // What can be put beside: a title and a file.
  struct Candidate {
    QString title, file;
  };

  explicit CompareView(QWidget* parent = nullptr);

  // The config that is edited: always the first column. Nothing is read again for it.
  void setEdited(const QString& name, const Json& values);
  void setCandidates(std::vector<Candidate> candidates);
  // A config's file or a run's folder; twice is once. What cannot be read becomes a notice.
  void add(const QString& file);
  void remove(const QString& file);
  void clear();
  void chooseRun();  // asks for a folder
  // What else the menu offers.
  void setCommands(const QList<QAction*>& commands) { commands_ = commands; }
  QStringList files() const;
  ComparisonModel* model() const { return model_; }
  DataTable* table() const { return table_; }

 signals:
  void candidatesAsked();  // the menu opens: setCandidates now
  void noticed(const counterpoint::Notice& notice);

 private:
  void fillMenu();
  void refresh();

  struct Other {
    QString file;
    NamedValues config;
  };
  NamedValues edited_;
  std::vector<Other> others_;
  std::vector<Candidate> candidates_;
  QList<QAction*> commands_;
  QToolButton *add_, *copy_;
  QMenu* menu_;
  QLineEdit* search_;
  QCheckBox* only_;
  QLabel* count_;
  ComparisonModel* model_;
  DataTable* table_;
};

}  // namespace counterpoint
