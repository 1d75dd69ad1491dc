// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/retrieval/embedding_store.h"

#include <fmt/format.h>

#include <ATen/ops/empty.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/matmul.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <set>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/words.h"
#include "core/formats/npy.h"

namespace counterpoint {
namespace {

constexpr std::int64_t kQueryBlock = 256;
constexpr std::int64_t kRowBlock = 8192;

void checkPair(const at::Tensor& queries, const at::Tensor& embeddings) {
  for (const at::Tensor* tensor : {&queries, &embeddings})
    if (tensor->dim() != 2 || tensor->scalar_type() != at::kFloat || !tensor->device().is_cpu())
      throw Error(ErrorKind::Bug, "search wants float32 matrices on the CPU");
  if (queries.size(1) != embeddings.size(1))
    throw dataError(fmt::format("the queries have {} numbers, the embeddings {}", queries.size(1), embeddings.size(1)),
                    {}, "Embed both with the same model");
}

// True where `a` stands before `b`.
bool isBefore(const SearchHit& a, const SearchHit& b) { return a.score != b.score ? a.score > b.score : a.row < b.row; }

float orderable(float score) { return std::isnan(score) ? -std::numeric_limits<float>::infinity() : score; }

// Keeps the k best in a heap whose front is the worst of them.
void offer(std::vector<SearchHit>& best, std::size_t k, const float* scores, std::int64_t count,
           std::int64_t firstRow) {
  for (std::int64_t i = 0; i < count; ++i) {
    // Rows come in rising order, so an equal score never displaces.
    if (best.size() == k && !(scores[i] > best.front().score)) continue;
    if (best.size() == k) {
      std::pop_heap(best.begin(), best.end(), isBefore);
      best.pop_back();
    }
    best.push_back({firstRow + i, orderable(scores[i])});
    std::push_heap(best.begin(), best.end(), isBefore);
  }
}

std::filesystem::path arrayPath(const std::filesystem::path& folder, const std::string& name) {
  return folder / (name + "_embeddings.npy");
}
std::filesystem::path linesPath(const std::filesystem::path& folder, const std::string& name) {
  return folder / (name + "s.jsonl");
}

}  // namespace

const std::string& EmbeddingStore::id(std::int64_t row) const {
  return items.at(static_cast<std::size_t>(row)).at("id").get_ref<const std::string&>();
}

EmbeddingStore EmbeddingStore::load(const std::filesystem::path& folder, const std::string& name) {
  const NpyArray array = NpyArray::open(arrayPath(folder, name));
  if (array.dimensions() != 2)
    throw dataError("has shape " + shapeInWords(array.shape()) + ", not [rows, dimension]", array.path().string());
  EmbeddingStore store;
  const std::filesystem::path path = linesPath(folder, name);
  std::set<std::string> ids;
  std::vector<std::string> lines = split(readFile(path), '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string where = fmt::format("{}, line {}", path.string(), i + 1);
    Json item = Json::parse(lines[i], nullptr, false);
    if (!item.is_object() || !item.contains("id") || !item["id"].is_string())
      throw dataError("is no JSON object with an id", where, "Run evaluate again");
    if (!ids.insert(item["id"].get<std::string>()).second)
      throw dataError("has an id that came before: " + item["id"].dump(), where, "Run evaluate again");
    store.items.push_back(std::move(item));
  }
  if (array.shape()[0] != store.size())
    throw dataError(fmt::format("has {} rows, but {} has {} lines", array.shape()[0], path.string(), store.size()),
                    array.path().string(), "Run evaluate again");
  store.embeddings = at::empty({array.shape()[0], array.shape()[1]}, at::kFloat);
  const std::vector<float> values = array.floats();
  std::copy(values.begin(), values.end(), store.embeddings.data_ptr<float>());
  return store;
}

void EmbeddingStore::save(const std::filesystem::path& folder, const std::string& name) const {
  if (embeddings.dim() != 2 || embeddings.size(0) != size())
    throw Error(ErrorKind::Bug, "EmbeddingStore: rows and items do not fit", folder.string());
  std::string lines;
  for (const Json& item : items) lines += item.dump() + "\n";
  const at::Tensor rows = embeddings.to(at::kCPU, at::kFloat).contiguous();
  const std::vector<std::int64_t> shape = rows.sizes().vec();
  std::filesystem::create_directories(folder);
  writeNpy(arrayPath(folder, name), shape, {rows.data_ptr<float>(), static_cast<std::size_t>(rows.numel())});
  writeFileAtomically(linesPath(folder, name), lines);
}

at::Tensor unitRows(const at::Tensor& rows) {
  const at::Tensor lengths = at::linalg_vector_norm(rows, 2, at::IntArrayRef{1}, true);
  return rows.div(lengths.clamp_min(1e-12));
}

std::vector<std::vector<SearchHit>> searchExact(const at::Tensor& queries, const at::Tensor& embeddings,
                                                std::int64_t k) {
  checkPair(queries, embeddings);
  const std::int64_t count = queries.size(0), rows = embeddings.size(0);
  const auto most = static_cast<std::size_t>(std::clamp<std::int64_t>(k, 0, rows));
  std::vector<std::vector<SearchHit>> hits(static_cast<std::size_t>(count));
  if (most == 0) return hits;
  for (std::int64_t query = 0; query < count; query += kQueryBlock) {
    const std::int64_t height = std::min(kQueryBlock, count - query);
    const at::Tensor block = queries.narrow(0, query, height);
    for (std::int64_t row = 0; row < rows; row += kRowBlock) {
      const std::int64_t width = std::min(kRowBlock, rows - row);
      const at::Tensor scores = at::matmul(block, embeddings.narrow(0, row, width).t()).contiguous();
      const float* values = scores.data_ptr<float>();
      for (std::int64_t i = 0; i < height; ++i)
        offer(hits[static_cast<std::size_t>(query + i)], most, values + i * width, width, row);
    }
  }
  for (std::vector<SearchHit>& list : hits) std::sort(list.begin(), list.end(), isBefore);
  return hits;
}

std::vector<RankedQuery> rankAll(const at::Tensor& queries, const at::Tensor& embeddings,
                                 std::span<const std::vector<std::int64_t>> right) {
  checkPair(queries, embeddings);
  const std::int64_t count = queries.size(0), rows = embeddings.size(0);
  if (static_cast<std::int64_t>(right.size()) != count)
    throw Error(ErrorKind::Bug, "rankAll: one set of right answers per query");
  // Whole rows of scores are needed here: as many queries at once as fit 64 MB.
  const std::int64_t step =
      std::clamp<std::int64_t>((std::int64_t{1} << 24) / std::max<std::int64_t>(rows, 1), 1, 1024);
  std::vector<RankedQuery> ranked;
  for (std::int64_t query = 0; query < count; query += step) {
    const std::int64_t height = std::min(step, count - query);
    const at::Tensor scores = at::matmul(queries.narrow(0, query, height), embeddings.t()).contiguous();
    for (std::int64_t i = 0; i < height; ++i) {
      const std::span<const float> line(scores.data_ptr<float>() + i * rows, static_cast<std::size_t>(rows));
      ranked.push_back({ranksOfRight(line, right[static_cast<std::size_t>(query + i)]), rows});
    }
  }
  return ranked;
}

}  // namespace counterpoint
