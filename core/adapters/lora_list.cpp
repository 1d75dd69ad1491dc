// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/lora_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/folders.h"
#include "core/base/json.h"
#include "core/formats/npy.h"

namespace counterpoint {
namespace {

constexpr std::string_view kNothing = "/dev/null";

std::optional<std::filesystem::path> findEmbedding(const std::string& stated, const std::filesystem::path& root,
                                                   const std::filesystem::path& list) {
  const std::filesystem::path path(stated);
  if (path.is_absolute()) return std::filesystem::is_regular_file(path) ? std::optional(path) : std::nullopt;
  std::vector<std::filesystem::path> candidates;
  if (root.empty()) {
    candidates = {path, list.parent_path() / path};
  } else {
    candidates = {root / path, list.parent_path() / path};
  }
  for (const std::filesystem::path& candidate : candidates)
    if (std::filesystem::is_regular_file(candidate)) return candidate;
  return std::nullopt;
}

std::vector<float> readMean(const std::filesystem::path& path) {
  const NpyArray array = NpyArray::open(path);
  if (array.elementCount() == 0 || array.dimensions() < 1 || array.dimensions() > 2)
    throw dataError("has shape " + shapeInWords(array.shape()) + ", not [dimension] or [rows, dimension]",
                    path.string(), "Name the .mean.npy of an embedding set");
  const std::vector<float> values = array.floats();
  for (const float value : values)
    if (!std::isfinite(value))
      throw dataError("holds a number that is not finite", path.string(), "Make the embeddings again");
  if (array.dimensions() == 1) return values;
  const auto rows = static_cast<std::size_t>(array.shape()[0]), width = static_cast<std::size_t>(array.shape()[1]);
  std::vector<float> mean(width);
  for (std::size_t column = 0; column < width; ++column) {
    double sum = 0;
    for (std::size_t row = 0; row < rows; ++row) sum += static_cast<double>(values[row * width + column]);
    mean[column] = static_cast<float>(sum / static_cast<double>(rows));
  }
  return mean;
}

std::string textOf(const Json& element, const char* key, const std::string& where) {
  const auto found = element.find(key);
  if (found == element.end() || found->is_null()) return {};
  if (!found->is_string()) throw dataError("is no text: " + found->dump(), where + ", " + key);
  return found->get<std::string>();
}

void addElement(const Json& element, const std::string& where, const std::filesystem::path& root,
                const std::filesystem::path& list, LoraPool& pool) {
  if (!element.is_object()) throw dataError("is no JSON object", where);
  LoraEntry entry;
  entry.name = textOf(element, "lora_name", where);
  entry.path = textOf(element, "lora_path", where);
  entry.description = textOf(element, "description", where);
  if (entry.name.empty()) {
    ++pool.withoutName;
    pool.notes.push_back(where + ": has no lora_name, ignored");
    return;
  }
  const std::string stated = textOf(element, "embedding_path", where);
  const auto path = stated.empty() || stated == kNothing ? std::nullopt : findEmbedding(stated, root, list);
  if (!path) {
    ++pool.withoutEmbedding;
    pool.notes.push_back(fmt::format("{}: '{}' has no embedding ({}), left out", where, entry.name,
                                     stated.empty() ? "none named" : stated + " is missing"));
    return;
  }
  entry.embeddingPath = *path;
  entry.mean = readMean(*path);
  entry.origin = originOfEmbedding(*path);
  const auto dimension = static_cast<std::int64_t>(entry.mean.size());
  if (pool.dimension == 0) pool.dimension = dimension;
  if (dimension != pool.dimension)
    throw dataError(fmt::format("has {} numbers, the adapters before have {}", dimension, pool.dimension),
                    path->string(), "All embeddings of a pool must come from one encoder");
  const auto same = std::find_if(pool.entries.begin(), pool.entries.end(),
                                 [&](const LoraEntry& earlier) { return earlier.name == entry.name; });
  if (same == pool.entries.end()) {
    pool.entries.push_back(std::move(entry));
    return;
  }
  ++pool.replaced;
  pool.notes.push_back(where + ": '" + entry.name + "' replaces an earlier one");
  *same = std::move(entry);
}

}  // namespace

std::optional<EmbeddingOrigin> originOfEmbedding(const std::filesystem::path& array) {
  auto file = array;
  file.replace_extension();
  if (file.extension() == ".mean") file.replace_extension();
  file += ".meta.json";
  std::error_code code;
  if (!std::filesystem::is_regular_file(file, code)) return std::nullopt;
  try {
    const Json meta = readJsonFile(file);
    return EmbeddingOrigin{meta.value("model_path", ""), meta.value("text_task", ""),
                           meta.value("text_prompt_name", "")};
  } catch (const std::exception&) {
    return std::nullopt;  // the vectors themselves are whole
  }
}

std::vector<std::string> originWarnings(const LoraPool& pool, const std::filesystem::path& query) {
  const auto ours = originOfEmbedding(query);
  std::vector<std::string> warnings;
  for (const auto& entry : pool.entries) {
    if (!ours || !entry.origin || *entry.origin == *ours) continue;
    const auto differs = [&](const char* what, const std::string& theirs, const std::string& mine) {
      if (theirs != mine)
        warnings.push_back(fmt::format("{}: its {} was \"{}\", the query's is \"{}\": similarities mean little",
                                       entry.name, what, theirs, mine));
    };
    differs("encoder", entry.origin->encoder, ours->encoder);
    differs("task", entry.origin->task, ours->task);
    differs("prompt", entry.origin->prompt, ours->prompt);
  }
  return warnings;
}

LoraPool loadLoraLists(const std::vector<std::filesystem::path>& lists, const std::filesystem::path& root) {
  LoraPool pool;
  for (const std::filesystem::path& list : lists) {
    if (list == kNothing || !std::filesystem::exists(list)) {
      ++pool.listsSkipped;
      pool.notes.push_back(list.string() + ": is missing, skipped");
      continue;
    }
    const Json json = readJsonFile(list);
    if (!json.is_array()) throw dataError("is no JSON array of adapters", list.string());
    std::size_t number = 0;
    for (const Json& element : json)
      addElement(element, fmt::format("{}, adapter {}", list.string(), ++number), root, list, pool);
  }
  return pool;
}

EmbeddingSetFiles writeEmbeddingSet(const std::filesystem::path& prefix, const std::vector<float>& rows,
                                    std::int64_t dimension, const EmbeddingSetInfo& info) {
  const auto width = static_cast<std::size_t>(dimension);
  if (dimension < 1 || rows.empty() || rows.size() % width != 0)
    throw Error(ErrorKind::Bug, "writeEmbeddingSet: the rows do not fit the dimension", prefix.string());
  const std::size_t count = rows.size() / width;
  std::vector<float> mean(width);
  for (std::size_t column = 0; column < width; ++column) {
    double sum = 0;
    for (std::size_t row = 0; row < count; ++row) sum += static_cast<double>(rows[row * width + column]);
    mean[column] = static_cast<float>(sum / static_cast<double>(count));
  }
  EmbeddingSetFiles files{prefix, prefix, prefix};
  files.rows += ".npy";
  files.mean += ".mean.npy";
  files.meta += ".meta.json";
  if (prefix.has_parent_path()) makeFolder(prefix.parent_path());
  const std::vector<std::int64_t> shape{static_cast<std::int64_t>(count), dimension}, meanShape{dimension};
  writeNpy(files.rows, shape, rows);
  writeNpy(files.mean, meanShape, mean);
  Json preview = Json::array();
  for (std::size_t i = 0; i < std::min<std::size_t>(3, info.texts.size()); ++i) preview.push_back(info.texts[i]);
  writeJsonFile(
      files.meta,
      {{"input_jsonl", info.input},
       {"model_path", info.encoder},
       {"device", info.device},
       {"dtype", info.dtype},
       {"text_source", "user"},
       {"include_role_tags", false},
       {"text_task", info.task},
       {"text_prompt_name", info.prompt},
       {"text_batch_size", info.batchSize},
       {"max_length", info.maxLength},
       {"truncate_dim", nullptr},
       {"return_multivector", false},
       {"normalized", info.normalized},
       {"episode_ids", info.episodes},
       {"texts_preview", preview},
       {"stats",
        {{"num_examples", count},
         {"num_images_total", 0},
         {"dim", dimension},
         {"text_task", info.task},
         {"text_prompt_name", info.prompt},
         {"normalize", info.normalized},
         {"return_multivector", false}}},
       {"npy_paths", {{"embeddings", files.rows.filename().string()}, {"mean", files.mean.filename().string()}}}});
  return files;
}

}  // namespace counterpoint
