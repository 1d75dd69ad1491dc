// SPDX-License-Identifier: GPL-3.0-or-later
// The curves of one metric over one or several runs. Draws at most a few points a pixel, however long the curves are.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "widgets/common/theme.h"
#include "widgets/plots/chart_types.h"

#include <qcustomplot.h>

namespace counterpoint {

// Drag: zoom box. Shift or middle button and drag: pan. Wheel (with Ctrl, or while focused): zoom about the cursor.
// Arrows move the crosshair, + and - zoom, Shift and arrows pan, Home and double click reset, Escape hides the
// crosshair.
class MetricChart : public QCustomPlot {
  Q_OBJECT

 public:
  explicit MetricChart(const QString& metric, QWidget* parent = nullptr);

  const QString& metric() const { return metric_; }

  void setCurves(std::vector<ChartCurve> curves);
  const std::vector<ChartCurve>& curves() const { return curves_; }

  void setSettings(const ChartSettings& settings);
  const ChartSettings& settings() const { return settings_; }

  // The stretch of x that was chosen; nothing: all there is, growing as points come.
  void setWindow(std::optional<std::pair<double, double>> x);
  void reset();  // of both axes
  bool isZoomed() const { return x_.has_value() || y_.has_value(); }

  // Reads the curves and draws. `immediately` false folds several calls into one drawing.
  void refresh(bool immediately = false);
  // What was smoothed is void: points were taken back.
  void forget();

  // The crosshair, at x or hidden; linked over charts by the pane.
  void setCrosshair(std::optional<double> x);
  std::optional<double> crosshair() const { return crosshair_; }
  std::vector<LegendEntry> legendEntries() const;
  std::pair<double, double> xRange() const;
  bool hasValues() const { return hasValues_; }

  // Draws in light colours, whatever the theme, for files.
  void paintLight(QCPPainter& painter, QSize size);

 signals:
  void windowChosen(double lower, double upper);
  void resetRequested();
  void crosshairMoved(bool shown, double x);
  void refreshed();

 protected:
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  struct Lines {
    QCPGraph *raw, *smooth, *notNumbers, *above, *below;
    SmoothCache cache;
  };

  void setUpAxes();
  void applyColours(const ThemeRoles& look);
  void makeLines();
  void fitX();
  void fitY(const Extremes& extremes, std::optional<std::pair<double, double>> quantiles);
  void choose(double lower, double upper);
  void zoomBox(const QRect& box);
  void zoom(double factor, double aboutPixel);
  void pan(double pixels);
  void moveCrosshair(int points);
  void drawCrosshair();

  const QString metric_;
  std::vector<ChartCurve> curves_;
  std::vector<Lines> lines_;
  ChartSettings settings_;
  std::optional<std::pair<double, double>> x_, y_;
  std::optional<double> crosshair_;
  QCPAxis* edge_ = nullptr;  // 0 bottom, 1 top: where marks stand
  QCPItemStraightLine* line_ = nullptr;
  std::optional<QPointF> panFrom_;
  bool hasValues_ = false;
};

}  // namespace counterpoint
