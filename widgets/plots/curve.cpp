// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/curve.h"

#include <algorithm>
#include <cmath>

#include <QObject>

namespace counterpoint {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kQuantileSamples = 4096;
// On a log axis pixels stand for unequal stretches: the window is decimated in so many pieces of equal width on screen.
constexpr int kLogPieces = 32;
constexpr std::size_t kPointsAPixel = 4;  // so many are drawn one by one

double offsetOf(const CurveWindow& window) { return window.axis == XAxis::Relative ? window.start : 0; }

bool drawable(double value, bool logY) { return std::isfinite(value) && (!logY || value > 0); }

// Pushes a point or a break in the line; breaks never follow one another.
void push(std::vector<PointXY>& line, double x, double y, bool logY) {
  if (drawable(y, logY)) {
    line.push_back({x, y});
  } else if (!line.empty() && !std::isnan(line.back().y)) {
    line.push_back({x, kNaN});
  }
}

struct Piece {
  double from, to;
  int columns;
};

std::vector<Piece> piecesOf(const CurveWindow& window) {
  if (!window.logX) return {{window.from, window.to, std::max(window.columns, 1)}};
  if (window.from <= 0 || window.to <= window.from) return {};
  std::vector<Piece> pieces;
  const double step = std::pow(window.to / window.from, 1.0 / kLogPieces);
  double edge = window.from;
  for (int i = 0; i < kLogPieces; ++i) {
    const double next = i + 1 == kLogPieces ? window.to : edge * step;
    pieces.push_back({edge, next, std::max(window.columns / kLogPieces, 2)});
    edge = std::nextafter(next, window.to);  // a point on the edge belongs to one piece
  }
  return pieces;
}

bool pieceOwns(const Piece& piece, const PixelColumn& column, const CurveWindow& window, double shift) {
  const bool left = column.lastX - shift<piece.from, right = column.firstX - shift> piece.to;
  return (!left || piece.from <= window.from) && (!right || piece.to >= window.to);
}

// Draws points one by one, or columns of them, into the lines of a curve.
class Pen {
 public:
  Pen(const Series& series, const CurveWindow& window, const std::vector<double>* smoothed, DrawnCurve& drawn)
      : series_(series), window_(window), smoothed_(smoothed), drawn_(drawn) {}

  void point(std::size_t index) {
    breakBetweenAttempts(index);
    const double x = xValue(series_[index], window_.axis, window_.start);
    if (window_.logX && x <= 0) return;
    push(drawn_.raw, x, series_[index].value, window_.logY);
    if (smoothed_) push(drawn_.smooth, x, (*smoothed_)[index], window_.logY);
    last_ = index + 1;
  }

  void column(const PixelColumn& column) {
    breakBetweenAttempts(column.first);
    const double shift = offsetOf(window_);
    const double first = column.firstX - shift, last = column.lastX - shift, middle = (first + last) / 2;
    push(drawn_.raw, first, column.firstValue, window_.logY);
    if (column.extremes.any() && column.last > column.first) {
      push(drawn_.raw, middle, column.extremes.minimum, window_.logY);
      push(drawn_.raw, middle, column.extremes.maximum, window_.logY);
    }
    if (column.last > column.first) push(drawn_.raw, last, column.lastValue, window_.logY);
    if (smoothed_) {
      Extremes extremes;
      for (std::size_t i = column.first; i <= column.last; ++i) extremes.take((*smoothed_)[i]);
      push(drawn_.smooth, first, (*smoothed_)[column.first], window_.logY);
      if (extremes.any() && column.last > column.first) {
        push(drawn_.smooth, middle, extremes.minimum, window_.logY);
        push(drawn_.smooth, middle, extremes.maximum, window_.logY);
        push(drawn_.smooth, last, (*smoothed_)[column.last], window_.logY);
      }
    }
    last_ = column.last + 1;
  }

 private:
  void breakBetweenAttempts(std::size_t index) {
    if (last_ == 0 || series_[last_ - 1].attempt == series_[index].attempt) return;
    for (auto* line : {&drawn_.raw, &drawn_.smooth}) {
      if (!line->empty() && !std::isnan(line->back().y)) line->push_back({line->back().x, kNaN});
    }
  }

  const Series& series_;
  const CurveWindow& window_;
  const std::vector<double>* smoothed_;
  DrawnCurve& drawn_;
  std::size_t last_ = 0;  // one after the point drawn last
};

// Marks closer than a pixel fall together, so their number is that of the pixels at most.
void mark(std::vector<double>& marks, double x, double pixel) {
  if (marks.empty() || x - marks.back() >= pixel) marks.push_back(x);
}

void markUndrawable(const Series& series, const CurveWindow& window, std::size_t first, std::size_t last,
                    DrawnCurve& drawn) {
  const double pixel = window.logX ? 0 : (window.to - window.from) / std::max(window.columns, 1);
  const auto& indices = series.nonFinite();
  for (auto at = std::lower_bound(indices.begin(), indices.end(), first); at != indices.end() && *at < last; ++at) {
    const double value = series[*at].value;
    const double x = xValue(series[*at], window.axis, window.start);
    mark(std::isnan(value) ? drawn.notNumbers : value > 0 ? drawn.above : drawn.below, x, pixel);
  }
}

}  // namespace

QStringList xAxisNames() {
  return {QObject::tr("step"), QObject::tr("relative time"), QObject::tr("wall time"), QObject::tr("epoch")};
}

QString xAxisLabel(XAxis axis) {
  switch (axis) {
    case XAxis::Step: return QObject::tr("step");
    case XAxis::Relative: return QObject::tr("time since start (h:min:s)");
    case XAxis::Wall: return QObject::tr("time of day");
    case XAxis::Epoch: return QObject::tr("epoch");
  }
  return {};
}

SeriesAxis seriesAxis(XAxis axis) {
  switch (axis) {
    case XAxis::Step: return SeriesAxis::Step;
    case XAxis::Epoch: return SeriesAxis::Epoch;
    case XAxis::Relative:
    case XAxis::Wall: break;
  }
  return SeriesAxis::Time;
}

double xValue(const SeriesPoint& point, XAxis axis, double start) {
  return axisValue(point, seriesAxis(axis)) - (axis == XAxis::Relative ? start : 0);
}

const std::vector<double>& SmoothCache::values(const Series& series, double weight) {
  if (weight != weight_ || series.size() < values_.size()) {
    weight_ = weight;
    values_.clear();
  }
  if (values_.empty()) smoother_ = Smoother(weight);
  for (std::size_t i = values_.size(); i < series.size(); ++i) values_.push_back(smoother_.next(series[i].value));
  return values_;
}

std::pair<double, double> xExtent(const Series& series, XAxis axis, double start, bool logX) {
  if (series.empty()) return {1, 0};
  const SeriesAxis along = seriesAxis(axis);
  const double shift = axis == XAxis::Relative ? start : 0;
  std::size_t first = 0;
  if (logX) {
    first = series.range(along, shift, std::nextafter(shift, shift - 1)).first;
    while (first < series.size() && series.x(first, along) - shift <= 0) ++first;
    if (first == series.size()) return {1, 0};
  }
  return {series.x(first, along) - shift, series.x(series.size() - 1, along) - shift};
}

DrawnCurve drawCurve(const Series& series, const CurveWindow& window, const std::vector<double>* smoothed) {
  DrawnCurve drawn;
  if (series.empty()) return drawn;
  const SeriesAxis along = seriesAxis(window.axis);
  const double shift = offsetOf(window);
  const auto [first, last] = series.range(along, window.from + shift, window.to + shift);

  Pen pen(series, window, smoothed, drawn);
  if (last - first <= static_cast<std::size_t>(std::max(window.columns, 1)) * kPointsAPixel) {
    // One more on each side: the line leaves the chart.
    for (std::size_t i = first - (first > 0); i < last + (last < series.size()); ++i) pen.point(i);
  } else {
    // Each piece brings its neighbours outside too: between two pieces they are the other piece's own.
    for (const Piece& piece : piecesOf(window)) {
      for (const PixelColumn& column : series.decimate(along, piece.from + shift, piece.to + shift, piece.columns)) {
        if (pieceOwns(piece, column, window, shift)) pen.column(column);
      }
    }
  }

  markUndrawable(series, window, first, last, drawn);
  if (!window.logY) {
    drawn.extremes = series.extremes(first, last);
  } else {
    for (const PointXY& point : drawn.raw) drawn.extremes.take(point.y);
    const Extremes all = series.extremes(first, last);
    if (all.any() && all.minimum <= 0) {
      const double pixel = (window.to - window.from) / std::max(window.columns, 1);
      const std::size_t stride = std::max<std::size_t>(1, (last - first) / kQuantileSamples);
      for (std::size_t i = first; i < last; i += stride) {
        if (series[i].value <= 0) mark(drawn.below, xValue(series[i], window.axis, window.start), pixel);
      }
      std::sort(drawn.below.begin(), drawn.below.end());
    }
  }
  return drawn;
}

std::size_t nearestPoint(const Series& series, XAxis axis, double start, double x) {
  if (series.empty()) return 0;
  const SeriesAxis along = seriesAxis(axis);
  const double wanted = x + (axis == XAxis::Relative ? start : 0);
  const std::size_t next = series.range(along, wanted, std::numeric_limits<double>::infinity()).first;
  if (next == 0) return 0;
  if (next >= series.size()) return series.size() - 1;
  return wanted - series.x(next - 1, along) <= series.x(next, along) - wanted ? next - 1 : next;
}

std::pair<double, double> quantileRange(const Series& series, const CurveWindow& window, double lower, double upper) {
  const double shift = offsetOf(window);
  const auto [first, last] = series.range(seriesAxis(window.axis), window.from + shift, window.to + shift);
  const std::size_t stride = std::max<std::size_t>(1, (last - first) / kQuantileSamples);
  std::vector<double> values;
  for (std::size_t i = first; i < last; i += stride) {
    if (drawable(series[i].value, window.logY)) values.push_back(series[i].value);
  }
  if (values.empty()) return {1, 0};
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(std::lround(share * static_cast<double>(values.size() - 1)))];
  };
  return {at(lower), at(upper)};
}

}  // namespace counterpoint
