// SPDX-License-Identifier: GPL-3.0-or-later
// Live curves of the chosen runs: a chart a metric, in sections by the prefix before the first "/".
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "widgets/common/pane.h"
#include "widgets/common/plotted_run.h"
#include "widgets/plots/chart_export.h"
#include "widgets/plots/chart_types.h"

#include <QHash>
#include <QSet>
#include <QTimer>

class QMenu;
class QScrollArea;

namespace counterpoint {

class ChartCard;
class ChartGrid;
class PlotsBar;

class PlotsPane : public Pane {
  Q_OBJECT

 public:
  explicit PlotsPane(RunFeeds& feeds, QWidget* parent = nullptr);
  ~PlotsPane() override;

  // Replaces what is drawn. `workspaceHasRuns` chooses what an empty pane proposes.
  void setRuns(const std::vector<PlottedRun>& runs, bool workspaceHasRuns);

  QList<ChartCard*> cards() const;  // in the order of their names
  ChartCard* card(const QString& metric) const;
  PlotsBar* bar() const { return bar_; }
  ChartGrid* grid() const { return grid_; }

  // The card that has the focus, else the first one in sight.
  ChartCard* currentCard() const;

  // Writes one chart (or all, then `path` is a folder) as pictures or numbers.
  void exportCharts(ExportFormat format, const QString& path, bool all, bool visibleOnly);

  void registerActions(ActionRegistry& registry) override;
  QJsonObject saveState() const override;
  void restoreState(const QJsonObject& state) override;
  std::vector<TourStep> tourSteps() override;

 signals:
  void launchRequested();      // the empty state's button where there is no run
  void showNewestRequested();  // … and where none is chosen
  void exported(const QString& path);

 private:
  struct Run;

  void takeChange(Run& run, const QStringList& names, bool reset);
  void noteMetrics();
  void arrange();
  void makeCard(const QString& metric);
  void giveCurves(ChartCard* card);
  void touch(ChartCard* card);
  void touchAll();
  void draw();
  void applySettings();
  void resetZoom(ChartCard* from);
  void showEmptyState();
  void fillExportMenu(QMenu* menu, ChartCard* card);
  void cardMenu(ChartCard* card, const QPoint& position);
  void askAndExport(ExportFormat format, ChartCard* card);

  RunFeeds& feeds_;
  PlotsBar* bar_;
  ChartGrid* grid_;
  QScrollArea* scroll_;
  std::vector<std::unique_ptr<Run>> runs_;
  std::map<QString, ChartCard*> cards_;
  QSet<ChartCard*> dirty_;
  QSet<QString> pinned_;
  QHash<QString, QJsonObject> remembered_;  // what the session says of charts that do not exist yet
  QTimer tick_;
  bool workspaceHasRuns_ = false;
  bool exportAll_ = false, exportVisible_ = false;
};

}  // namespace counterpoint
