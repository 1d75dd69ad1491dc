// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sample/phantom.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/sample/cohort.h"

namespace counterpoint {
namespace {

constexpr int kMaskPixels = 448;

double maskArea(const Phantom& phantom, double seconds) {
  const auto mask = phantom.ventricleMask(seconds, kMaskPixels);
  return std::accumulate(mask.begin(), mask.end(), 0.0);
}

// Mean grey level of a frame where `mask` (of the frame's size) is 1.
double meanWithin(const std::vector<std::uint8_t>& frame, const std::vector<std::uint8_t>& mask) {
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < frame.size(); ++i) sum += mask[i] * frame[i], count += mask[i];
  return sum / count;
}

class PhantomOfView : public testing::TestWithParam<EchoView> {};

TEST_P(PhantomOfView, MaskGivesTheStatedEjectionFractionBack) {
  for (const double fraction : {0.15, 0.35, 0.55, 0.75}) {
    for (const double rate : {45.0, 75.0, 120.0}) {
      const HeartTruth heart{.ejectionFraction = fraction, .beatsPerMinute = rate, .size = 0.9, .elongation = 1.05};
      const Phantom phantom(GetParam(), heart, 0.21, 5);
      const double largest = maskArea(phantom, 0.21);
      double smallest = largest;
      for (double t = 0.21; t < 0.21 + 60 / rate; t += 0.01) {
        const double area = maskArea(phantom, t);
        smallest = std::min(smallest, area);
        EXPECT_LE(area, largest * 1.003) << t;  // largest at the R wave; the rest is the pixels' grain
      }
      EXPECT_NEAR(1 - smallest / largest, fraction, 0.008) << "rate " << rate;
    }
  }
}

// Within the outline at the R wave the picture brightens in proportion to the area that wall has taken from cavity.
TEST_P(PhantomOfView, PicturesShowTheStatedEjectionFraction) {
  for (const double fraction : {0.2, 0.45, 0.7}) {
    const HeartTruth heart{.ejectionFraction = fraction, .beatsPerMinute = 60};
    const Phantom phantom(GetParam(), heart, 0.1, 11);
    const int contracted = 5 + static_cast<int>(std::lround(Beat(60, 0.1).systole() * 50));
    const auto full = phantom.ventricleMask(0.1, 112), small = phantom.ventricleMask(contracted / 50.0, 112);
    auto taken = full;
    for (std::size_t i = 0; i < taken.size(); ++i) taken[i] = full[i] && !small[i] ? 1 : 0;
    const auto frame = phantom.frame(contracted);
    const double wall = meanWithin(frame, taken), cavity = meanWithin(frame, small), all = meanWithin(frame, full);
    EXPECT_GT(wall, 1.5 * meanWithin(phantom.frame(5), full));
    EXPECT_NEAR((all - cavity) / (wall - cavity), fraction, 0.05);
  }
}

// Before the heart moves, nothing tells how far it will.
TEST_P(PhantomOfView, TheFrameAtTheRWaveDoesNotShowTheEjectionFraction) {
  HeartTruth heart{.ejectionFraction = 0.2};
  const Phantom weak(GetParam(), heart, 0, 7);
  heart.ejectionFraction = 0.7;
  const Phantom strong(GetParam(), heart, 0, 7);
  EXPECT_EQ(weak.frame(0), strong.frame(0));
  EXPECT_NE(weak.frame(15), strong.frame(15));
}

TEST_P(PhantomOfView, FramesDependOnTheSeedAlone) {
  const HeartTruth heart;
  const Phantom one(GetParam(), heart, 0.1, 7), two(GetParam(), heart, 0.1, 7), other(GetParam(), heart, 0.1, 8);
  EXPECT_EQ(one.frame(9), two.frame(9));
  EXPECT_NE(one.frame(9), other.frame(9));
  EXPECT_NE(one.frame(9), one.frame(10));
}

TEST_P(PhantomOfView, TheFanIsBlackOutsideAndHoldsTheVentricle) {
  for (const SampleStudy& study : planCohort({.studies = 100})) {
    const Phantom phantom(GetParam(), study.heart, 0, study.clips[0].seed);
    const auto frame = phantom.frame(0), mask = phantom.ventricleMask(0, 112);
    EXPECT_EQ(frame[0], 0);
    EXPECT_EQ(frame[111], 0);
    EXPECT_EQ(frame[111 * 112], 0);
    double outside = 0, area = 0;
    for (std::size_t i = 0; i < mask.size(); ++i) {
      const double x = (static_cast<double>(i % 112) + 0.5) / 112 - 0.5, y = (static_cast<double>(i / 112) + 0.5) / 112;
      area += mask[i];
      outside += mask[i] && (std::abs(std::atan2(x, y - 0.01)) > 0.76 || std::hypot(x, y - 0.01) > 0.97) ? 1 : 0;
    }
    EXPECT_LT(outside, 0.08 * area) << study.id;
  }
}

INSTANTIATE_TEST_SUITE_P(Views, PhantomOfView, testing::ValuesIn(kEchoViews),
                         [](const auto& parameter) { return viewIdentifier(parameter.param); });

TEST(Beat, IsFullAtEveryRWaveAndEmptyAtTheEndOfSystole) {
  for (const double rate : {45.0, 80.0, 120.0}) {
    const Beat beat(rate, 0.3);
    for (int cycle = 0; cycle < 3; ++cycle) {
      EXPECT_NEAR(beat.contraction(0.3 + cycle * beat.cycle() + 1e-9), 0, 1e-6);
      EXPECT_NEAR(beat.contraction(0.3 + cycle * beat.cycle() + beat.systole()), 1, 1e-6);
    }
    double previous = beat.contraction(0);
    for (double t = 0; t < 3; t += 1e-3) {
      EXPECT_LT(std::abs(beat.contraction(t) - previous), 0.03) << t;
      previous = beat.contraction(t);
    }
  }
}

}  // namespace
}  // namespace counterpoint
