// SPDX-License-Identifier: GPL-3.0-or-later
// lora similarity and lora rank: which adapters are alike, and which fit a query.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "app/commands/verbs.h"
#include "core/adapters/lora_retrieval.h"
#include "core/base/json.h"
#include "core/base/log.h"
#include "core/formats/npy.h"

namespace counterpoint {
namespace {

struct LoraSimilarityOptions {
  std::vector<std::string> lists;
  std::string root;
};

struct LoraRankVerbOptions {
  LoraSimilarityOptions lists;
  std::string query, weights = "softmax";
  std::int64_t row = 0;
  LoraRankOptions rank;
  double minSimilarity = -1;
};

void addLists(CLI::App& command, LoraSimilarityOptions& options) {
  command.add_option("lists", options.lists, "LoRA lists (JSON), in order")->required();
  command.add_option("--root", options.root, "Folder that the lists' relative paths start from (default: this one)");
}

void addRank(CLI::App& command, LoraRankVerbOptions& options) {
  addLists(command, options.lists);
  command.add_option("--query", options.query, "Embedding of the query: .npy, one row or many")->required();
  command.add_option("--row", options.row, "Row of the query file, from 0")->capture_default_str();
  command.add_option("-k", options.rank.k, "How many adapters")->check(CLI::PositiveNumber)->capture_default_str();
  command.add_option("--temperature", options.rank.temperature, "Of the softmax over the selected")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command.add_option("--weights", options.weights, "softmax, linear, uniform or raw")->capture_default_str();
  command.add_option("--exclude", options.rank.exclude, "Names to leave out")->delimiter(',');
  command.add_option("--min-similarity", options.minSimilarity, "Drop selected adapters below it")
      ->capture_default_str();
}

LoraPool loadPool(const LoraSimilarityOptions& options) {
  LoraPool pool = loadLoraLists({options.lists.begin(), options.lists.end()}, options.root);
  for (const std::string& note : pool.notes) logWarning("{}", note);
  return pool;
}

void print(const Json& value) { fmt::print("{}\n", value.dump()); }

std::size_t widest(const std::vector<std::string>& names) {
  std::size_t width = 0;
  for (const std::string& name : names) width = std::max(width, name.size());
  return width;
}

int runSimilarity(const LoraSimilarityOptions& options, const Context& context) {
  const LoraMatrix matrix = similarityMatrix(loadPool(options));
  const std::size_t count = matrix.names.size();
  if (context.json) {
    Json rows = Json::array();
    for (std::size_t i = 0; i < count; ++i) {
      Json row = Json::array();
      for (std::size_t j = 0; j < count; ++j) row.push_back(numberToJson(matrix.at(i, j)));
      rows.push_back(std::move(row));
    }
    print({{"names", matrix.names}, {"matrix", std::move(rows)}});
    return 0;
  }
  const std::size_t width = widest(matrix.names);
  fmt::print("{:>3}  {:<{}}", "", "", width);
  for (std::size_t j = 0; j < count; ++j) fmt::print(" {:>6}", j + 1);
  fmt::print("\n");
  for (std::size_t i = 0; i < count; ++i) {
    fmt::print("{:>3}  {:<{}}", i + 1, matrix.names[i], width);
    for (std::size_t j = 0; j < count; ++j) fmt::print(" {:6.3f}", matrix.at(i, j));
    fmt::print("\n");
  }
  return 0;
}

int runRank(const LoraRankVerbOptions& options, const Context& context) {
  LoraRankOptions rank = options.rank;
  rank.weights = loraWeightsOf(options.weights);
  if (options.minSimilarity > -1) rank.minSimilarity = options.minSimilarity;
  const LoraPool pool = loadPool(options.lists);
  for (const auto& warning : originWarnings(pool, options.query)) logWarning("{}", warning);
  const LoraRanking ranking = rankLoras(pool, NpyArray::open(options.query).floatRow(options.row), rank);
  if (context.json) {
    print({{"names", ranking.names}, {"similarities", ranking.similarities}, {"weights", ranking.weights}});
    return 0;
  }
  const std::size_t width = std::max<std::size_t>(widest(ranking.names), 7);
  fmt::print("{:>4}  {:<{}}  {:>10}  {:>8}\n", "rank", "adapter", width, "similarity", "weight");
  for (std::size_t i = 0; i < ranking.names.size(); ++i)
    fmt::print("{:>4}  {:<{}}  {:>10.4f}  {:>8.4f}\n", i + 1, ranking.names[i], width, ranking.similarities[i],
               ranking.weights[i]);
  return 0;
}

}  // namespace

std::vector<Verb> loraVerbs() {
  return {plainVerb<LoraSimilarityOptions>({"lora similarity", "Adapters", "Shows how alike the adapters' prompts are",
                                            "lora similarity adapters/list.json", true},
                                           addLists, runSimilarity),
          plainVerb<LoraRankVerbOptions>({"lora rank", "Adapters", "Selects and weighs adapters for a query",
                                          "lora rank adapters/list.json --query query.npy -k 3", true},
                                         addRank, runRank)};
}

}  // namespace counterpoint
