// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/sampler.h"

#include <gmock/gmock.h>

#include "core/base/error.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace counterpoint {
namespace {

TEST(Sampler, RanksTogetherMakeTheBatchesOfOneRank) {
  const Sampler whole({.count = 103, .batchSize = 12, .seed = 9, .shuffle = true, .dropLast = true});
  for (const int ranks : {2, 3}) {
    std::vector<Sampler> parts;
    for (int rank = 0; rank < ranks; ++rank)
      parts.emplace_back(SamplerOptions{.count = 103,
                                        .batchSize = static_cast<std::size_t>(12 / ranks),
                                        .rank = rank,
                                        .ranks = ranks,
                                        .seed = 9,
                                        .shuffle = true,
                                        .dropLast = true});
    for (const std::uint64_t epoch : {0U, 3U}) {
      for (std::size_t index = 0; index < whole.batches(); ++index) {
        std::multiset<std::size_t> joined;
        for (const Sampler& part : parts) {
          ASSERT_EQ(part.batches(), whole.batches());
          const auto batch = part.batch(epoch, index);
          EXPECT_EQ(batch.size(), static_cast<std::size_t>(12 / ranks));
          joined.insert(batch.begin(), batch.end());
        }
        const auto expected = whole.batch(epoch, index);
        EXPECT_EQ(joined, (std::multiset<std::size_t>(expected.begin(), expected.end())));
      }
    }
  }
}

TEST(Sampler, EpochsDifferAndPositionsComeAgain) {
  const Sampler sampler({.count = 50, .batchSize = 10, .seed = 1, .shuffle = true, .dropLast = true});
  const auto third = sampler.batch(4, 3);
  EXPECT_NE(sampler.batch(5, 3), third);
  EXPECT_EQ(sampler.batch(4, 3), third);
  const Sampler again({.count = 50, .batchSize = 10, .seed = 1, .shuffle = true, .dropLast = true});
  EXPECT_EQ(again.batch(4, 3), third);
  const Sampler other({.count = 50, .batchSize = 10, .seed = 2, .shuffle = true, .dropLast = true});
  EXPECT_NE(other.batch(4, 3), third);
  std::set<std::size_t> all;
  for (std::size_t index = 0; index < 5; ++index)
    for (const std::size_t sample : sampler.batch(4, index)) all.insert(sample);
  EXPECT_EQ(all.size(), 50U);
}

TEST(Sampler, EvaluationHasNeitherGapsNorDuplicates) {
  for (const std::size_t count : {0U, 1U, 7U, 40U, 41U}) {
    for (const int ranks : {1, 2, 3, 5}) {
      std::vector<std::size_t> seen;
      for (int rank = 0; rank < ranks; ++rank) {
        const Sampler sampler({.count = count, .batchSize = 4, .rank = rank, .ranks = ranks});
        for (std::size_t index = 0; index < sampler.batches(); ++index) {
          const auto batch = sampler.batch(0, index);
          EXPECT_FALSE(batch.empty());
          seen.insert(seen.end(), batch.begin(), batch.end());
        }
        EXPECT_TRUE(sampler.batch(0, sampler.batches()).empty());
      }
      std::sort(seen.begin(), seen.end());
      std::vector<std::size_t> expected(count);
      std::iota(expected.begin(), expected.end(), std::size_t{0});
      EXPECT_EQ(seen, expected);
    }
  }
}

TEST(Sampler, TooFewClipsForABatchAreNamed) {
  try {
    Sampler sampler({.count = 7, .batchSize = 4, .rank = 0, .ranks = 2, .dropLast = true});
    FAIL() << "an epoch without batches was accepted";
  } catch (const Error& error) {
    EXPECT_THAT(describe(error), testing::HasSubstr("7 clips do not fill one batch of 4 on each of 2 ranks"));
  }
}

}  // namespace
}  // namespace counterpoint
