// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipes/echo_text/results.h"

#include "core/base/files.h"
#include "core/retrieval/embedding_store.h"

namespace counterpoint {
namespace {

std::string line(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"; }

}  // namespace

void writeResults(const std::filesystem::path& folder, const Measured& measured) {
  std::filesystem::create_directories(folder);
  Json metrics = Json::object();
  for (const auto& [name, value] : measured.metrics) metrics[name] = numberToJson(value);
  writeJsonFile(folder / "metrics.json", metrics);

  std::string captions, queries;
  std::vector<Json> clips, texts;
  for (const auto& clip : measured.clips) {
    captions += line({{"clip", clip.id},
                      {"study", clip.study},
                      {"reference", clip.report},
                      {"caption", toJson(clip.caption)},
                      {"seen", toJson(clip.seen)}});
    clips.push_back({{"id", clip.id},
                     {"clip", clip.id},
                     {"study", clip.study},
                     {"text", clip.report},
                     {"view", clip.view},
                     {"start_seconds", clip.seen.times.empty() ? 0.0 : clip.seen.times.front()}});
  }
  for (const auto& query : measured.queries) {
    queries += line({{"query", query.text},
                     {"right", query.right},
                     {"right_ranks", query.rightRanks},
                     {"hits", toJson(query.hits)},
                     {"total", query.total}});
    texts.push_back({{"id", query.text}, {"text", query.text}});
  }
  writeFileAtomically(folder / "captions.jsonl", captions);
  writeFileAtomically(folder / "retrieval.jsonl", queries);
  EmbeddingStore{std::move(clips), measured.clipEmbeddings}.save(folder, "clip");
  EmbeddingStore{std::move(texts), measured.textEmbeddings}.save(folder, "text");
}

}  // namespace counterpoint
