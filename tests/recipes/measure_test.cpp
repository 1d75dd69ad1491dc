// SPDX-License-Identifier: GPL-3.0-or-later
// What follows from a measured split: calibration of confidence, and the files that others read.
#include "core/recipes/echo_text/measure.h"

#include <ATen/ops/eye.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "core/base/words.h"
#include "core/recipes/echo_text/results.h"
#include "core/retrieval/embedding_store.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

// Studies of two clips. Captions are sure (0.9) of every sentence; every other one stands in the report.
Measured halfRight(std::size_t count) {
  Measured measured;
  measured.step = 12;
  for (std::size_t i = 0; i < count; ++i) {
    MeasuredSample sample;
    sample.number = i;
    sample.id = sample.study = "study_" + std::to_string(i);
    sample.report = "Subcostal view.";
    sample.caption.text = i % 2 ? "subcostal view." : "apical view.";
    sample.caption.sentences = {{sample.caption.text, 0.9, {}}};
    for (const char* name : {"/a.mp4", "/b.mp4"}) {
      Seen seen;
      seen.clip = sample.id + name;
      seen.times = {0.25, 0.29};
      sample.seen.push_back(seen);
    }
    measured.samples.push_back(sample);
  }
  measured.clipEmbeddings = at::eye(static_cast<std::int64_t>(count));
  measured.textEmbeddings = at::eye(1, static_cast<std::int64_t>(count));
  MeasuredQuery query;
  query.text = "Subcostal view.";
  query.right = {"study_0"};
  query.rightRanks = {1};
  measured.queries.push_back(query);
  return measured;
}

TEST(Measured, CalibrationSaysHowOftenSentencesAreRight) {
  Measured measured = halfRight(40);
  const auto calibration = fitCalibration(measured);
  ASSERT_TRUE(calibration);
  EXPECT_NEAR(calibration->apply(0.9), 0.5, 1e-9);
  applyCalibration(*calibration, measured);
  for (const auto& sample : measured.samples) {
    EXPECT_TRUE(sample.caption.calibrated);
    EXPECT_NEAR(sample.caption.sentences[0].confidence, 0.5, 1e-9);
  }
  EXPECT_NEAR(measured.metrics.at("caption/sentence_accuracy"), 0.5, 1e-9);
  EXPECT_NEAR(measured.metrics.at("caption/brier"), 0.25, 1e-9);
  EXPECT_THROW(fitCalibration(measured), Error);  // of what is calibrated already
  EXPECT_FALSE(fitCalibration(halfRight(10)));    // too few to say
}

TEST(Measured, ResultsNameTheWeightsAndEveryClip) {
  TemporaryFolder folder;
  const auto results = folder / "results/val";
  writeResults(results, halfRight(3));
  EXPECT_EQ(readJsonFile(results / "model.json").at("step"), 12);
  const auto store = EmbeddingStore::load(results, "clip");
  ASSERT_EQ(store.size(), 3);
  EXPECT_EQ(store.id(1), "study_1");
  EXPECT_EQ(store.items[1].at("clip"), "study_1/a.mp4");
  EXPECT_EQ(store.items[1].at("start_seconds"), 0.25);
  const auto lines = split(readFile(results / "captions.jsonl"), '\n');
  ASSERT_EQ(lines.size(), 7U);  // two clips a study, and the empty end
  const Json line = Json::parse(lines[3]);
  EXPECT_EQ(line.at("clip"), "study_1/b.mp4");
  EXPECT_EQ(line.at("study"), "study_1");
  EXPECT_EQ(line.at("caption").at("text"), "subcostal view.");
}

TEST(Measured, MeansAreOfNumbersAlone) {
  const std::vector<Fact> facts = {{"ejection_fraction", R"(about (\d+) percent)"}, {"view", R"((\w+) view)"}};
  const auto means = meansOfFacts(facts, {"apical view, about 30 percent", "about 50 percent", "apical view"});
  EXPECT_EQ(means.size(), 1U);
  EXPECT_EQ(means.at("ejection_fraction"), 40);
}

}  // namespace
}  // namespace counterpoint
