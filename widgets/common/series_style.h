// SPDX-License-Identifier: GPL-3.0-or-later
// One colour a series, the same everywhere; from the second round on dash and marker change too, so that colour alone
// never tells two apart.
#pragma once

#include <QColor>
#include <QPen>

namespace counterpoint {

constexpr int kSeriesColours = 8;

enum class SeriesMarker { None, Disc, Square, Triangle, Diamond };

struct SeriesStyle {
  QColor colour;
  Qt::PenStyle dash = Qt::SolidLine;
  SeriesMarker marker = SeriesMarker::None;

  // Never wider than 1 px: QCustomPlot draws wider live curves a hundred times slower.
  QPen pen() const { return QPen(colour, 1.0, dash); }
};

SeriesStyle seriesStyle(int index);

// Heat maps: amounts run through viridis, signed values from blue over white (at 0) to red. `value` is 0…1 or −1…1.
QColor viridis(double value);
QColor blueWhiteRed(double value);

}  // namespace counterpoint
