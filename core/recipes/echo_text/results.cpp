// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipes/echo_text/results.h"

#include "core/base/files.h"
#include "core/retrieval/embedding_store.h"

namespace counterpoint {
namespace {

std::string line(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"; }

}  // namespace

Json resultItem(const std::string& id, const std::string& study, const std::string& report, const std::string& view,
                const Seen& seen) {
  return {{"id", id},       {"clip", seen.clip}, {"study", study},
          {"text", report}, {"view", view},      {"start_seconds", seen.times.empty() ? 0.0 : seen.times.front()}};
}

void writeResults(const std::filesystem::path& folder, const Measured& measured) {
  std::filesystem::create_directories(folder);
  Json metrics = Json::object();
  for (const auto& [name, value] : measured.metrics) metrics[name] = numberToJson(value);
  writeJsonFile(folder / "metrics.json", metrics);
  writeJsonFile(folder / "model.json", {{"step", measured.step}});

  std::string captions, queries;
  std::vector<Json> clips, texts;
  for (const auto& sample : measured.samples) {
    for (const auto& seen : sample.seen)
      captions += line({{"clip", seen.clip},
                        {"study", sample.study},
                        {"reference", sample.report},
                        {"caption", toJson(sample.caption)},
                        {"seen", toJson(seen)}});
    clips.push_back(resultItem(sample.id, sample.study, sample.report, sample.view, sample.seen.front()));
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
