// SPDX-License-Identifier: GPL-3.0-or-later
// Mouse and keyboard of a chart.
#include <algorithm>
#include <cmath>

#include "widgets/common/measures.h"
#include "widgets/common/theme.h"
#include "widgets/plots/metric_chart.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

namespace counterpoint {
namespace {

constexpr double kNotch = 0.8;       // of the range, one notch of the wheel or one key
constexpr int kDegreesANotch = 120;  // as Qt counts them, in eighths
constexpr int kMinimumBox = 6;       // a smaller zoom box is a click
constexpr double kKeyPan = 0.2;      // of the width, one key
constexpr int kPage = 20;            // points, Ctrl and arrow

}  // namespace

void MetricChart::choose(double lower, double upper) {
  if (!std::isfinite(lower) || !std::isfinite(upper) || !(lower < upper)) return;
  if (settings_.logX && lower <= 0) return;
  // Narrower than double can count at this place: the axis would show the same number twice.
  if (upper - lower < 1e-12 * std::max(std::abs(lower), std::abs(upper))) return;
  x_ = std::pair(lower, upper);
  refresh();
  emit windowChosen(lower, upper);
}

void MetricChart::zoomBox(const QRect& box) {
  const QRect inside = box.intersected(axisRect()->rect());
  if (inside.width() < kMinimumBox) return;
  if (inside.height() >= kMinimumBox) {
    y_ = std::pair(yAxis->pixelToCoord(inside.bottom()), yAxis->pixelToCoord(inside.top()));
  }
  choose(xAxis->pixelToCoord(inside.left()), xAxis->pixelToCoord(inside.right()));
}

void MetricChart::zoom(double factor, double aboutPixel) {
  const double left = axisRect()->left(), right = axisRect()->right();
  choose(xAxis->pixelToCoord(aboutPixel - (aboutPixel - left) * factor),
         xAxis->pixelToCoord(aboutPixel + (right - aboutPixel) * factor));
}

void MetricChart::pan(double pixels) {
  choose(xAxis->pixelToCoord(axisRect()->left() - pixels), xAxis->pixelToCoord(axisRect()->right() - pixels));
}

void MetricChart::moveCrosshair(int points) {
  double x = crosshair_.value_or(xAxis->range().upper);
  for (const ChartCurve& curve : curves_) {
    const double start = settings_.axis == XAxis::Relative ? curve.feed->startTime() : 0;
    const bool found = curve.feed->read([&](const EventReader& events) {
      const Series* series = events.find(metric_.toStdString());
      if (!series || series->empty()) return false;
      const auto at = static_cast<std::int64_t>(nearestPoint(*series, settings_.axis, start, x));
      const std::int64_t next =
          std::clamp<std::int64_t>(crosshair_ ? at + points : at, 0, static_cast<std::int64_t>(series->size()) - 1);
      x = xValue((*series)[static_cast<std::size_t>(next)], settings_.axis, start);
      return true;
    });
    if (found) break;
  }
  setCrosshair(x);
  emit crosshairMoved(true, x);
}

void MetricChart::mousePressEvent(QMouseEvent* event) {
  setFocus(Qt::MouseFocusReason);
  const bool pans = event->button() == Qt::MiddleButton ||
                    (event->button() == Qt::LeftButton && event->modifiers().testFlag(Qt::ShiftModifier));
  if (pans) {
    panFrom_ = event->position();
    setCursor(Qt::ClosedHandCursor);
    event->accept();
    return;
  }
  if (event->button() == Qt::LeftButton) QCustomPlot::mousePressEvent(event);
}

void MetricChart::mouseMoveEvent(QMouseEvent* event) {
  if (panFrom_) {
    const QPointF moved = event->position() - *panFrom_;
    panFrom_ = event->position();
    if (y_) {
      const QRect area = axisRect()->rect();
      y_ = std::pair(yAxis->pixelToCoord(area.bottom() - moved.y()), yAxis->pixelToCoord(area.top() - moved.y()));
    }
    pan(moved.x());
    return;
  }
  QCustomPlot::mouseMoveEvent(event);
  if (axisRect()->rect().contains(event->position().toPoint())) {
    const double x = xAxis->pixelToCoord(event->position().x());
    setCrosshair(x);
    emit crosshairMoved(true, x);
  }
}

void MetricChart::mouseReleaseEvent(QMouseEvent* event) {
  if (panFrom_) {
    panFrom_.reset();
    unsetCursor();
    return;
  }
  if (event->button() == Qt::LeftButton) QCustomPlot::mouseReleaseEvent(event);
}

void MetricChart::mouseDoubleClickEvent(QMouseEvent*) { emit resetRequested(); }

void MetricChart::wheelEvent(QWheelEvent* event) {
  // Without focus or Ctrl the wheel scrolls the page of charts.
  if (!hasFocus() && !event->modifiers().testFlag(Qt::ControlModifier)) {
    event->ignore();
    return;
  }
  const double notches = event->angleDelta().y() / static_cast<double>(kDegreesANotch);
  zoom(std::pow(kNotch, notches), event->position().x());
  event->accept();
}

void MetricChart::leaveEvent(QEvent*) {
  setCrosshair(std::nullopt);
  emit crosshairMoved(false, 0);
}

void MetricChart::keyPressEvent(QKeyEvent* event) {
  const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
  const int points = event->modifiers().testFlag(Qt::ControlModifier) ? kPage : 1;
  const double middle = crosshair_ ? xAxis->coordToPixel(*crosshair_) : axisRect()->center().x();
  switch (event->key()) {
    case Qt::Key_Left: shift ? pan(axisRect()->width() * kKeyPan) : moveCrosshair(-points); return;
    case Qt::Key_Right: shift ? pan(-axisRect()->width() * kKeyPan) : moveCrosshair(points); return;
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoom(kNotch, middle); return;
    case Qt::Key_Minus: zoom(1 / kNotch, middle); return;
    case Qt::Key_Home: emit resetRequested(); return;
    case Qt::Key_Escape:
      if (crosshair_) {
        setCrosshair(std::nullopt);
        emit crosshairMoved(false, 0);
        return;
      }
      break;
    default: break;
  }
  QCustomPlot::keyPressEvent(event);
}

void MetricChart::focusInEvent(QFocusEvent* event) {
  QCustomPlot::focusInEvent(event);
  update();
}

void MetricChart::focusOutEvent(QFocusEvent* event) {
  QCustomPlot::focusOutEvent(event);
  update();
}

void MetricChart::changeEvent(QEvent* event) {
  QCustomPlot::changeEvent(event);
  if (event->type() == QEvent::PaletteChange && line_) {
    applyColours(roles());
    replot(rpQueuedReplot);
  }
}

void MetricChart::resizeEvent(QResizeEvent* event) {
  QCustomPlot::resizeEvent(event);
  if (isVisible() && !curves_.empty()) refresh();
}

void MetricChart::paintEvent(QPaintEvent* event) {
  QCustomPlot::paintEvent(event);
  if (!hasFocus()) return;
  QPainter painter(this);
  painter.setPen(QPen(roles().accent, measures::kFocusRing));
  painter.drawRect(QRectF(rect()).adjusted(1, 1, -1, -1));
}

}  // namespace counterpoint
