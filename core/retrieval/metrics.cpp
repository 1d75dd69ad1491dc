// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/retrieval/metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "core/base/error.h"

namespace counterpoint {
namespace {

double discount(std::int64_t rank) { return 1 / std::log2(static_cast<double>(rank) + 1); }

template <typename Measure>
double mean(std::span<const RankedQuery> queries, Measure measure) {
  double sum = 0;
  for (const RankedQuery& query : queries) sum += measure(query);
  return sum / static_cast<double>(queries.size());
}

}  // namespace

TextGroups groupEqualTexts(std::span<const std::string> textOfClip) {
  TextGroups groups;
  std::unordered_map<std::string, std::int64_t> known;
  for (std::size_t clip = 0; clip < textOfClip.size(); ++clip) {
    const auto [found, isNew] = known.emplace(textOfClip[clip], static_cast<std::int64_t>(groups.texts.size()));
    if (isNew) {
      groups.texts.push_back(textOfClip[clip]);
      groups.clipsOf.emplace_back();
    }
    groups.textOf.push_back(found->second);
    groups.textsOf.push_back({found->second});
    groups.clipsOf[static_cast<std::size_t>(found->second)].push_back(static_cast<std::int64_t>(clip));
  }
  return groups;
}

std::vector<std::int64_t> ranksOfRight(std::span<const float> scores, std::span<const std::int64_t> right) {
  const auto scoreOf = [&](std::size_t i) {
    return std::isnan(scores[i]) ? -std::numeric_limits<float>::infinity() : scores[i];
  };
  std::vector<std::int64_t> unique(right.begin(), right.end());
  std::sort(unique.begin(), unique.end());
  unique.erase(std::unique(unique.begin(), unique.end()), unique.end());
  if (!unique.empty() && (unique.front() < 0 || unique.back() >= static_cast<std::int64_t>(scores.size())))
    throw dataError("a right answer lies outside the " + std::to_string(scores.size()) + " candidates");
  // Counting what stands before each right answer is cheaper than sorting while there are few of them.
  std::vector<std::int64_t> ranks;
  if (unique.size() <= 16) {
    for (const std::int64_t answer : unique) {
      const auto index = static_cast<std::size_t>(answer);
      const float score = scoreOf(index);
      std::int64_t rank = 1;
      for (std::size_t i = 0; i < scores.size(); ++i) rank += scoreOf(i) > score || (scoreOf(i) == score && i < index);
      ranks.push_back(rank);
    }
  } else {
    std::vector<std::size_t> order(scores.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scoreOf(a) > scoreOf(b); });
    for (std::size_t i = 0; i < order.size(); ++i)
      if (std::binary_search(unique.begin(), unique.end(), static_cast<std::int64_t>(order[i])))
        ranks.push_back(static_cast<std::int64_t>(i) + 1);
  }
  std::sort(ranks.begin(), ranks.end());
  return ranks;
}

double recallAt(const RankedQuery& query, std::int64_t k) {
  return !query.rightRanks.empty() && query.rightRanks.front() <= std::min(k, query.candidates) ? 1 : 0;
}

double reciprocalRank(const RankedQuery& query) {
  if (query.candidates == 1) return 1;
  return query.rightRanks.empty() ? 0 : 1 / static_cast<double>(query.rightRanks.front());
}

double ndcgAt(const RankedQuery& query, std::int64_t k) {
  double gain = 0, ideal = 0;
  for (const std::int64_t rank : query.rightRanks)
    if (rank <= k) gain += discount(rank);
  const auto most = std::min(k, static_cast<std::int64_t>(query.rightRanks.size()));
  for (std::int64_t rank = 1; rank <= most; ++rank) ideal += discount(rank);
  return ideal > 0 ? gain / ideal : 0;
}

double averagePrecision(const RankedQuery& query) {
  if (query.rightRanks.empty()) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < query.rightRanks.size(); ++i)
    sum += static_cast<double>(i + 1) / static_cast<double>(query.rightRanks[i]);
  return sum / static_cast<double>(query.rightRanks.size());
}

std::int64_t medianRank(std::span<const RankedQuery> queries) {
  if (queries.empty()) return 0;
  std::vector<std::int64_t> best;
  for (const RankedQuery& query : queries)
    best.push_back(query.rightRanks.empty() ? query.candidates : query.rightRanks.front());
  const auto middle = best.begin() + static_cast<std::ptrdiff_t>((best.size() - 1) / 2);
  std::nth_element(best.begin(), middle, best.end());
  return *middle;
}

std::map<std::string, double> retrievalMetrics(std::span<const RankedQuery> queries, std::span<const std::int64_t> ks) {
  std::map<std::string, double> metrics;
  if (queries.empty()) return metrics;
  for (const std::int64_t k : ks) {
    metrics["recall@" + std::to_string(k)] =
        mean(queries, [&](const RankedQuery& query) { return recallAt(query, k); });
    metrics["ndcg@" + std::to_string(k)] = mean(queries, [&](const RankedQuery& query) { return ndcgAt(query, k); });
  }
  metrics["mrr"] = mean(queries, reciprocalRank);
  metrics["map"] = mean(queries, averagePrecision);
  metrics["median_rank"] = static_cast<double>(medianRank(queries));
  return metrics;
}

}  // namespace counterpoint
