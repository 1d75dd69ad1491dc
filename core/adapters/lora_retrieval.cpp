// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/lora_retrieval.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/base/error.h"
#include "core/base/words.h"

namespace counterpoint {
namespace {

constexpr double kTiny = 1e-8;  // the reference's guard against a length of zero
constexpr std::string_view kAppPrefix = "app_lora_";
constexpr std::array<std::pair<const char*, LoraWeights>, 4> kWeightNames{{{"softmax", LoraWeights::Softmax},
                                                                           {"linear", LoraWeights::Linear},
                                                                           {"uniform", LoraWeights::Uniform},
                                                                           {"raw", LoraWeights::Raw}}};

double dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

std::vector<double> weigh(const std::vector<double>& scores, const LoraRankOptions& options) {
  std::vector<double> weights(scores.size());
  const double count = static_cast<double>(scores.size());
  switch (options.weights) {
    case LoraWeights::Raw: return scores;
    case LoraWeights::Uniform: std::fill(weights.begin(), weights.end(), 1 / count); return weights;
    case LoraWeights::Softmax: {
      // Without normalisation scores may be large: the largest is taken off first, which changes no weight.
      const double largest = scores.empty() ? 0 : *std::max_element(scores.begin(), scores.end());
      for (std::size_t i = 0; i < scores.size(); ++i)
        weights[i] = std::exp((scores[i] - largest) / options.temperature);
      break;
    }
    case LoraWeights::Linear: weights = scores; break;
  }
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight = sum > 0 ? weight / sum : 1 / count;
  return weights;
}

std::string appOf(std::string_view rest, PoolMatch match) {
  if (match == PoolMatch::Head) return std::string(rest.substr(0, rest.rfind('_')));
  std::string best;
  for (const std::string& app : knownLoraApps()) {
    const bool fits = rest == app || (rest.starts_with(app) && rest[app.size()] == '_');
    if (fits && app.size() > best.size()) best = app;
  }
  return best.empty() ? std::string(rest) : best;
}

}  // namespace

LoraWeights loraWeightsOf(const std::string& name) {
  std::vector<std::string> known;
  for (const auto& [word, weights] : kWeightNames) {
    if (name == word) return weights;
    known.emplace_back(word);
  }
  const std::string nearest = nearestWord(name, known);
  throw usageError("no weights are called '" + name + "'", {},
                   "Use " + (nearest.empty() ? join(known, ", ") : nearest));
}

LoraMatrix similarityMatrix(const LoraPool& pool) {
  LoraMatrix matrix;
  const std::size_t count = pool.entries.size();
  std::vector<double> lengths;
  for (const LoraEntry& entry : pool.entries) {
    matrix.names.push_back(entry.name);
    lengths.push_back(std::sqrt(dot(entry.mean, entry.mean)));
  }
  matrix.values.resize(count * count);
  for (std::size_t i = 0; i < count; ++i) {
    matrix.values[i * count + i] = lengths[i] > 0 ? 1 : 0;
    for (std::size_t j = 0; j < i; ++j) {
      const double scale = lengths[i] * lengths[j];
      const double cosine = scale > 0 ? dot(pool.entries[i].mean, pool.entries[j].mean) / scale : 0;
      matrix.values[i * count + j] = matrix.values[j * count + i] = std::clamp(cosine, -1.0, 1.0);
    }
  }
  return matrix;
}

std::vector<double> loraSimilarities(const LoraPool& pool, std::span<const float> query, bool normalize) {
  if (pool.entries.empty())
    throw dataError("No LoRA embeddings loaded", {}, "Check embedding_path in the lists, or give --root");
  if (static_cast<std::int64_t>(query.size()) != pool.dimension)
    throw dataError(
        fmt::format("the query has {} numbers, the adapters' embeddings have {}", query.size(), pool.dimension), {},
        "Embed the query with the encoder that made the adapters' embeddings");
  for (const float value : query)
    if (!std::isfinite(value)) throw dataError("the query holds a number that is not finite");
  const double queryLength = normalize ? std::sqrt(dot(query, query)) + kTiny : 1;
  std::vector<double> scores;
  for (const LoraEntry& entry : pool.entries) {
    const double length = normalize ? std::sqrt(dot(entry.mean, entry.mean)) + kTiny : 1;
    scores.push_back(dot(query, entry.mean) / queryLength / length);
  }
  return scores;
}

LoraRanking rankLoras(const LoraPool& pool, std::span<const float> query, const LoraRankOptions& options) {
  if (!(options.temperature > 0))
    throw usageError(fmt::format("a temperature of {} is not above 0", options.temperature), {}, "Use 0.2");
  const std::vector<double> scores = loraSimilarities(pool, query, options.normalize);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const auto& names = options.exclude;
    if (std::find(names.begin(), names.end(), pool.entries[i].name) == names.end()) order.push_back(i);
  }
  if (order.empty()) throw dataError("every adapter of the pool is excluded", {}, "Exclude fewer of them");
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  const auto k = static_cast<std::size_t>(options.k > 0 ? options.k : LoraRankOptions{}.k);
  order.resize(std::min(order.size(), k));
  LoraRanking ranking;
  for (const std::size_t i : order) {
    if (options.minSimilarity && scores[i] < *options.minSimilarity) break;
    ranking.names.push_back(pool.entries[i].name);
    ranking.similarities.push_back(scores[i]);
  }
  ranking.weights = weigh(ranking.similarities, options);
  return ranking;
}

const std::vector<std::string>& knownLoraApps() {
  static const std::vector<std::string> apps{
      "adidas",   "amazon", "calendar",     "clock",       "decathlon",       "ebay",     "etsy",
      "flipkart", "gmail",  "google_drive", "google_maps", "kitchen_stories", "reminder", "youtube"};
  return apps;
}

LoraPool filterPool(LoraPool pool, const std::vector<std::string>& apps, PoolMatch match) {
  if (apps.empty()) return pool;
  std::vector<LoraEntry> kept;
  std::vector<std::string> seen;
  bool hadApps = false, keptApps = false;
  for (LoraEntry& entry : pool.entries) {
    const bool isApp = entry.name.starts_with(kAppPrefix);
    if (isApp) {
      hadApps = true;
      const std::string app = appOf(std::string_view(entry.name).substr(kAppPrefix.size()), match);
      seen.push_back(app);
      if (std::find(apps.begin(), apps.end(), app) == apps.end()) continue;
      keptApps = true;
    }
    kept.push_back(std::move(entry));
  }
  for (const std::string& app : apps)
    if (std::find(seen.begin(), seen.end(), app) == seen.end())
      pool.notes.push_back("the pool names '" + app + "', but no adapter is for it");
  if (hadApps && !keptApps)
    throw usageError("no app adapter is left by the pool " + join(apps, ", "), "pool",
                     "Name apps of the lists: " + join(seen, ", "));
  pool.entries = std::move(kept);
  return pool;
}

}  // namespace counterpoint
