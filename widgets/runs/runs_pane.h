// SPDX-License-Identifier: GPL-3.0-or-later
// The runs of the workspace: what state they are in, which are drawn, and what can be done with them.
#pragma once

#include <filesystem>
#include <vector>

#include "widgets/common/pane.h"
#include "widgets/common/plotted_run.h"

#include <QSet>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace counterpoint {

class DataTable;
class RunsFilter;
class RunsModel;

class RunsPane : public Pane {
  Q_OBJECT

 public:
  explicit RunsPane(RunsModel& runs, QWidget* parent = nullptr);

  // The run that is chosen in the list; empty where none is.
  std::filesystem::path current() const;
  void select(const std::filesystem::path& run);
  // What the plots are to draw, newest first.
  std::vector<PlottedRun> shown() const;
  void showNewest();
  // What the empty pane's button says.
  void setTrainOffer(const QString& button);

  DataTable* table() const { return table_; }
  QLineEdit* filter() const { return filter_; }
  QPushButton* stopButton() const { return stop_; }
  QPushButton* resumeButton() const { return resume_; }
  QComboBox* metric() const { return metric_; }
  // What stands above the table: why the chosen run failed; empty while nothing is wrong.
  QString cause() const;

  void registerActions(ActionRegistry& registry) override;
  QJsonObject saveState() const override;
  void restoreState(const QJsonObject& state) override;

 signals:
  void launchRequested();  // a config is to be chosen
  void trainRequested();   // the empty state's button: the workspace's own config is to be trained
  // `now`: the second press; the run ends without saving.
  void stopRequested(const std::filesystem::path& run, bool now);
  void resumeRequested(const std::filesystem::path& run);
  void currentChanged(const std::filesystem::path& run);
  void compareRequested(const QStringList& runs);  // their configs
  void detailsRequested(const std::filesystem::path& run);  // Enter or double click

 private:
  void refresh();
  void stop();  // after this step; where that was asked already: now
  void stopNow();
  void resume();
  void showMenu(const QPoint& position);
  bool canStop() const;
  bool canResume() const;
  bool stopsNow() const;

  RunsModel& runs_;
  RunsFilter* proxy_;
  DataTable* table_;
  QLineEdit* filter_;
  QComboBox* metric_;
  QPushButton *launch_, *stop_, *resume_;
  QLabel* cause_;
  ActionRegistry* registry_ = nullptr;
  QSet<QString> asked_;  // runs that were asked to stop once
  QString selectAtFirst_;
};

}  // namespace counterpoint
