// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/random.h"
#include "core/retrieval/embedding_store.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

using ::testing::HasSubstr;

// Small whole numbers: products are exact, and there are many ties.
at::Tensor counted(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
  at::Tensor made = at::empty({rows, columns}, at::kFloat);
  Random random(seed);
  for (std::int64_t i = 0; i < made.numel(); ++i) made.data_ptr<float>()[i] = static_cast<float>(random.below(5)) - 2;
  return made;
}

std::vector<SearchHit> bruteForce(const float* query, const at::Tensor& rows) {
  std::vector<SearchHit> hits;
  const std::int64_t width = rows.size(1);
  for (std::int64_t row = 0; row < rows.size(0); ++row) {
    float score = 0;
    for (std::int64_t d = 0; d < width; ++d) score += query[d] * rows.data_ptr<float>()[row * width + d];
    hits.push_back({row, score});
  }
  std::stable_sort(hits.begin(), hits.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  return hits;
}

TEST(SearchExact, FindsWhatSortingEverythingFinds) {
  const at::Tensor rows = counted(9000, 6, 1), queries = counted(300, 6, 2);  // more than one block of both
  const auto hits = searchExact(queries, rows, 10);
  ASSERT_EQ(hits.size(), 300u);
  for (std::size_t q = 0; q < hits.size(); q += 7) {
    const auto expected = bruteForce(queries.data_ptr<float>() + q * 6, rows);
    ASSERT_EQ(hits[q].size(), 10u);
    for (std::size_t i = 0; i < 10; ++i) {
      EXPECT_EQ(hits[q][i].row, expected[i].row) << "query " << q << " place " << i;
      EXPECT_EQ(hits[q][i].score, expected[i].score);
    }
  }
}

TEST(SearchExact, KeepsToSmallSizes) {
  const at::Tensor rows = counted(3, 4, 1);
  EXPECT_EQ(searchExact(counted(2, 4, 3), rows, 10)[1].size(), 3u);
  EXPECT_TRUE(searchExact(counted(2, 4, 3), rows, 0)[0].empty());
  EXPECT_TRUE(searchExact(counted(1, 4, 3), at::empty({0, 4}, at::kFloat), 5)[0].empty());
  EXPECT_THROW(searchExact(counted(1, 5, 3), rows, 1), Error);
}

TEST(RankAll, GivesThePlaceOfEveryRightAnswer) {
  const at::Tensor rows = counted(500, 6, 4), queries = counted(40, 6, 5);
  std::vector<std::vector<std::int64_t>> right;
  Random random(6);
  for (int q = 0; q < 40; ++q) {
    right.emplace_back();
    for (std::uint64_t i = random.below(30); i > 0; --i)
      right.back().push_back(static_cast<std::int64_t>(random.below(500)));
  }
  const auto ranked = rankAll(queries, rows, right);
  for (std::size_t q = 0; q < 40; ++q) {
    const auto order = bruteForce(queries.data_ptr<float>() + q * 6, rows);
    std::vector<std::int64_t> expected;
    for (std::size_t i = 0; i < order.size(); ++i)
      if (std::count(right[q].begin(), right[q].end(), order[i].row) > 0)
        expected.push_back(static_cast<std::int64_t>(i) + 1);
    EXPECT_EQ(ranked[q].rightRanks, expected);
    EXPECT_EQ(ranked[q].candidates, 500);
  }
}

TEST(UnitRows, HaveLengthOneAndZerosStay) {
  at::Tensor rows = at::zeros({2, 2}, at::kFloat);
  rows.data_ptr<float>()[0] = 3;
  rows.data_ptr<float>()[1] = 4;
  const at::Tensor unit = unitRows(rows);
  EXPECT_FLOAT_EQ(unit.data_ptr<float>()[0], 0.6f);
  EXPECT_FLOAT_EQ(unit.data_ptr<float>()[1], 0.8f);
  EXPECT_EQ(unit.data_ptr<float>()[2], 0);
}

class StoreFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    store_.embeddings = counted(2, 3, 1);
    store_.items = {{{"id", "a"}, {"text", "é"}}, {{"id", "b"}, {"start_seconds", 0.5}}};
    store_.save(folder_.path(), "clip");
  }
  std::string problem() {
    try {
      EmbeddingStore::load(folder_.path(), "clip");
    } catch (const Error& error) {
      return describe(error);
    }
    return "no error";
  }
  TemporaryFolder folder_;
  EmbeddingStore store_;
};

TEST_F(StoreFiles, KeepRowsAndItems) {
  const EmbeddingStore again = EmbeddingStore::load(folder_.path(), "clip");
  EXPECT_TRUE(again.embeddings.equal(store_.embeddings));
  EXPECT_EQ(again.items, store_.items);
  EXPECT_EQ(again.id(1), "b");
  EXPECT_TRUE(std::filesystem::exists(folder_ / "clip_embeddings.npy"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "clips.jsonl"));
}

TEST_F(StoreFiles, ThatDoNotFitAreNamed) {
  const auto path = folder_ / "clips.jsonl";
  writeFileAtomically(path, "{\"id\":\"a\"}\n");
  EXPECT_THAT(problem(), HasSubstr("has 2 rows"));
  writeFileAtomically(path, "{\"id\":\"a\"}\n{\"id\":\"a\"}\n");
  EXPECT_THAT(problem(), HasSubstr("line 2"));
  writeFileAtomically(path, "{\"id\":\"a\"}\n{\"name\":\"a\"}\n");
  EXPECT_THAT(problem(), HasSubstr("no JSON object with an id"));
  writeFileAtomically(path, "{\"id\":\"a\"}\n{\n");
  EXPECT_THAT(problem(), HasSubstr("line 2"));
}

}  // namespace
}  // namespace counterpoint
