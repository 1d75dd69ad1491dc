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
#include <QPointer>
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

  // What the empty pane's button says where the workspace has no run yet.
  void setTrainOffer(const QString& button);

  // The card that has the focus, else the one whose menu was opened last, else the first one in sight.
  ChartCard* currentCard() const;

  // Writes one chart, or all where `only` is null: pictures into the folder `path`, numbers into one file.
  void exportCharts(ExportFormat format, const QString& path, ChartCard* only, bool visibleOnly);

  void registerActions(ActionRegistry& registry) override;
  QJsonObject saveState() const override;
  void restoreState(const QJsonObject& state) override;
  std::vector<TourStep> tourSteps() override;

 signals:
  void trainRequested();       // the empty state's button where there is no run
  void showNewestRequested();  // … and where none is chosen
  void exported(const QString& path);

 private:
  struct Run;

  void takeChange(Run& run, const QStringList& names, bool reset);
  QStringList noteMetrics();  // those that have a chart only now: give them their curves
  void arrange();
  void makeCard(const QString& metric);
  void giveCurves(ChartCard* card);
  void touch(ChartCard* card);
  void touchAll();
  void draw();
  void applySettings();
  void resetZoom(ChartCard* from);
  void showEmptyState();
  void fillMenu(QMenu* menu, const QStringList& ids);
  void fillExportMenu(QMenu* menu);
  void cardMenu(ChartCard* card, const QPoint& position);
  void showStates();  // of the actions that can be checked
  void askAndExport(ExportFormat format);
  void writeNumbers(const QString& file, std::vector<WantedNumbers> wanted);

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
  ActionRegistry* registry_ = nullptr;
  QPointer<ChartCard> chosen_;  // by its menu
  QString trainOffer_;
  bool workspaceHasRuns_ = false;
  bool exportAll_ = false, exportVisible_ = false;
  bool makingCards_ = false;  // more charts follow when the event loop has had its turn
};

}  // namespace counterpoint
