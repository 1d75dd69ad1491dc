// SPDX-License-Identifier: GPL-3.0-or-later
// Lists of LoRA adapters and the mean embeddings that stand for them (LoraRetriever, arXiv 2402.09997; the files are
// those of its public repository).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace counterpoint {

// How embeddings were made, as their .meta.json says. Vectors compare only where these agree.
struct EmbeddingOrigin {
  std::string encoder, task, prompt;
  bool operator==(const EmbeddingOrigin&) const = default;
};

// From PREFIX.meta.json beside PREFIX.npy or PREFIX.mean.npy; empty where there is none or it cannot be read.
std::optional<EmbeddingOrigin> originOfEmbedding(const std::filesystem::path& array);

struct LoraEntry {
  std::string name;  // unique
  std::string path;  // the PEFT adapter's folder, as the list has it
  std::string description;
  std::filesystem::path embeddingPath;  // found on disk; empty where there is none
  std::vector<float> mean;              // as stored (not of length 1); empty where there is none
  std::optional<EmbeddingOrigin> origin{};
};

struct LoraPool {
  std::vector<LoraEntry> entries;  // load order; those without an embedding are not in it
  std::int64_t dimension = 0;      // of every mean; 0 for an empty pool
  // What was left out, in words for a person.
  std::int64_t listsSkipped = 0;      // "/dev/null" or missing
  std::int64_t withoutName = 0;       // elements without lora_name
  std::int64_t withoutEmbedding = 0;  // no embedding_path, "/dev/null", or a missing file
  std::int64_t replaced = 0;          // a later element of the same name took its place
  std::vector<std::string> notes;     // one line for each of them
};

// Reads the lists in order. A relative embedding_path is looked up below `root` if that is given, else below the
// working directory, else beside its list. A later embedding replaces an earlier one of the same name and keeps its
// place. Throws Error{Data} naming file and element: no array, wrong types, an embedding that is no numbers or not
// finite, or of another dimension than the ones before. A 2-D embedding is averaged over its rows.
LoraPool loadLoraLists(const std::vector<std::filesystem::path>& lists, const std::filesystem::path& root = {});

// One line for each encoder, task or prompt of the pool that is not the query's. Nothing where either is unknown.
std::vector<std::string> originWarnings(const LoraPool& pool, const std::filesystem::path& query);

// The embeddings of one adapter: rows, their plain mean and how they were made.
struct EmbeddingSetFiles {
  std::filesystem::path rows, mean, meta;
};
struct EmbeddingSetInfo {
  std::string encoder, task, prompt;    // read when queries are made, so that the two agree
  std::string input;                    // file of the prompts
  std::vector<std::string> texts;       // the first three are kept as preview
  std::vector<std::string> episodes{};  // ids of the prompts, where they have any
  std::string device{}, dtype = "float32";
  std::int64_t batchSize = 0, maxLength = 0;
  bool normalized = true;
};

// Writes PREFIX.npy [rows, dimension], PREFIX.mean.npy [dimension] (float64 sum, not normalised again) and
// PREFIX.meta.json. `rows` is row-major; at least one row.
EmbeddingSetFiles writeEmbeddingSet(const std::filesystem::path& prefix, const std::vector<float>& rows,
                                    std::int64_t dimension, const EmbeddingSetInfo& info);

}  // namespace counterpoint
