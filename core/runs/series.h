// SPDX-License-Identifier: GPL-3.0-or-later
// One curve: its points, and its extremes over any stretch without touching every point.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "core/formats/file_mapping.h"

namespace counterpoint {

// Also the record of the point files under RUN/.counterpoint, hence the fixed layout.
struct SeriesPoint {
  std::int64_t step = 0;
  double time = 0;  // seconds since 1970
  double value = 0;
  float epoch = 0;
  std::uint32_t attempt = 0;
};
static_assert(sizeof(SeriesPoint) == 32);

enum class SeriesAxis { Step, Epoch, Time };

double axisValue(const SeriesPoint& point, SeriesAxis axis);

// Extremes of the finite values of a stretch.
struct Extremes {
  double minimum = std::numeric_limits<double>::infinity();
  double maximum = -std::numeric_limits<double>::infinity();
  std::uint64_t nonFinite = 0;

  bool any() const { return minimum <= maximum; }
  void take(double value);
  void take(const Extremes& other);
};
static_assert(sizeof(Extremes) == 24);

// What one pixel column of a chart shows.
struct PixelColumn {
  std::size_t first = 0, last = 0;  // points [first, last] fall into it
  double firstX = 0, lastX = 0;
  double firstValue = 0, lastValue = 0;
  Extremes extremes;
};

// Points in the order in which they were written; x never falls along a series, because a reader hides what an earlier
// attempt wrote from the resumed step on. Points that came from a file stay mapped there.
class Series {
 public:
  std::size_t size() const { return baseCount_ + tail_.size(); }
  bool empty() const { return size() == 0; }
  const SeriesPoint& operator[](std::size_t index) const {
    return index < baseCount_ ? base()[index] : tail_[index - baseCount_];
  }
  const SeriesPoint& back() const { return (*this)[size() - 1]; }
  double x(std::size_t index, SeriesAxis axis) const { return axisValue((*this)[index], axis); }

  // Points come in the order of their steps; one that does not (an older checkpoint was evaluated again) takes its
  // place among them, and that of an earlier one of the same step.
  void append(const SeriesPoint& point);
  // Drops every point whose step is above `step`; true if any was.
  bool dropAfter(std::int64_t step);

  // Index range [first, last) of the points with from <= x <= to.
  std::pair<std::size_t, std::size_t> range(SeriesAxis axis, double from, double to) const;
  // Extremes over points [first, last), O(log n) by the pyramid.
  Extremes extremes(std::size_t first, std::size_t last) const;
  // Points that are not finite, by index, in order.
  const std::vector<std::size_t>& nonFinite() const { return nonFinite_; }

  // At most `columns` columns over [from, to]: what a chart of that many pixels can show of this curve, peaks kept.
  // Each neighbour just outside has one more, so that a line can leave the chart. Every point has its own column where
  // there are no more points than columns.
  std::vector<PixelColumn> decimate(SeriesAxis axis, double from, double to, int columns) const;

  std::vector<double> values() const;
  std::vector<double> xs(SeriesAxis axis) const;

  // Kept under RUN/.counterpoint by EventIndex. save() appends what the files lack, or replaces them when points were
  // dropped; load() throws Error{Data} when the files hold fewer than `count` points.
  void save(const std::filesystem::path& points, const std::filesystem::path& pyramid);
  static Series load(const std::filesystem::path& points, const std::filesystem::path& pyramid, std::size_t count);

 private:
  static constexpr std::size_t kBlock = 64;  // points under one entry of the lowest level
  static constexpr std::size_t kFan = 8;     // entries under one entry of the next level

  const SeriesPoint* base() const {
    return map_ ? reinterpret_cast<const SeriesPoint*>(map_->bytes().data()) : nullptr;
  }
  void insert(const SeriesPoint& point);
  void cut(std::size_t kept);  // the first `kept` points stay
  void addToPyramid(std::size_t index, double value);
  void rebuildPyramid();
  void raisePyramid();

  std::unique_ptr<FileMapping> map_;
  std::size_t baseCount_ = 0;   // points read from the map
  std::size_t savedCount_ = 0;  // points that the files hold
  bool rewrite_ = false;        // points were dropped: the files must be replaced
  std::vector<SeriesPoint> tail_;
  std::vector<std::vector<Extremes>> levels_;
  std::vector<std::size_t> nonFinite_;
};

// The same decimation for values that are no Series (smoothed ones): xs never fall, both spans have the same length.
std::vector<PixelColumn> decimate(std::span<const double> xs, std::span<const double> values, double from, double to,
                                  int columns);

// TensorBoard's smoothing: an exponential mean started at 0 and divided by 1 - weight^n, n counting finite values.
// Values that are not finite pass through and do not count; a constant series is left as it is.
std::vector<double> smooth(std::span<const double> values, double weight);

}  // namespace counterpoint
