// SPDX-License-Identifier: GPL-3.0-or-later
// What charts, legends and tables agree on.
#pragma once

#include <memory>
#include <optional>

#include "widgets/common/series_style.h"
#include "widgets/plots/curve.h"
#include "widgets/common/run_feed.h"

#include <QString>

namespace counterpoint {

// How charts are drawn; the pane's choice for all, a chart may differ in its log axes.
struct ChartSettings {
  XAxis axis = XAxis::Step;
  double smoothing = 0;  // 0 … 0.999
  bool logX = false, logY = false;
  bool robust = false;  // the y range leaves outliers aside
};

// One run's curve in a chart.
struct ChartCurve {
  std::shared_ptr<RunFeed> feed;
  QString run;
  SeriesStyle style;
};

// A line of the legend: the value under the crosshair, or the last one.
struct LegendEntry {
  QString run;
  SeriesStyle style;
  std::optional<double> value;
  double x = 0;  // where that value stands
};

}  // namespace counterpoint
