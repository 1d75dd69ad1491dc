// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/series.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "core/base/random.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Series randomSeries(std::size_t count, std::uint64_t seed = 1) {
  Random random(seed);
  Series series;
  for (std::size_t i = 0; i < count; ++i) {
    const double value = i % 97 == 13 ? kNan : random.normal();
    series.append(
        {static_cast<std::int64_t>(i), 1000.0 + 0.5 * static_cast<double>(i), value, static_cast<float>(i) / 100, 0});
  }
  return series;
}

Extremes bruteForce(const Series& series, std::size_t first, std::size_t last) {
  Extremes result;
  for (std::size_t i = first; i < last; ++i) result.take(series[i].value);
  return result;
}

// 0.5, 0.75·… worked out by hand: mean 0·0.6+0.4·1 = 0.4, /(1-0.6) = 1; then 0.24+0.4·3 = 1.44, /(1-0.36) = 2.25; …
TEST(Smooth, IsTheDebiasedMeanOfTensorBoard) {
  const std::vector<double> values = {1, 3, 2};
  const auto smoothed = smooth(values, 0.6);
  EXPECT_DOUBLE_EQ(smoothed[0], 1.0);
  EXPECT_DOUBLE_EQ(smoothed[1], 2.25);
  EXPECT_NEAR(smoothed[2], (1.44 * 0.6 + 0.4 * 2) / (1 - 0.216), 1e-15);
}

TEST(Smooth, LetsValuesThatAreNotFiniteThroughUncounted) {
  const std::vector<double> values = {1, kNan, 3, kInfinity, 2};
  const auto smoothed = smooth(values, 0.6);
  EXPECT_TRUE(std::isnan(smoothed[1]));
  EXPECT_EQ(smoothed[3], kInfinity);
  EXPECT_DOUBLE_EQ(smoothed[2], 2.25);
}

TEST(Smooth, LeavesAConstantSeriesAlone) {
  const std::vector<double> values(50, 0.1);
  EXPECT_EQ(smooth(values, 0.97), values);
}

TEST(Smooth, WithoutWeightIsTheSeriesItself) {
  const std::vector<double> values = {4, -1, 7};
  EXPECT_EQ(smooth(values, 0), values);
}

TEST(Series, ExtremesEqualBruteForceOverAnyStretch) {
  const Series series = randomSeries(70'000);
  Random random(7);
  for (int i = 0; i < 300; ++i) {
    std::size_t first = random.below(series.size()), last = random.below(series.size() + 1);
    if (first > last) std::swap(first, last);
    const Extremes found = series.extremes(first, last), wanted = bruteForce(series, first, last);
    ASSERT_EQ(found.minimum, wanted.minimum) << first << " " << last;
    ASSERT_EQ(found.maximum, wanted.maximum);
    ASSERT_EQ(found.nonFinite, wanted.nonFinite);
  }
}

TEST(Series, DecimationKeepsEveryPeakAndEveryPoint) {
  Series series;
  for (int i = 0; i < 100'000; ++i)
    series.append({i, static_cast<double>(i), i == 54'321 ? 99.0 : i == 77'777 ? -99.0 : 0.0, 0, 0});
  const auto columns = series.decimate(SeriesAxis::Step, 0, 99'999, 500);
  EXPECT_LE(columns.size(), 500u);
  std::size_t next = 0;
  double minimum = 0, maximum = 0;
  for (const auto& column : columns) {
    EXPECT_EQ(column.first, next);
    next = column.last;
    minimum = std::min(minimum, column.extremes.minimum);
    maximum = std::max(maximum, column.extremes.maximum);
  }
  EXPECT_EQ(next, series.size());
  EXPECT_EQ(minimum, -99);
  EXPECT_EQ(maximum, 99);
}

TEST(Series, DecimationAddsTheNeighboursOutside) {
  const Series series = randomSeries(100);
  const auto columns = series.decimate(SeriesAxis::Step, 10, 12, 50);
  ASSERT_EQ(columns.size(), 5u);
  EXPECT_EQ(columns.front().firstX, 9);
  EXPECT_EQ(columns.back().firstX, 13);
}

TEST(Series, RangesFollowTheAxis) {
  const Series series = randomSeries(1000);
  EXPECT_EQ(series.range(SeriesAxis::Step, 10, 20), std::pair(std::size_t{10}, std::size_t{21}));
  EXPECT_EQ(series.range(SeriesAxis::Time, 1005, 1010), std::pair(std::size_t{10}, std::size_t{21}));
  EXPECT_EQ(series.nonFinite().front(), 13u);
}

TEST(Series, DroppingForgetsPointsExtremesAndMarks) {
  Series series = randomSeries(5000);
  EXPECT_FALSE(series.dropAfter(4999));
  EXPECT_TRUE(series.dropAfter(999));
  EXPECT_EQ(series.size(), 1000u);
  EXPECT_EQ(series.nonFinite().size(), 11u);
  series.append({1000, 2000, 50, 10, 1});
  EXPECT_EQ(series.extremes(0, series.size()).maximum, 50);
}

TEST(Series, ComesBackFromItsFilesAndGoesOn) {
  TemporaryFolder folder;
  const auto points = folder / "0.points", pyramid = folder / "0.pyramid";
  Series series = randomSeries(10'000);
  const Series same = randomSeries(10'300);
  series.save(points, pyramid);
  for (std::size_t i = 10'000; i < 10'300; ++i) series.append(same[i]);
  series.save(points, pyramid);
  const Series loaded = Series::load(points, pyramid, series.size());
  ASSERT_EQ(loaded.size(), 10'300u);
  for (const auto& [first, last] : {std::pair{0, 10'300}, {63, 9'999}, {9'984, 10'299}}) {
    EXPECT_EQ(loaded.extremes(first, last).minimum, bruteForce(same, first, last).minimum);
    EXPECT_EQ(loaded.extremes(first, last).nonFinite, bruteForce(same, first, last).nonFinite);
  }
  EXPECT_EQ(loaded.nonFinite(), same.nonFinite());
}

TEST(Series, AReaderKeepsItsPointsWhenAnotherDropsSome) {
  TemporaryFolder folder;
  const auto points = folder / "0.points", pyramid = folder / "0.pyramid";
  Series series = randomSeries(2000);
  series.save(points, pyramid);
  const Series other = Series::load(points, pyramid, 2000);
  series.dropAfter(99);
  series.save(points, pyramid);
  EXPECT_EQ(other[1999].step, 1999);
  EXPECT_THROW(Series::load(points, pyramid, 2000), Error);
  EXPECT_EQ(Series::load(points, pyramid, 100)[99].step, 99);
}

TEST(Series, APointOutOfOrderTakesItsPlace) {
  TemporaryFolder folder;
  const auto points = folder / "loss.points", pyramid = folder / "loss.pyramid";
  Series series;
  for (int i = 0; i < 1000; ++i) series.append({10 * i, 0.1 * i, 1.0, 0, 0});
  series.save(points, pyramid);
  series = Series::load(points, pyramid, 1000);
  series.append({4005, 400.5, 7.0, 0, 0});  // between two that were there
  series.append({200, 20, 9.0, 0, 0});      // again
  ASSERT_EQ(series.size(), 1001U);
  for (std::size_t i = 1; i < series.size(); ++i) ASSERT_LT(series[i - 1].step, series[i].step);
  EXPECT_EQ(series[401].value, 7.0);
  EXPECT_EQ(series[20].value, 9.0);
  EXPECT_EQ(series.extremes(0, 1001).maximum, 9.0);
  series.save(points, pyramid);
  EXPECT_EQ(Series::load(points, pyramid, 1001)[401].value, 7.0);
}

}  // namespace
}  // namespace counterpoint
