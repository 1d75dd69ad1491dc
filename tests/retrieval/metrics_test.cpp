// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/retrieval/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"
#include "core/base/json.h"
#include "tests/support/golden.h"

namespace counterpoint {
namespace {

using ::testing::ElementsAre;
using Ranks = std::vector<std::int64_t>;
constexpr std::int64_t kKs[] = {1, 5, 10};

TEST(RetrievalMetrics, AgreeWithNumpy) {
  const Json cases = readJsonFile(goldenFolder("retrieval") / "cases.json");
  ASSERT_EQ(cases.size(), 24u);
  for (const Json& one : cases) {
    std::vector<RankedQuery> queries;
    for (std::size_t q = 0; q < one["scores"].size(); ++q) {
      const auto scores = one["scores"][q].get<std::vector<float>>();
      queries.push_back({ranksOfRight(scores, one["right"][q].get<Ranks>()), one["candidates"].get<std::int64_t>()});
      EXPECT_EQ(queries.back().rightRanks, one["ranks"][q].get<Ranks>());
    }
    const auto metrics = retrievalMetrics(queries, kKs);
    EXPECT_EQ(metrics.size(), one["metrics"].size());
    for (const auto& [name, value] : one["metrics"].items())
      EXPECT_NEAR(metrics.at(name), value.get<double>(), 1e-12) << name;
  }
}

TEST(RetrievalMetrics, AreThoseOfTheSpecsCheck) {
  const std::vector<RankedQuery> queries{{{1}, 3}, {{2}, 3}, {{3}, 3}};
  const auto metrics = retrievalMetrics(queries, kKs);
  EXPECT_NEAR(metrics.at("recall@1"), 0.3333, 5e-5);
  EXPECT_NEAR(metrics.at("mrr"), 0.6111, 5e-5);
  EXPECT_EQ(metrics.at("median_rank"), 2);
  EXPECT_EQ(metrics.at("recall@5"), 1);
}

TEST(RetrievalMetrics, KnowTheOddCases) {
  EXPECT_EQ(reciprocalRank({{}, 1}), 1);  // one candidate alone
  EXPECT_EQ(reciprocalRank({{}, 4}), 0);
  EXPECT_EQ(recallAt({{}, 4}, 5), 0);
  EXPECT_EQ(averagePrecision({{}, 4}), 0);
  EXPECT_EQ(ndcgAt({{}, 4}, 5), 0);
  EXPECT_EQ(medianRank(std::vector<RankedQuery>{{{}, 9}, {{4}, 9}}), 4);  // the lower of 4 and 9
  EXPECT_EQ(medianRank(std::vector<RankedQuery>{{{}, 9}}), 9);
  EXPECT_TRUE(retrievalMetrics({}, kKs).empty());
}

TEST(RanksOfRight, PutEqualScoresInOrderAndNanLast) {
  const std::vector<float> scores{1, NAN, 2, 2, -5};
  EXPECT_THAT(ranksOfRight(scores, Ranks{0, 1, 2, 3, 4}), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(ranksOfRight(scores, Ranks{3}), ElementsAre(2));
  EXPECT_THAT(ranksOfRight(scores, Ranks{1}), ElementsAre(5));
  EXPECT_THAT(ranksOfRight(scores, Ranks{2, 2, 4}), ElementsAre(1, 4));
  EXPECT_TRUE(ranksOfRight(scores, Ranks{}).empty());
  EXPECT_THROW(ranksOfRight(scores, Ranks{5}), Error);
  EXPECT_THROW(ranksOfRight(scores, Ranks{-1}), Error);
}

TEST(TextGroups, CountEqualTextsAsOne) {
  const TextGroups groups = groupEqualTexts(std::vector<std::string>{"b", "a", "b", "", "a", "b"});
  EXPECT_THAT(groups.texts, ElementsAre("b", "a", ""));
  EXPECT_THAT(groups.textOf, ElementsAre(0, 1, 0, 2, 1, 0));
  EXPECT_THAT(groups.clipsOf, ElementsAre(ElementsAre(0, 2, 5), ElementsAre(1, 4), ElementsAre(3)));
  EXPECT_THAT(groups.textsOf[4], ElementsAre(1));
}

}  // namespace
}  // namespace counterpoint
