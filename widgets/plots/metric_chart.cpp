// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/metric_chart.h"

#include <algorithm>
#include <cmath>

namespace counterpoint {
namespace {

constexpr double kMargin = 0.04;  // of the range, above and below the curves
constexpr int kFaint = 70;        // alpha of the original under a smoothed curve
constexpr double kInsideQuantiles = 0.05;
constexpr int kMarkSize = 6;
constexpr double kEdgeRoom = 0.025;  // of the height: marks at the edge are whole
constexpr const char* kCrosshairLayer = "crosshair";

QVector<QCPGraphData> graphData(const std::vector<PointXY>& points) {
  QVector<QCPGraphData> data;
  data.reserve(static_cast<int>(points.size()));
  for (const PointXY& point : points) data.append(QCPGraphData(point.x, point.y));
  return data;
}

QVector<QCPGraphData> markData(const std::vector<double>& xs, double height) {
  QVector<QCPGraphData> data;
  data.reserve(static_cast<int>(xs.size()));
  for (const double x : xs) data.append(QCPGraphData(x, height));
  return data;
}

QColor withAlpha(QColor colour, int alpha) {
  colour.setAlpha(alpha);
  return colour;
}

QSharedPointer<QCPAxisTicker> tickerFor(const ChartSettings& settings, double span) {
  if (settings.axis == XAxis::Wall) {
    QSharedPointer<QCPAxisTickerDateTime> ticker(new QCPAxisTickerDateTime);
    ticker->setDateTimeFormat(span > 86400 * 2 ? QStringLiteral("MM-dd hh:mm") : QStringLiteral("hh:mm:ss"));
    ticker->setTickCount(4);
    return ticker;
  }
  if (settings.logX) return QSharedPointer<QCPAxisTickerLog>(new QCPAxisTickerLog);
  if (settings.axis == XAxis::Relative) {
    QSharedPointer<QCPAxisTickerTime> ticker(new QCPAxisTickerTime);
    ticker->setTimeFormat(QStringLiteral("%h:%m:%s"));
    ticker->setTickCount(4);
    return ticker;
  }
  return QSharedPointer<QCPAxisTicker>(new QCPAxisTicker);
}

void setScale(QCPAxis* axis, bool logarithmic) {
  axis->setScaleType(logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
  axis->setNumberFormat(logarithmic ? QStringLiteral("eb") : QStringLiteral("gb"));
  axis->setNumberPrecision(logarithmic ? 0 : 6);
}

}  // namespace

MetricChart::MetricChart(const QString& metric, QWidget* parent) : QCustomPlot(parent), metric_(metric) {
  setObjectName(QStringLiteral("chart ") + metric);
  setAccessibleName(tr("%1, as a chart").arg(metric));
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setNoAntialiasingOnDrag(true);
  setToolTip(QString());
  setWhatsThis(
      tr("Drag: zoom. Shift and drag: move. Ctrl and wheel: zoom about the cursor. Double click: all. "
         "Arrows: read values. T: table."));
  addLayer(QLatin1String(kCrosshairLayer), layer(QStringLiteral("main")), limAbove);
  layer(QLatin1String(kCrosshairLayer))->setMode(QCPLayer::lmBuffered);
  setUpAxes();
  line_ = new QCPItemStraightLine(this);
  line_->setLayer(QLatin1String(kCrosshairLayer));
  line_->setVisible(false);
  setSelectionRectMode(QCP::srmCustom);
  connect(selectionRect(), &QCPSelectionRect::accepted, this, [this](const QRect& box) { zoomBox(box.normalized()); });
  connect(this, &QCustomPlot::afterReplot, this, &MetricChart::refreshed);
  applyColours(roles());
}

void MetricChart::setUpAxes() {
  axisRect()->setMinimumMargins(QMargins(8, 8, 12, 4));
  edge_ = axisRect()->addAxis(QCPAxis::atRight);
  edge_->setRange(-kEdgeRoom, 1 + kEdgeRoom);
  edge_->setVisible(false);
  for (QCPAxis* axis : {xAxis, yAxis}) {
    axis->setTickLengthIn(0);
    axis->setSubTicks(false);
    axis->setTickLabelPadding(4);
    axis->setNumberFormat(QStringLiteral("gb"));
  }
  yAxis->ticker()->setTickCount(4);
}

void MetricChart::applyColours(const ThemeRoles& look) {
  setBackground(QBrush(look.panel));
  const QFont font = tabularFont(0.85);
  for (QCPAxis* axis : {xAxis, yAxis}) {
    axis->setBasePen(QPen(look.line, 0));
    axis->setTickPen(QPen(look.line, 0));
    axis->setTickLabelColor(look.quiet);
    axis->setTickLabelFont(font);
    axis->grid()->setPen(QPen(look.line, 0));
    axis->grid()->setZeroLinePen(QPen(look.line, 0));
    axis->grid()->setSubGridVisible(false);
  }
  xAxis->grid()->setVisible(false);
  line_->setPen(QPen(look.quiet, 0));
  selectionRect()->setPen(QPen(look.accent, 0));
  selectionRect()->setBrush(withAlpha(look.accent, 40));
}

void MetricChart::setCurves(std::vector<ChartCurve> curves) {
  curves_ = std::move(curves);
  makeLines();
}

void MetricChart::makeLines() {
  clearGraphs();
  lines_.clear();
  const auto marks = [this](const QColor& colour, QCPScatterStyle::ScatterShape shape) {
    QCPGraph* graph = addGraph(xAxis, edge_);
    graph->setLineStyle(QCPGraph::lsNone);
    graph->setScatterStyle(QCPScatterStyle(shape, QPen(colour, 1.2), QBrush(colour), kMarkSize));
    graph->setAntialiasedScatters(true);
    return graph;
  };
  for (const ChartCurve& curve : curves_) {
    Lines lines{};
    lines.raw = addGraph(xAxis, yAxis);
    lines.smooth = addGraph(xAxis, yAxis);
    lines.smooth->setPen(curve.style.pen());
    lines.notNumbers = marks(curve.style.colour, QCPScatterStyle::ssCross);
    lines.above = marks(curve.style.colour, QCPScatterStyle::ssTriangle);
    lines.below = marks(curve.style.colour, QCPScatterStyle::ssTriangleInverted);
    lines_.push_back(std::move(lines));
  }
}

void MetricChart::setSettings(const ChartSettings& settings) {
  if (settings.axis != settings_.axis) x_.reset();
  if (settings.logY != settings_.logY) y_.reset();
  if (settings.logX && x_ && x_->first <= 0) x_.reset();
  settings_ = settings;
  setScale(xAxis, settings.logX && settings.axis != XAxis::Wall);
  settings_.logX = settings.logX && settings.axis != XAxis::Wall;
  setScale(yAxis, settings.logY);
  if (settings.logY) {
    yAxis->setTicker(QSharedPointer<QCPAxisTickerLog>(new QCPAxisTickerLog));
  } else {
    yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
  }
  yAxis->ticker()->setTickCount(4);
}

void MetricChart::setWindow(std::optional<std::pair<double, double>> x) {
  if (x && settings_.logX && x->first <= 0) x.reset();
  x_ = x;
}

void MetricChart::reset() {
  x_.reset();
  y_.reset();
}

void MetricChart::forget() {
  for (Lines& lines : lines_) lines.cache.forget();
}

std::pair<double, double> MetricChart::xRange() const { return {xAxis->range().lower, xAxis->range().upper}; }

void MetricChart::fitX() {
  double lower = 1, upper = 0;
  if (x_) {
    std::tie(lower, upper) = *x_;
  } else {
    for (const ChartCurve& curve : curves_) {
      const double start = settings_.axis == XAxis::Relative ? curve.feed->startTime() : 0;
      const auto extent = curve.feed->read([&](const EventReader& events) {
        const Series* series = events.find(metric_.toStdString());
        return series ? xExtent(*series, settings_.axis, start, settings_.logX) : std::pair<double, double>(1, 0);
      });
      if (extent.first > extent.second) continue;
      lower = lower > upper ? extent.first : std::min(lower, extent.first);
      upper = std::max(upper, extent.second);
    }
    if (lower > upper) {
      lower = settings_.logX ? 1 : 0;
      upper = settings_.logX ? 10 : 1;
    } else if (lower == upper) {
      lower = settings_.logX ? lower / 2 : lower - 1;
      upper = settings_.logX ? upper * 2 : upper + 1;
    }
  }
  xAxis->setRange(lower, upper);
  xAxis->setTicker(tickerFor(settings_, upper - lower));
}

void MetricChart::fitY(const Extremes& extremes, std::optional<std::pair<double, double>> quantiles) {
  if (y_) {
    yAxis->setRange(y_->first, y_->second);
    return;
  }
  double lower = extremes.minimum, upper = extremes.maximum;
  if (quantiles && quantiles->first <= quantiles->second) std::tie(lower, upper) = *quantiles;
  if (lower > upper) {
    lower = settings_.logY ? 0.1 : 0;
    upper = 1;
  }
  if (settings_.logY) {
    const double factor = std::max(std::pow(upper / lower, kMargin), 1.05);
    yAxis->setRange(lower / factor, upper * factor);
    return;
  }
  double margin = (upper - lower) * kMargin;
  if (margin <= 0) margin = std::max(std::abs(lower) * kMargin, 1e-9);
  yAxis->setRange(lower - margin, upper + margin);
}

void MetricChart::refresh(bool immediately) {
  fitX();
  CurveWindow window;
  window.axis = settings_.axis;
  window.from = xAxis->range().lower;
  window.to = xAxis->range().upper;
  window.columns = std::max(axisRect()->width(), 50);
  window.logX = settings_.logX;
  window.logY = settings_.logY;

  Extremes extremes;
  std::optional<std::pair<double, double>> quantiles;
  hasValues_ = false;
  for (std::size_t i = 0; i < curves_.size(); ++i) {
    Lines& lines = lines_[i];
    window.start = settings_.axis == XAxis::Relative ? curves_[i].feed->startTime() : 0;
    const bool smooths = settings_.smoothing > 0;
    const DrawnCurve drawn = curves_[i].feed->read([&](const EventReader& events) {
      const Series* series = events.find(metric_.toStdString());
      if (!series) return DrawnCurve{};
      hasValues_ = hasValues_ || !series->empty();
      if (settings_.robust) {
        const auto range = quantileRange(*series, window, kInsideQuantiles, 1 - kInsideQuantiles);
        if (range.first <= range.second) {
          quantiles =
              quantiles ? std::pair(std::min(quantiles->first, range.first), std::max(quantiles->second, range.second))
                        : range;
        }
      }
      return drawCurve(*series, window, smooths ? &lines.cache.values(*series, settings_.smoothing) : nullptr);
    });
    extremes.take(drawn.extremes);
    QPen pen = curves_[i].style.pen();
    if (smooths) {
      pen.setStyle(Qt::SolidLine);
      pen.setColor(withAlpha(pen.color(), kFaint));
    }
    lines.raw->setPen(pen);
    // A single point is no line: it is shown as a dot.
    const bool lone = drawn.raw.size() == 1;
    lines.raw->setScatterStyle(lone ? QCPScatterStyle(QCPScatterStyle::ssDisc, kMarkSize) : QCPScatterStyle());
    lines.raw->data()->set(graphData(drawn.raw), true);
    lines.smooth->data()->set(graphData(drawn.smooth), true);
    lines.notNumbers->data()->set(markData(drawn.notNumbers, 0), true);
    lines.above->data()->set(markData(drawn.above, 1), true);
    lines.below->data()->set(markData(drawn.below, 0), true);
    for (QCPGraph* marks : {lines.notNumbers, lines.above, lines.below}) marks->setVisible(!marks->data()->isEmpty());
  }
  fitY(extremes, quantiles);
  drawCrosshair();
  replot(immediately ? rpImmediateRefresh : rpQueuedReplot);
}

void MetricChart::paintLight(QCPPainter& painter, QSize size) {
  const bool shown = line_->visible();
  line_->setVisible(false);
  applyColours(themeRoles(ThemeName::Light));
  toPainter(&painter, size.width(), size.height());
  line_->setVisible(shown);
  applyColours(roles());
}

std::vector<LegendEntry> MetricChart::legendEntries() const {
  std::vector<LegendEntry> entries;
  for (std::size_t i = 0; i < curves_.size(); ++i) {
    LegendEntry entry{curves_[i].run, curves_[i].style, std::nullopt, 0};
    const double start = settings_.axis == XAxis::Relative ? curves_[i].feed->startTime() : 0;
    curves_[i].feed->read([&](const EventReader& events) {
      const Series* series = events.find(metric_.toStdString());
      if (!series || series->empty()) return;
      const std::size_t at =
          crosshair_ ? nearestPoint(*series, settings_.axis, start, *crosshair_) : series->size() - 1;
      entry.value = (*series)[at].value;
      entry.x = xValue((*series)[at], settings_.axis, start);
    });
    entries.push_back(std::move(entry));
  }
  return entries;
}

void MetricChart::setCrosshair(std::optional<double> x) {
  crosshair_ = x;
  drawCrosshair();
  if (isVisible()) layer(QLatin1String(kCrosshairLayer))->replot();
}

void MetricChart::drawCrosshair() {
  line_->setVisible(crosshair_ && xAxis->range().contains(*crosshair_));
  if (!crosshair_) return;
  line_->point1->setCoords(*crosshair_, yAxis->range().lower);
  line_->point2->setCoords(*crosshair_, yAxis->range().upper);
}

}  // namespace counterpoint
