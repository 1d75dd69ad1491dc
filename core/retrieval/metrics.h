// SPDX-License-Identifier: GPL-3.0-or-later
// Measures of retrieval, as DeepCORO has them (spec deepcoro.md §18.1), all between 0 and 1. No LibTorch here.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace counterpoint {

// Texts that are equal count as one: a query for it is answered by every clip that has it.
struct TextGroups {
  std::vector<std::string> texts;                  // unique, in order of first appearance
  std::vector<std::int64_t> textOf;                // clip → unique text
  std::vector<std::vector<std::int64_t>> clipsOf;  // unique text → its clips, rising: right answers of text → clips
  std::vector<std::vector<std::int64_t>> textsOf;  // clip → {its text}: right answers of clip → texts
};

// Texts are compared byte for byte.
TextGroups groupEqualTexts(std::span<const std::string> textOfClip);

// Ranks (from 1) of the right answers among `scores`, rising; equal scores rank by index. NaN ranks last. Indices in
// `right` must be within the scores (else Error{Data}); one that comes twice counts once.
std::vector<std::int64_t> ranksOfRight(std::span<const float> scores, std::span<const std::int64_t> right);

// One query: the ranks of all its right answers, rising (empty: it has none), among `candidates` answers.
struct RankedQuery {
  std::vector<std::int64_t> rightRanks;
  std::int64_t candidates = 0;
};

// Any right answer within the first min(k, M); 0 without right answers.
double recallAt(const RankedQuery& query, std::int64_t k);
// 1 / best rank; 1 where there is one candidate alone (M = 1); 0 without right answers.
double reciprocalRank(const RankedQuery& query);
// Gains of 1, discount 1/log2(rank + 1), over the ideal for min(|right|, k) answers; 0 without right answers.
double ndcgAt(const RankedQuery& query, std::int64_t k);
// Mean over the right answers of (right ones so far) / rank, over the full ranking; 0 without right answers.
double averagePrecision(const RankedQuery& query);
// Lower median of the best ranks; M for a query without right answers. 0 for no queries.
std::int64_t medianRank(std::span<const RankedQuery> queries);

// Means over the queries: "recall@K", "mrr", "ndcg@K", "map", "median_rank". Empty for no queries.
std::map<std::string, double> retrievalMetrics(std::span<const RankedQuery> queries, std::span<const std::int64_t> ks);

}  // namespace counterpoint
