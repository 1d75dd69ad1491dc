// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sample/cohort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/sample/reports.h"

namespace counterpoint {
namespace {

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(a.size());
  double meanA = 0, meanB = 0, aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) meanA += a[i] / n, meanB += b[i] / n;
  for (std::size_t i = 0; i < a.size(); ++i) {
    aa += (a[i] - meanA) * (a[i] - meanA);
    bb += (b[i] - meanB) * (b[i] - meanB);
    ab += (a[i] - meanA) * (b[i] - meanB);
  }
  return ab / std::sqrt(aa * bb);
}

TEST(Cohort, HasTheStatedNumbersOfStudies) {
  std::map<std::string, int> count;
  std::set<std::string> ids, files;
  std::size_t clips = 0;
  for (const SampleStudy& study : planCohort()) {
    ++count[study.split];
    ids.insert(study.id);
    EXPECT_GE(study.clips.size(), 2U);
    EXPECT_LE(study.clips.size(), 4U);
    std::set<EchoView> views;
    for (const SampleClip& clip : study.clips) {
      views.insert(clip.view);
      files.insert(clip.file);
      ++clips;
    }
    EXPECT_EQ(views.size(), study.clips.size()) << study.id;
  }
  EXPECT_EQ(count, (std::map<std::string, int>{{"train", 400}, {"val", 40}, {"test", 60}}));
  EXPECT_EQ(ids.size(), 500U);  // one entry a study: no study is in two splits
  EXPECT_EQ(files.size(), clips);
}

TEST(Cohort, EjectionFractionIsUniformAndIndependentOfEverythingElse) {
  std::vector<double> fraction, rate, size, elongation, wall;
  for (const SampleStudy& study : planCohort({.studies = 4000})) {
    fraction.push_back(study.heart.ejectionFraction);
    rate.push_back(study.heart.beatsPerMinute);
    size.push_back(study.heart.size);
    elongation.push_back(study.heart.elongation);
    wall.push_back(study.heart.wallThickness);
    EXPECT_GE(study.heart.beatsPerMinute, 45);
    EXPECT_LE(study.heart.beatsPerMinute, 120);
  }
  // Four standard errors of a correlation of 4000 pairs.
  for (const auto* other : {&rate, &size, &elongation, &wall}) {
    EXPECT_LT(std::abs(correlation(fraction, *other)), 0.064);
  }
  std::sort(fraction.begin(), fraction.end());
  EXPECT_GE(fraction.front(), 0.15);
  EXPECT_LE(fraction.back(), 0.75);
  for (std::size_t i = 0; i < fraction.size(); ++i) {  // Kolmogorov and Smirnov: 0.031 at the 0.1 % level
    const double expected = 0.15 + 0.6 * (static_cast<double>(i) + 0.5) / static_cast<double>(fraction.size());
    ASSERT_NEAR(fraction[i], expected, 0.6 * 0.031);
  }
}

TEST(Cohort, EveryClipHoldsAWholeContractionAfterItsRWave) {
  const CohortOptions options;
  for (const SampleStudy& study : planCohort(options)) {
    for (const SampleClip& clip : study.clips) {
      EXPECT_GE(clip.rWave, 0);
      EXPECT_LE(clip.rWave, 60 / study.heart.beatsPerMinute);  // it is the first one
      const double end = clip.rWave + Beat(study.heart.beatsPerMinute, clip.rWave).systole();
      EXPECT_LT(end, (options.frames - 1) / options.framesPerSecond) << study.id;
    }
  }
}

TEST(Cohort, DependsOnTheSeedAlone) {
  const auto first = planCohort({.studies = 50, .seed = 3}), again = planCohort({.studies = 50, .seed = 3});
  const auto other = planCohort({.studies = 50, .seed = 4});
  ASSERT_EQ(first.size(), again.size());
  int different = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].heart.ejectionFraction, again[i].heart.ejectionFraction);
    ASSERT_EQ(first[i].clips.size(), again[i].clips.size());
    EXPECT_EQ(first[i].clips[0].seed, again[i].clips[0].seed);
    different += first[i].heart.ejectionFraction != other[i].heart.ejectionFraction ? 1 : 0;
  }
  EXPECT_GT(different, 45);
}

TEST(Cohort, RefusesTooFewStudies) { EXPECT_THROW(planCohort({.studies = 3}), Error); }

TEST(Reports, NameViewFractionAndFunction) {
  EXPECT_EQ(reportText(EchoView::ApicalFourChamber, 0.36),
            "Apical four chamber view. Left ventricular ejection fraction about 35 percent. "
            "Moderately reduced systolic function.");
  EXPECT_EQ(ejectionFractionWord(0.15), 15);
  EXPECT_EQ(ejectionFractionWord(0.174), 15);
  EXPECT_EQ(ejectionFractionWord(0.176), 20);
  EXPECT_EQ(ejectionFractionWord(0.75), 75);
  EXPECT_EQ(systolicFunction(30), "Severely reduced");
  EXPECT_EQ(systolicFunction(50), "Mildly reduced");
  EXPECT_EQ(systolicFunction(55), "Normal");
}

TEST(Reports, NeverNameTheHeartRate) {
  for (const SampleStudy& study : planCohort({.studies = 50})) {
    for (const SampleClip& clip : study.clips) {
      EXPECT_EQ(clip.report, reportText(clip.view, study.heart.ejectionFraction));
      EXPECT_EQ(clip.report.find("beat"), std::string::npos);
      EXPECT_EQ(clip.report.find("rate"), clip.report.find("rately"));  // "Moderately" alone
    }
  }
}

TEST(Adapters, HaveTwentyDifferentPromptsEach) {
  const auto adapters = sampleAdapters();
  ASSERT_EQ(adapters.size(), 6U);
  std::set<std::string> names;
  for (const AdapterPrompts& adapter : adapters) {
    names.insert(adapter.name);
    EXPECT_EQ(std::set<std::string>(adapter.prompts.begin(), adapter.prompts.end()).size(), 20U) << adapter.name;
  }
  EXPECT_EQ(names.size(), 6U);
}

}  // namespace
}  // namespace counterpoint
