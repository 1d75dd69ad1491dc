// SPDX-License-Identifier: GPL-3.0-or-later
// One run: why it failed on top, its facts, its logs, its events.
#pragma once

#include <filesystem>

#include "widgets/common/pane.h"
#include "widgets/common/run_feed.h"

class QLabel;
class QPushButton;
class QTabWidget;

namespace counterpoint {

class DataTable;
class RankLogView;
class RunEventsView;
class RunFacts;
class RunsModel;

// The command that started a run, as environment.json keeps it; empty where it says none.
QString commandOf(const std::filesystem::path& run);

class RunDetailsPane : public Pane {
  Q_OBJECT

 public:
  RunDetailsPane(RunsModel& runs, RunFeeds& feeds, QWidget* parent = nullptr);
  ~RunDetailsPane() override;

  void setRun(const std::filesystem::path& run);  // empty: none
  const std::filesystem::path& run() const { return run_; }
  QString cause() const;  // what stands on top; empty while nothing is wrong

  RankLogView* log() const { return log_; }
  RunEventsView* events() const { return events_; }
  DataTable* facts() const { return facts_; }
  QTabWidget* tabs() const { return tabs_; }

  void registerActions(ActionRegistry& registry) override;
  std::vector<TourStep> tourSteps() override;

 signals:
  void chooseRequested();  // the empty state's button: bring the list of runs forward

 private:
  void refresh();
  void copyCommand();

  RunsModel& runs_;
  RunFeeds& feeds_;
  std::filesystem::path run_;
  QLabel *title_, *state_, *cause_;
  QPushButton* copy_;
  QTabWidget* tabs_;
  DataTable* facts_;
  RunFacts* model_;
  RankLogView* log_;
  RunEventsView* events_;
};

}  // namespace counterpoint
