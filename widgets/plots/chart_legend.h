// SPDX-License-Identifier: GPL-3.0-or-later
// Names, line styles and values of a chart's curves; the values follow the crosshair.
#pragma once

#include <vector>

#include "widgets/plots/chart_types.h"

#include <QWidget>

namespace counterpoint {

// "0.412" or "not a number"; empty where there is no value.
QString legendValue(const LegendEntry& entry);

// One entry as the legend of the window and that of exported pictures draw it, within `box`.
void paintLegendEntry(QPainter& painter, const QRectF& box, const LegendEntry& entry, const QColor& text,
                      const QColor& quiet);

class ChartLegend : public QWidget {
  Q_OBJECT

 public:
  explicit ChartLegend(QWidget* parent = nullptr);

  // `atCrosshair`: the values are those under the crosshair, not the last ones.
  void setEntries(std::vector<LegendEntry> entries, bool atCrosshair);
  const std::vector<LegendEntry>& entries() const { return entries_; }

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;

 private:
  int shownRows() const;

  std::vector<LegendEntry> entries_;
};

}  // namespace counterpoint
