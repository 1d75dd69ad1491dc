// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/chart_legend.h"

#include <algorithm>

#include "widgets/common/measures.h"
#include "widgets/common/number_text.h"
#include "widgets/common/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace counterpoint {
namespace {

constexpr int kRowHeight = 20;
constexpr int kSample = 16;  // length of the line that stands for the curve
constexpr int kMostRows = 6;
constexpr int kWidest = 200;
constexpr int kDigits = 4;

}  // namespace

QString legendValue(const LegendEntry& entry) { return entry.value ? numberText(*entry.value, kDigits) : QString(); }

void paintLegendEntry(QPainter& painter, const QRectF& box, const LegendEntry& entry, const QColor& text,
                      const QColor& quiet) {
  QPen pen = entry.style.pen();
  pen.setWidthF(2);
  painter.setPen(pen);
  const double middle = box.center().y();
  painter.drawLine(QPointF(box.left(), middle), QPointF(box.left() + kSample, middle));
  const QString value = legendValue(entry);
  painter.setFont(tabularFont(measures::kSmall));
  const int valueWidth = painter.fontMetrics().horizontalAdvance(value);
  painter.setPen(text);
  painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter, value);
  painter.setFont(uiFont(measures::kSmall));
  painter.setPen(quiet);
  const QRectF name = box.adjusted(kSample + measures::kGap, 0, -valueWidth - measures::kGap, 0);
  painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter,
                   painter.fontMetrics().elidedText(entry.run, Qt::ElideMiddle, static_cast<int>(name.width())));
}

ChartLegend::ChartLegend(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  setAccessibleName(tr("Legend"));
}

int ChartLegend::shownRows() const { return std::min<int>(static_cast<int>(entries_.size()), kMostRows); }

void ChartLegend::setEntries(std::vector<LegendEntry> entries, bool atCrosshair) {
  const int before = shownRows();
  entries_ = std::move(entries);
  QStringList spoken;
  for (const LegendEntry& entry : entries_) {
    spoken << (entry.value ? QStringLiteral("%1 %2").arg(entry.run, legendValue(entry))
                           : tr("%1 has no value").arg(entry.run));
  }
  setAccessibleDescription((atCrosshair ? tr("At the crosshair: %1") : tr("Last values: %1")).arg(spoken.join(u", ")));
  if (shownRows() != before) updateGeometry();
  update();
}

QSize ChartLegend::sizeHint() const { return {kWidest, shownRows() * kRowHeight}; }

void ChartLegend::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const ThemeRoles& look = roles();
  for (int row = 0; row < shownRows(); ++row) {
    const QRectF box(0, row * kRowHeight, width(), kRowHeight);
    const bool more = row + 1 == kMostRows && entries_.size() > kMostRows;
    if (more) {
      painter.setFont(uiFont(measures::kSmall));
      painter.setPen(look.quiet);
      painter.drawText(box.adjusted(kSample + measures::kGap, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                       tr("and %1 more, see the table (T)").arg(entries_.size() - kMostRows + 1));
    } else {
      paintLegendEntry(painter, box, entries_[static_cast<std::size_t>(row)], look.text, look.quiet);
    }
  }
}

bool ChartLegend::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const int row = help->pos().y() / kRowHeight;
  if (row < shownRows()) {
    const LegendEntry& entry = entries_[static_cast<std::size_t>(row)];
    QToolTip::showText(help->globalPos(), QStringLiteral("%1  %2").arg(entry.run, legendValue(entry)), this);
  }
  return true;
}

}  // namespace counterpoint
