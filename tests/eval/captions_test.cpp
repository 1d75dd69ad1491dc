// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"
#include "core/eval/calibration.h"
#include "core/eval/sentences.h"
#include "core/eval/text_metrics.h"

namespace counterpoint {
namespace {

TEST(Sentences, ReportsAreCutAtTheirEnds) {
  EXPECT_EQ(splitSentences("LVEF is 3.5 percent. No stenosis!  End"),
            (std::vector<std::string>{"LVEF is 3.5 percent.", "No stenosis!", "End"}));
  EXPECT_EQ(sentenceKey("  LVEF  about 35 percent . "), sentenceKey("lvef about 35 percent."));
}

TEST(Sentences, ConfidenceIsTheGeometricMeanOfItsTokens) {
  const auto caption = captionOf({{"lv", 0.9}, {"##ef", 0.4}, {".", 1.0}, {"normal", 0.5}}, std::nullopt);
  ASSERT_EQ(caption.sentences.size(), 2u);
  EXPECT_EQ(caption.text, "lvef. normal");
  EXPECT_NEAR(caption.sentences[0].confidence, std::cbrt(0.9 * 0.4), 1e-12);
  EXPECT_DOUBLE_EQ(caption.sentences[1].confidence, 0.5);
  EXPECT_FALSE(caption.calibrated);
}

TEST(Sentences, ADecimalPointEndsNothing) {
  const auto caption = captionOf({{"about", 1}, {"3", 1}, {".", 1}, {"5", 1}, {"percent", 1}, {".", 1}}, std::nullopt);
  EXPECT_EQ(caption.text, "about 3.5 percent.");
  EXPECT_EQ(caption.sentences.size(), 1u);
}

TEST(Calibration, PoolsNeighboursThatContradict) {
  // By hand: shares 0, (1, 0) pooled to ½, 1.
  const auto map = Calibration::fit({0.1, 0.4, 0.6, 0.9}, {false, true, false, true}, 1);
  ASSERT_TRUE(map);
  EXPECT_DOUBLE_EQ(map->apply(0.5), 0.5);
  EXPECT_DOUBLE_EQ(map->apply(0.0), 0.0);
  EXPECT_DOUBLE_EQ(map->apply(1.0), 1.0);
  EXPECT_NEAR(map->apply(0.3), 0.25, 1e-12);
  const auto again = Calibration::fromJson(map->toJson());
  EXPECT_DOUBLE_EQ(again.apply(0.7), map->apply(0.7));
}

TEST(Calibration, NeedsEnoughAnswersAndRefusesNonsense) {
  EXPECT_FALSE(Calibration::fit({0.5}, {true}));
  EXPECT_THROW(Calibration::fromJson(Json::object()), Error);
  EXPECT_THROW(Calibration::fromJson({{"method", "isotonic"}, {"raw", {0.5, 0.1}}, {"share", {0.1, 0.2}}}), Error);
}

TEST(TextMetrics, FollowTheirFormulas) {
  EXPECT_DOUBLE_EQ(sentenceBleu("a b c d e", "a b c d e"), 1.0);
  EXPECT_DOUBLE_EQ(sentenceBleu("a b c", "a b c"), 0.0);  // no 4-gram, no smoothing
  // 4 of 5 words, 3 of 4 pairs, 2 of 3 triples, 1 of 2 quadruples.
  EXPECT_NEAR(sentenceBleu("a b c d x", "a b c d e"), std::pow(0.8 * 0.75 * 2 / 3 * 0.5, 0.25), 1e-12);
  EXPECT_NEAR(rougeN("a b x", "a b c d", 1), 2 * 2 / 7.0, 1e-12);
  EXPECT_NEAR(rougeL("a x b", "a b c"), 2 * 2 / 6.0, 1e-12);
}

TEST(TextMetrics, FactsAreReadFromWords) {
  const std::vector<Fact> facts = {{"ef", "about ([0-9]+) percent"}, {"view", "^([a-z ]+) view"}};
  const auto metrics = captionMetrics({"Apical view. about 40 percent.", "Subcostal view."},
                                      {"Apical view. about 30 percent.", "Apical view. about 50 percent."}, facts);
  EXPECT_DOUBLE_EQ(metrics.at("fact/view/accuracy"), 0.5);
  EXPECT_DOUBLE_EQ(metrics.at("fact/ef/named"), 0.5);
  EXPECT_DOUBLE_EQ(metrics.at("fact/ef/mean_absolute_error"), 10);  // 10 and, unnamed, the mean 40 against 50
  EXPECT_DOUBLE_EQ(metrics.at("fact/ef/mean_absolute_error_of_mean"), 10);
  EXPECT_THROW(captionMetrics({"a"}, {"a"}, {{"broken", "("}}), Error);
}

}  // namespace
}  // namespace counterpoint
