// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/clips/time_line.h"

#include "widgets/common/measures.h"
#include "widgets/common/theme.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace counterpoint {
namespace {

constexpr int kSide = measures::kEdge;
constexpr double kTop = 10, kBottom = 26;  // of the ticks; key frames stand above, seen frames below
constexpr double kClosestTicks = 4;

}  // namespace

TimeLine::TimeLine(QWidget* parent) : QSlider(Qt::Horizontal, parent) {
  setAccessibleName(tr("Time line"));
  setFocusPolicy(Qt::StrongFocus);
  setPageStep(10);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  setFrameCount(0);
}

void TimeLine::setFrameCount(int frames) {
  QSlider::setRange(0, std::max(0, frames - 1));
  setEnabled(frames > 0);
  seen_.clear();
  key_.clear();
  setRange(0, maximum(), false);
}

void TimeLine::setSeenFrames(std::vector<int> frames) {
  seen_ = std::move(frames);
  setAccessibleDescription(
      seen_.empty() ? QString() : tr("%n frames were seen by the model", nullptr, static_cast<int>(seen_.size())));
  update();
}

void TimeLine::setKeyFrames(std::vector<int> frames) {
  key_ = std::move(frames);
  update();
}

void TimeLine::setRange(int first, int last, bool marked) {
  first_ = first;
  last_ = last;
  marked_ = marked;
  update();
}

double TimeLine::xOf(int frame) const {
  return kSide + (maximum() > 0 ? static_cast<double>(frame) / maximum() : 0.0) * (width() - 2 * kSide);
}

int TimeLine::frameAtX(double x) const {
  const double share = (x - kSide) / std::max(1, width() - 2 * kSide);
  return std::clamp(static_cast<int>(std::lround(share * maximum())), 0, maximum());
}

void TimeLine::paintEvent(QPaintEvent*) {
  const ThemeRoles& role = roles();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  if (marked_) {
    const QRectF part(QPointF(xOf(first_), kTop - 4), QPointF(xOf(last_), kBottom + 2));
    painter.fillRect(part, role.select);
    painter.setPen(role.accent);
    painter.setFont(uiFont(measures::kSmall, true));
    painter.drawText(QPointF(part.left() - 10, kBottom), QStringLiteral("A"));
    painter.drawText(QPointF(part.right() + 3, kBottom), QStringLiteral("B"));
  }
  const double apart = maximum() > 0 ? (width() - 2.0 * kSide) / maximum() : width();
  const int every = std::max(1, static_cast<int>(std::ceil(kClosestTicks / apart)));
  painter.setPen(QPen(isEnabled() ? role.edge : role.line, 1));
  for (int frame = 0; isEnabled() && frame <= maximum(); frame += every) {
    const double x = std::floor(xOf(frame)) + 0.5;
    painter.drawLine(QPointF(x, frame % (10 * every) == 0 ? kTop : kTop + 6), QPointF(x, kBottom));
  }
  painter.drawLine(QPointF(kSide, kBottom + 0.5), QPointF(width() - kSide, kBottom + 0.5));

  painter.setPen(Qt::NoPen);
  painter.setBrush(role.accent);
  for (const int frame : seen_) {
    const double x = xOf(frame);
    painter.drawPolygon(
        QPolygonF{QPointF(x, kBottom + 3), QPointF(x + 3.5, kBottom + 10), QPointF(x - 3.5, kBottom + 10)});
  }
  painter.setBrush(role.warn);
  for (const int frame : key_) {
    const double x = xOf(frame);
    painter.drawPolygon(
        QPolygonF{QPointF(x, kTop - 9), QPointF(x + 4, kTop - 5), QPointF(x, kTop - 1), QPointF(x - 4, kTop - 5)});
  }
  if (isEnabled()) {
    const double x = xOf(value());
    painter.setPen(QPen(role.text, 2));
    painter.drawLine(QPointF(x, kTop - 2), QPointF(x, kBottom + 2));
    painter.setPen(Qt::NoPen);
    painter.setBrush(role.text);
    painter.drawEllipse(QPointF(x, kTop - 2), 4, 4);
  }
  if (hasFocus()) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(role.accent, measures::kFocusRing));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), measures::kCorner, measures::kCorner);
  }
}

void TimeLine::mousePressEvent(QMouseEvent* event) {
  setFocus(Qt::MouseFocusReason);
  if (event->button() == Qt::LeftButton) setValue(frameAtX(event->position().x()));
}

void TimeLine::mouseMoveEvent(QMouseEvent* event) {
  if (event->buttons() & Qt::LeftButton) setValue(frameAtX(event->position().x()));
}

bool TimeLine::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip && isEnabled()) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const int frame = frameAtX(help->pos().x());
    QString text = tr("frame %1 of %2").arg(frame + 1).arg(maximum() + 1);
    const auto times = std::count(seen_.begin(), seen_.end(), frame);
    if (times == 1) text += tr(", seen by the model");
    if (times > 1) text += tr(", seen by the model %1 times").arg(times);
    if (std::find(key_.begin(), key_.end(), frame) != key_.end()) text += tr(", key frame");
    QToolTip::showText(help->globalPos(), text, this);
    return true;
  }
  return QSlider::event(event);
}

}  // namespace counterpoint
