// SPDX-License-Identifier: GPL-3.0-or-later
// The runs of a workspace as a table, read off the GUI thread and kept up to date.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/runs/run_list.h"
#include "widgets/common/series_style.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QSortFilterProxyModel>
#include <QStringList>

class QThread;

namespace counterpoint {

QString stateSymbol(RunState state);    // "●", "◌", "❚❚", "✓", "✗"
QString stateWord(RunState state);      // "running"
QString stateIconName(RunState state);  // of resources/icons

// "62 %, step 120 of 800"; "step 120" where the end is not known.
// The part of the run that is done, 0 to 1; 1 for a finished run, below 0 where the number of steps is unknown.
double progressShare(const Status& status);
QString progressWords(const Status& status);
// "4 min left" once the rate is steady, before that "estimating"; after the end how long it took.
QString timeWords(const RunSummary& run, double now);
// Why it failed, and what is doubtful about it, a line each; empty while nothing is wrong.
QString causeOf(const RunSummary& run);

// What a run folder says beside its status.
struct RunTraits {
  bool hasModel = false;   // a checkpoint that can be served
  std::string bestMetric;  // the metric that chooses its best checkpoint; empty where its config does not say
};
using RunTraitsByPath = std::map<std::filesystem::path, RunTraits>;

// Lists the runs in the reading thread whenever something in their folder changes, and once a second while one is
// going on.
class RunsReader : public QObject {
  Q_OBJECT

 public:
  RunsReader();
  ~RunsReader() override;

 public slots:
  void watch(const QString& folder);
  void look();

 signals:
  void listed(const QString& folder, const std::vector<counterpoint::RunSummary>& runs,
              const counterpoint::RunTraitsByPath& traits);

 private:
  void watchFolder();
  RunTraits traitsOf(const std::filesystem::path& run);

  struct Watch;
  std::unique_ptr<Watch> watch_;
  std::filesystem::path folder_;
  std::map<std::filesystem::path, std::string> bestMetrics_;  // a run's config does not change
};

class RunsModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Shown, State, Name, Progress, Time, Last, Best, Started, kColumns };
  enum Role { SortRole = Qt::UserRole, StateRole, ShareRole, PathRole };

  // `reading`: the thread in which folders are read; it must outlive the model.
  explicit RunsModel(QThread* reading, QObject* parent = nullptr);
  ~RunsModel() override;

  // The folder that holds the run folders; it need not exist yet. Empty: none.
  void setFolder(const std::filesystem::path& runs);
  const std::filesystem::path& folder() const { return folder_; }
  void refreshNow();

  const std::vector<RunSummary>& runs() const { return runs_; }
  const RunSummary* find(const std::filesystem::path& run) const;
  int rowOf(const std::filesystem::path& run) const;

  // The name without its time; with the time of day where another run has the same one.
  QString nameOfRun(const RunSummary& run) const;

  // The same run has the same colour everywhere: the oldest of the workspace has the first.
  SeriesStyle styleOf(const std::filesystem::path& run) const;

  // Whether a run is drawn: what a person chose, else the newest one and all that are going on.
  bool isShown(const std::filesystem::path& run) const;
  void setShown(const std::filesystem::path& run, bool shown);
  QHash<QString, bool> chosen() const { return chosen_; }
  void setChosen(const QHash<QString, bool>& chosen);

  const RunTraits& traitsOf(const std::filesystem::path& run) const;
  // `wanted` where that can be served, else the newest run that can; empty: none.
  std::filesystem::path runToServe(const std::filesystem::path& wanted) const;

  // The metric of the columns "last" and "best"; empty: the one that chooses each run's best checkpoint.
  void setMetric(const QString& metric);
  QString metric() const { return metric_; }
  QStringList metrics() const;  // of all runs, sorted

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 signals:
  void listed();        // the folder was read once more
  void shownChanged();  // what is to be drawn changed

 private:
  void take(const QString& folder, const std::vector<RunSummary>& runs, const RunTraitsByPath& traits);
  const MetricSummary* metricOf(const RunSummary& run) const;
  QString metricText(const RunSummary& run, bool best) const;
  QVariant display(const RunSummary& run, int column) const;
  QVariant sortKey(const RunSummary& run, int column) const;
  QString spoken(const RunSummary& run, int column) const;

  RunsReader* reader_;
  std::filesystem::path folder_;
  std::vector<RunSummary> runs_;  // newest first
  RunTraitsByPath traits_;
  QHash<QString, bool> chosen_;  // by folder name
  QString metric_;
};

// Filters by words in name, recipe or state; sorts by typed values.
class RunsFilter : public QSortFilterProxyModel {
  Q_OBJECT

 public:
  explicit RunsFilter(RunsModel& model, QObject* parent = nullptr);
  void setWords(const QString& words);

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

 private:
  RunsModel& model_;
  QStringList words_;
};

}  // namespace counterpoint
