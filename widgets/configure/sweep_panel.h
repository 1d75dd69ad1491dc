// SPDX-License-Identifier: GPL-3.0-or-later
// Keys marked as swept with their values in Hydra's grammar, and the jobs that come of them, before anything starts.
#pragma once

#include <QWidget>

#include <vector>

#include "core/config/config.h"

class QLabel;
class QLineEdit;
class QListView;
class QPushButton;
class QVBoxLayout;

namespace counterpoint {

class JobList;

class SweepPanel : public QWidget {
  Q_OBJECT

 public:
  explicit SweepPanel(QWidget* parent = nullptr);

  // The config that is swept; its schema checks every value.
  void setComposition(const Composition& composition);
  // Adds a row for `key`, with `values` to begin with; the row that is there gets the focus.
  void mark(const QString& key, const QString& values);
  void unmark(const QString& key);
  void clear();
  QStringList keys() const;
  // "key=a,b" for each row, as the shell's `sweep start` takes them.
  QStringList overrides() const;
  void setOverrides(const QStringList& overrides);
  QLineEdit* values(const QString& key) const;  // null when it is not swept
  QPushButton* startButton() const { return start_; }
  QListView* jobs() const { return jobs_; }

 signals:
  void keyTyped(const QString& key);  // to be marked, with the value that it has now
  void startAsked(const QStringList& overrides);
  void changed();

 private:
  struct Row {
    QString key;
    QWidget* widget;
    QLineEdit* values;
    QLabel *count, *problem;
  };

  void addTyped();
  void check();
  QString problemOf(const Row& row, std::size_t& count) const;

  Composition composition_;
  std::vector<Row> rows_;
  QVBoxLayout* list_;
  QLineEdit* key_;
  QPushButton* start_;
  QLabel* total_;
  QListView* jobs_;
  JobList* model_;
};

}  // namespace counterpoint
