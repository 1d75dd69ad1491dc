// SPDX-License-Identifier: GPL-3.0-or-later
// Which adapters of a pool fit a query, and with which weights (LoraRetriever, retriever.py).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/adapters/lora_list.h"

namespace counterpoint {

enum class LoraWeights {
  Softmax,  // exp(s / temperature) over the selected
  Linear,   // s / sum; uniform where the sum is not positive
  Uniform,  // 1 / k
  Raw       // the scores themselves
};

// "softmax", "linear", "uniform", "raw"; throws Error{Usage} with the nearest known word.
LoraWeights loraWeightsOf(const std::string& name);

// How the apps of the pool filter are told from the names of adapters.
enum class PoolMatch {
  Exact,  // the longest known app that the name begins with
  Head    // the reference's slip: everything before the last underscore, so that google_drive becomes "google"
};

struct LoraRankOptions {
  std::int64_t k = 3;  // more than the pool: the whole pool; 0 or less: 3
  LoraWeights weights = LoraWeights::Softmax;
  double temperature = 0.2;
  bool normalize = true;                // cosine; false: plain dot product
  std::vector<std::string> exclude;     // names left out before ranking
  std::optional<double> minSimilarity;  // selected ones below it are dropped before weighing
};

struct LoraRanking {
  std::vector<std::string> names;  // best first; equal scores in load order
  std::vector<double> similarities;
  std::vector<double> weights;
};

// Names and the cosines of their means, row-major [n, n]; exactly symmetric, 1 on the diagonal (0 for a mean of zeros).
struct LoraMatrix {
  std::vector<std::string> names;
  std::vector<double> values;
  double at(std::size_t row, std::size_t column) const { return values[row * names.size() + column]; }
};

LoraMatrix similarityMatrix(const LoraPool& pool);

// Score of every adapter in load order: q/(|q| + 1e-8) · m/(|m| + 1e-8), or q · m. Throws Error{Data} where the query's
// dimension is not the pool's, or is not finite, and for an empty pool.
std::vector<double> loraSimilarities(const LoraPool& pool, std::span<const float> query, bool normalize = true);

// Throws as loraSimilarities does, Error{Usage} for a temperature that is not above 0, and Error{Data} where the
// exclusions leave nothing.
LoraRanking rankLoras(const LoraPool& pool, std::span<const float> query, const LoraRankOptions& options = {});

// The 14 apps of the reference's data.
const std::vector<std::string>& knownLoraApps();

// Keeps the app adapters ("app_lora_…") of these apps and every other adapter. No app: the pool as it is. Unknown apps
// are noted in `notes`; no app adapter left where there were some: Error{Usage}.
LoraPool filterPool(LoraPool pool, const std::vector<std::string>& apps, PoolMatch match = PoolMatch::Exact);

}  // namespace counterpoint
