// SPDX-License-Identifier: GPL-3.0-or-later
// A chart with its title, what can be done with it, its legend and its table.
#pragma once

#include <optional>

#include "widgets/plots/chart_types.h"

#include <QFrame>

class QLabel;
class QToolButton;

namespace counterpoint {

class ChartLegend;
class ChartWithTable;
class CurveTable;
class MetricChart;

class ChartCard : public QFrame {
  Q_OBJECT

 public:
  explicit ChartCard(const QString& metric, QWidget* parent = nullptr);

  const QString& metric() const { return metric_; }
  QString group() const;  // before the first "/"; "other" without one

  MetricChart* chart() const { return chart_; }
  ChartWithTable* numbers() const { return numbers_; }
  ChartLegend* legend() const { return legend_; }

  void setCurves(const std::vector<ChartCurve>& curves);
  // The pane's settings; the card's own log axes stand above them.
  void setSettings(const ChartSettings& settings);
  void setOwnLogX(std::optional<bool> log);
  void setOwnLogY(std::optional<bool> log);
  std::optional<bool> ownLogX() const { return ownLogX_; }
  std::optional<bool> ownLogY() const { return ownLogY_; }

  bool isPinned() const;
  void setPinned(bool pinned);
  void setExpanded(bool expanded);

  // Draws if it can be seen, and says whether it was.
  bool refresh(bool reset = false);
  // Legend and readout, after the crosshair moved.
  void showValues();

 signals:
  void pinToggled(bool pinned);
  void expandToggled();
  void menuRequested(const QPoint& globalPosition);

 protected:
  void showEvent(QShowEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  void apply();

  const QString metric_;
  MetricChart* chart_;
  CurveTable* model_;
  ChartWithTable* numbers_;
  ChartLegend* legend_;
  QLabel *title_, *where_;
  QToolButton *log_, *pin_, *expand_, *more_;
  ChartSettings settings_;
  std::optional<bool> ownLogX_, ownLogY_;
};

// x in words, as the readout above a chart shows it: "step 1 200", "14:03:22".
QString xText(double x, XAxis axis);

}  // namespace counterpoint
