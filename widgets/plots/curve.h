// SPDX-License-Identifier: GPL-3.0-or-later
// What a chart draws of one curve: as many points as its pixels can show, smoothed or not, and marks for what cannot
// be drawn.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "core/runs/series.h"
#include "core/runs/smoother.h"

#include <QString>
#include <QStringList>

namespace counterpoint {

enum class XAxis { Step, Relative, Wall, Epoch };

QStringList xAxisNames();        // "step", "relative time", "wall time", "epoch", in the order of the values
QString xAxisLabel(XAxis axis);  // with its unit
SeriesAxis seriesAxis(XAxis axis);

// x as the axis counts it. `start` is the time at which relative time begins.
double xValue(const SeriesPoint& point, XAxis axis, double start);

struct PointXY {
  double x = 0, y = 0;
};

// The stretch that is asked for, in units of the axis.
struct CurveWindow {
  XAxis axis = XAxis::Step;
  double start = 0;  // of relative time
  double from = 0, to = 1;
  int columns = 400;  // pixels
  bool logX = false, logY = false;
};

// x never falls; a point with y = NaN breaks the line (between two attempts and where values are not finite).
struct DrawnCurve {
  std::vector<PointXY> raw, smooth;
  std::vector<double> notNumbers, above, below;  // x of NaN; of +inf; of -inf (on a log axis also of y <= 0)
  Extremes extremes;                             // of the raw values within the window; only y > 0 on a log axis
};

// Values smoothed so far; continues where the series goes on instead of starting again.
class SmoothCache {
 public:
  // The smoothed value of each point, valid until the next call. Weight in [0, 1).
  const std::vector<double>& values(const Series& series, double weight);
  void forget() { values_.clear(); }

 private:
  double weight_ = -1;
  Smoother smoother_;
  std::vector<double> values_;
};

// The smallest and largest x that can be drawn; lower > upper when there is none.
std::pair<double, double> xExtent(const Series& series, XAxis axis, double start, bool logX);

// `smoothed` may be null (nothing is smoothed), else one value a point.
DrawnCurve drawCurve(const Series& series, const CurveWindow& window, const std::vector<double>* smoothed);

// Index of the point nearest to x; size() when the series is empty.
std::size_t nearestPoint(const Series& series, XAxis axis, double start, double x);

// Lower and upper share of the finite values in the window (0.05 and 0.95 leave outliers aside), from some thousands of
// evenly spread points. {1, 0} when there is none.
std::pair<double, double> quantileRange(const Series& series, const CurveWindow& window, double lower, double upper);

}  // namespace counterpoint
