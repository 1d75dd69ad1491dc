// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "widgets/plots/curve.h"

namespace counterpoint {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Series seriesOf(const std::vector<double>& values) {
  Series series;
  for (std::size_t i = 0; i < values.size(); ++i) {
    series.append(
        {static_cast<std::int64_t>(i), 1000.0 + static_cast<double>(i), values[i], static_cast<float>(i) / 10, 0});
  }
  return series;
}

CurveWindow windowOver(double from, double to) {
  CurveWindow window;
  window.from = from;
  window.to = to;
  return window;
}

TEST(Curve, KeepsEveryPeakOfAMillionPoints) {
  std::vector<double> values(1000000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sin(static_cast<double>(i) * 0.001);
  values[777777] = 9;
  values[123456] = -7;
  const DrawnCurve drawn = drawCurve(seriesOf(values), windowOver(0, 999999), nullptr);
  double highest = -kInfinity, lowest = kInfinity;
  for (const PointXY& point : drawn.raw) {
    highest = std::max(highest, point.y);
    lowest = std::min(lowest, point.y);
  }
  EXPECT_EQ(highest, 9);
  EXPECT_EQ(lowest, -7);
  EXPECT_LE(drawn.raw.size(), 400u * 4 + 8);
  EXPECT_EQ(drawn.extremes.maximum, 9);
}

TEST(Curve, XNeverFallsAlsoOnALogAxis) {
  std::vector<double> values(200000, 1);
  CurveWindow window = windowOver(1, 199999);
  window.logX = true;
  const DrawnCurve drawn = drawCurve(seriesOf(values), window, nullptr);
  ASSERT_GT(drawn.raw.size(), 100u);
  for (std::size_t i = 1; i < drawn.raw.size(); ++i) ASSERT_GE(drawn.raw[i].x, drawn.raw[i - 1].x) << i;
  // Small steps get their share of the picture: on a linear grid the first thousand would be two columns.
  const auto early =
      std::count_if(drawn.raw.begin(), drawn.raw.end(), [](const PointXY& point) { return point.x < 1000; });
  EXPECT_GT(early, 100);
}

TEST(Curve, BreaksBetweenAttemptsAndAtValuesThatAreNotFinite) {
  Series series;
  series.append({1, 1, 5, 0, 0});
  series.append({2, 2, 6, 0, 0});
  series.append({3, 3, 7, 0, 1});
  const DrawnCurve drawn = drawCurve(series, windowOver(0, 4), nullptr);
  ASSERT_EQ(drawn.raw.size(), 4u);
  EXPECT_TRUE(std::isnan(drawn.raw[2].y));

  const DrawnCurve holes = drawCurve(seriesOf({1, kNaN, 3, kInfinity, 5, -kInfinity}), windowOver(0, 6), nullptr);
  EXPECT_EQ(holes.notNumbers, std::vector<double>{1});
  EXPECT_EQ(holes.above, std::vector<double>{3});
  EXPECT_EQ(holes.below, std::vector<double>{5});
  EXPECT_EQ(holes.extremes.maximum, 5);
  EXPECT_TRUE(std::isnan(holes.raw[1].y));
}

TEST(Curve, MarksWhatALogAxisCannotShow) {
  CurveWindow window = windowOver(0, 3);
  window.logY = true;
  const DrawnCurve drawn = drawCurve(seriesOf({1, 0, 10, -2}), window, nullptr);
  EXPECT_EQ(drawn.below, (std::vector<double>{1, 3}));
  EXPECT_EQ(drawn.extremes.minimum, 1);
}

TEST(Curve, SmoothsAsCoreDoesAndGoesOnWhereItStood) {
  std::vector<double> values;
  for (int i = 0; i < 50; ++i) values.push_back(i == 20 ? kNaN : std::cos(i));
  Series series = seriesOf(std::vector<double>(values.begin(), values.begin() + 30));
  SmoothCache cache;
  cache.values(series, 0.9);
  for (int i = 30; i < 50; ++i) series.append({i, 0, values[static_cast<std::size_t>(i)], 0, 0});
  const auto& live = cache.values(series, 0.9);
  const std::vector<double> whole = smooth(values, 0.9);
  ASSERT_EQ(live.size(), whole.size());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (i == 20) continue;  // not a number
    EXPECT_NEAR(live[i], whole[i], 1e-12) << i;
  }
}

TEST(Curve, TheQuantilesLeaveOutliersAside) {
  std::vector<double> values(1000, 1);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i % 10);
  values[500] = 1e9;
  const auto range = quantileRange(seriesOf(values), windowOver(0, 999), 0.05, 0.95);
  EXPECT_GE(range.first, 0);
  EXPECT_LE(range.second, 9);
}

}  // namespace
}  // namespace counterpoint
