// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sample/cohort.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/sample/reports.h"

namespace counterpoint {
namespace {

// Frames that a reader may want after the R wave: 16 of every second, and a little more.
constexpr double kSecondsAfterRWave = 0.64;

std::vector<std::string> drawSplits(int studies, Random& random) {
  const int validation = std::max(1, studies * 2 / 25), test = std::max(1, studies * 3 / 25);
  std::vector<std::string> splits(static_cast<std::size_t>(studies), "train");
  std::fill_n(splits.begin(), validation, "val");
  std::fill_n(splits.begin() + validation, test, "test");
  random.shuffle(splits);
  return splits;
}

HeartTruth drawHeart(Random& random) {
  HeartTruth heart;
  heart.ejectionFraction = random.uniform(0.15, 0.75);
  heart.beatsPerMinute = random.uniform(45, 120);
  heart.size = random.uniform(0.82, 1.18);
  heart.elongation = random.uniform(0.9, 1.1);
  heart.wallThickness = random.uniform(0.035, 0.065);
  return heart;
}

}  // namespace

std::vector<SampleStudy> planCohort(const CohortOptions& options) {
  if (options.studies < 10) {
    throw usageError(fmt::format("{} studies are too few", options.studies), "--studies", "Ask for 10 or more");
  }
  Random random(deriveSeed(options.seed, "cohort"));
  const auto splits = drawSplits(options.studies, random);
  const double latestRWave = options.frames / options.framesPerSecond - kSecondsAfterRWave;
  std::vector<SampleStudy> studies(splits.size());
  for (std::size_t i = 0; i < studies.size(); ++i) {
    SampleStudy& study = studies[i];
    study.id = fmt::format("PHANTOM-{:04}", i + 1);
    study.split = splits[i];
    study.heart = drawHeart(random);
    std::vector<EchoView> views(kEchoViews.begin(), kEchoViews.end());
    random.shuffle(views);
    views.resize(2 + random.below(3));
    std::sort(views.begin(), views.end());
    for (const EchoView view : views) {
      SampleClip clip;
      clip.view = view;
      clip.file = fmt::format("data/clips/{}/{}.mp4", study.id, viewIdentifier(view));
      clip.report = reportText(view, study.heart.ejectionFraction);
      clip.rWave = random.uniform(0, std::min(60 / study.heart.beatsPerMinute, latestRWave));
      clip.seed = random.next();
      study.clips.push_back(std::move(clip));
    }
  }
  return studies;
}

}  // namespace counterpoint
