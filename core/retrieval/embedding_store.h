// SPDX-License-Identifier: GPL-3.0-or-later
// Embeddings with their ids, and exact search among them.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/retrieval/metrics.h"

namespace counterpoint {

// Row i of `embeddings` (float32, CPU, [N, D]) belongs to line i of `items`, an object with a unique "id".
// On disk: NAME_embeddings.npy beside NAMEs.jsonl (ARCHITECTURE.md, results/SPLIT: clips and texts).
struct EmbeddingStore {
  std::vector<Json> items;
  at::Tensor embeddings;

  std::int64_t size() const { return static_cast<std::int64_t>(items.size()); }
  const std::string& id(std::int64_t row) const;

  // `name` is "clip" or "text". Throws Error{Data} naming file and line: rows and lines that do not fit, ids missing or
  // twice, shapes other than [N, D].
  static EmbeddingStore load(const std::filesystem::path& folder, const std::string& name);
  void save(const std::filesystem::path& folder, const std::string& name) const;
};

struct SearchHit {
  std::int64_t row = 0;  // of the searched embeddings
  float score = 0;
};

// Rows scaled to length 1 (a row of zeros stays).
at::Tensor unitRows(const at::Tensor& rows);

// The k best rows of `embeddings` [N, D] for each query [Q, D] by dot product (unit rows give cosines), best first;
// equal scores by rising row. Exact; works through both in blocks, so that memory does not grow with Q × N.
std::vector<std::vector<SearchHit>> searchExact(const at::Tensor& queries, const at::Tensor& embeddings,
                                                std::int64_t k);

// Ranks of the right answers of every query among all rows, in blocks; right[i] are rows of `embeddings`.
std::vector<RankedQuery> rankAll(const at::Tensor& queries, const at::Tensor& embeddings,
                                 std::span<const std::vector<std::int64_t>> right);

}  // namespace counterpoint
