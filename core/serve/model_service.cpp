// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serve/model_service.h"

#include <ATen/ops/cat.h>
#include <unistd.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/config/workspace.h"
#include "core/formats/npy.h"
#include "core/protocol/line_socket.h"
#include "core/recipes/echo_text/results.h"
#include "core/recipes/echo_text/samples.h"
#include "core/retrieval/metrics.h"

namespace counterpoint {
namespace {

constexpr std::size_t kLargestInlineBytes = 4096;  // more travels as a file
constexpr std::size_t kBatch = 16;

template <typename Value>
Value parameter(const Json& parameters, const char* name) {
  if (!parameters.contains(name)) throw usageError("is missing", std::string("parameter \"") + name + "\"");
  try {
    return parameters.at(name).get<Value>();
  } catch (const Json::exception&) {
    throw usageError("has the wrong type", std::string("parameter \"") + name + "\"");
  }
}

template <typename Value>
Value parameterOr(const Json& parameters, const char* name, Value otherwise) {
  return parameters.contains(name) && !parameters.at(name).is_null() ? parameter<Value>(parameters, name) : otherwise;
}

void check(const RequestContext& context) {
  if (context.cancelled && context.cancelled()) throw RequestCancelled();
}

Json embeddingAnswer(const EmbeddedRows& rows) {
  Json answer = {{"dimension", rows.dimension}};
  if (rows.values.size() * sizeof(float) <= kLargestInlineBytes) {
    Json list = Json::array();
    for (auto row = rows.values.begin(); row != rows.values.end(); row += rows.dimension)
      list.push_back(std::vector<float>(row, row + rows.dimension));
    answer["embeddings"] = std::move(list);
    return answer;
  }
  std::string pattern = (socketDirectory() / "array-XXXXXX").string();
  FileDescriptor file(::mkstemp(pattern.data()));
  if (!file) throw systemError(errno, "make a file for an array", pattern);
  const std::int64_t shape[] = {rows.count, rows.dimension};
  writeNpy(pattern, shape, rows.values);
  answer["file"] = pattern;
  return answer;
}

}  // namespace

// The embedded clips of one split with what is known of them.
struct ModelService::SplitIndex {
  EmbeddingStore store;
};

ModelService::ModelService(const ModelPlace& place, const Json& config, c10::Device device)
    : place_(place), workspace_(workspaceOf(place.run)), model_(loadEchoTextModel(place, config, device)) {
  auto& settings = model_->settings();
  const auto statistics = place_.run / "statistics.json";
  if (settings.data.measureStatistics && std::filesystem::exists(statistics)) {
    const Json measured = readJsonFile(statistics);
    settings.data.input.mean = measured.at("mean").get<std::vector<double>>();
    settings.data.input.deviation = measured.at("std").get<std::vector<double>>();
  }
  try {
    auto options = settings.data.table;
    options.onMissing = OnMissing::Skip;
    table_ = StudyTable::load(settings.data.csv, options);
  } catch (const Error& error) {
    logWarning("the run's studies cannot be read, clips are taken without their R waves: {}", error.what());
  }
}

ModelService::~ModelService() = default;

Json ModelService::answer(const std::string& method, const Json& parameters, const RequestContext& context) {
  check(context);
  if (method == "describe") return describe();
  if (method == "embed") return embed(parameters, context);
  if (method == "caption") return caption(parameters);
  if (method == "retrieve") return retrieve(parameters, context);
  throw usageError("there is no such method", method,
                   "There are: hello, describe, embed, caption, retrieve, cancel, shutdown.");
}

Json ModelService::describe() const {
  const auto& settings = model_->settings();
  const auto& input = settings.data.input;
  return {{"model", place_.checkpoint.string()},
          {"run", place_.run.string()},
          {"recipe", "echo_text"},
          {"step", readPosition(place_.checkpoint).step},
          {"device", model_->device().str()},
          {"capabilities", {"embed_text", "embed_clip", "caption", "retrieve"}},
          {"dimension", settings.video.dimension},
          {"calibrated", model_->calibration().has_value()},
          {"input",
           {{"frames", input.frames},
            {"stride", input.stride},
            {"size", input.size},
            {"crop", input.crop},
            {"start", nameOf(input.start)},
            {"channels", nameOf(input.channels)}}}};
}

ClipInput ModelService::loadInput(const std::string& clip, std::optional<double> startSeconds) const {
  auto input = model_->settings().data.input;
  const std::filesystem::path named(clip);
  std::filesystem::path path = named.is_absolute() ? named : workspace_ / named;
  if (table_)
    for (const auto& row : table_->rows()) {
      if (row.file != clip && row.path != path) continue;
      path = row.path;
      if (!startSeconds && input.start == ClipStart::RWave) startSeconds = row.rWave;
      break;
    }
  if (startSeconds)
    input.start = ClipStart::RWave;
  else
    input.start = ClipStart::First;
  auto loaded = loadClip(path, clip, input, startSeconds);
  loaded.pixels = loaded.pixels.unsqueeze(0);
  return loaded;
}

EmbeddedRows ModelService::embedRows(const std::string& kind, const std::vector<std::string>& inputs, bool normalize,
                                     std::size_t batchSize, const RequestContext& context, Json* seen) {
  if (inputs.empty()) throw usageError("is empty", "parameter \"inputs\"");
  if (kind != "text" && kind != "clip") throw usageError("must be text or clip", "parameter \"kind\"");
  EmbeddedRows rows;
  rows.count = static_cast<std::int64_t>(inputs.size());
  rows.dimension = model_->settings().video.dimension;
  for (std::size_t start = 0; start < inputs.size(); start += batchSize) {
    check(context);
    const auto count = std::min(batchSize, inputs.size() - start);
    at::Tensor part;
    if (kind == "text") {
      part = model_->encodeTexts(std::span(inputs).subspan(start, count), normalize);
    } else {
      std::vector<at::Tensor> clips;
      for (std::size_t i = start; i < start + count; ++i) {
        auto input = loadInput(inputs[i], std::nullopt);
        if (seen) seen->push_back(std::move(input.seen));
        clips.push_back(std::move(input.pixels));
      }
      part = model_->encodeClips(at::cat(clips), {}, normalize).embeddings;
    }
    part = part.to(at::kCPU, at::kFloat).contiguous();
    rows.values.insert(rows.values.end(), part.data_ptr<float>(), part.data_ptr<float>() + part.numel());
    if (context.progress) context.progress(static_cast<std::int64_t>(start + count), rows.count);
  }
  return rows;
}

Json ModelService::embed(const Json& parameters, const RequestContext& context) {
  const auto kind = parameter<std::string>(parameters, "kind");
  const auto inputs = parameter<std::vector<std::string>>(parameters, "inputs");
  Json seen = Json::array();
  Json answer =
      embeddingAnswer(embedRows(kind, inputs, parameterOr(parameters, "normalize", true), kBatch, context, &seen));
  if (kind == "clip") answer["seen"] = std::move(seen);
  return answer;
}

Json ModelService::caption(const Json& parameters) {
  const auto clip = parameter<std::string>(parameters, "clip");
  std::optional<double> start;
  if (parameters.contains("start_seconds") && !parameters.at("start_seconds").is_null())
    start = parameter<double>(parameters, "start_seconds");
  auto input = loadInput(clip, start);
  CaptionRequest request;
  request.maxTokens = parameterOr<std::int64_t>(parameters, "max_tokens", model_->settings().captionTokens);
  request.sample = parameterOr(parameters, "sample", false);
  request.temperature = parameterOr(parameters, "temperature", 1.0);
  request.seed = parameterOr<std::uint64_t>(parameters, "seed", 0);
  const auto captions = model_->captions(model_->encodeClips(input.pixels), request);
  return {{"caption", toJson(captions.front())}, {"seen", std::move(input.seen)}};
}

const ModelService::SplitIndex& ModelService::indexOf(const std::string& split, const RequestContext& context) {
  auto& slot = indices_[split];
  if (slot) return *slot;
  const auto folder = RunFolder(place_.run).results(split);
  // What other weights embedded cannot answer this model's questions.
  const auto source = folder / "model.json";
  if (std::filesystem::exists(source) &&
      readJsonFile(source).value("step", std::int64_t{-1}) == readPosition(place_.checkpoint).step) {
    slot = std::make_unique<SplitIndex>(SplitIndex{EmbeddingStore::load(folder, "clip")});
    return *slot;
  }
  if (!table_)
    throw dataError("the split was not evaluated and its studies are not there", folder.string(),
                    "Run counterpoint-worker evaluate where the data is.");
  const auto& settings = model_->settings();
  const auto samples = samplesOf(settings, *table_, split);
  const auto loader = inferenceLoader(settings, samples, model_->device());
  std::vector<Json> members;
  std::vector<at::Tensor> embeddings;
  loader->start(0);
  while (const auto batch = loader->next()) {
    check(context);
    for (std::size_t i = 0; i < batch->size(); ++i) {
      const ClipSample& sample = samples[batch->samples[i]];
      members.push_back(
          resultItem(sample.id, sample.study, sample.report, sample.view, seenFromJson(batch->seen[i].front())));
    }
    embeddings.push_back(model_->encodeClips(batch->clips, batch->present).embeddings.to(at::kCPU));
    if (context.progress)
      context.progress(static_cast<std::int64_t>(members.size()), static_cast<std::int64_t>(samples.size()));
  }
  slot = std::make_unique<SplitIndex>(SplitIndex{EmbeddingStore{std::move(members), at::cat(embeddings)}});
  return *slot;
}

Json ModelService::retrieve(const Json& parameters, const RequestContext& context) {
  const bool byText = parameters.contains("text");
  if (byText == parameters.contains("clip")) throw usageError("give either text or clip", "retrieve");
  const auto split = parameterOr<std::string>(parameters, "split", "test");
  const auto most = parameterOr<std::int64_t>(parameters, "k", 10);
  if (most < 1) throw usageError("must be at least 1", "parameter \"k\"");
  const SplitIndex& index = indexOf(split, context);
  Json answer = Json::object();
  at::Tensor query;
  std::string text;
  if (byText) {
    text = parameter<std::string>(parameters, "text");
    query = model_->encodeTexts(std::span(&text, 1));
  } else {
    auto input = loadInput(parameter<std::string>(parameters, "clip"), std::nullopt);
    query = model_->encodeClips(input.pixels).embeddings;
    answer["seen"] = std::move(input.seen);
  }
  query = query.to(at::kCPU);
  const auto& members = index.store.items;

  // Right answers as the asker names them; else, for words, the clips whose report they are.
  std::vector<std::int64_t> right;
  const auto wanted = parameterOr<std::vector<std::string>>(parameters, "right", {});
  for (std::size_t i = 0; i < members.size(); ++i) {
    const bool named = std::find(wanted.begin(), wanted.end(), members[i].at("id").get<std::string>()) != wanted.end();
    const bool same = wanted.empty() && byText && members[i].at("text") == text;
    if (named || same) right.push_back(static_cast<std::int64_t>(i));
  }
  std::vector<Hit> hits;
  const auto nearest = searchExact(query, index.store.embeddings, most).front();
  for (const auto& found : nearest) {
    const auto& member = members[static_cast<std::size_t>(found.row)];
    hits.push_back({static_cast<int>(hits.size() + 1), member.at("id"), member.at("clip"), member.at("study"),
                    member.at("text"), found.score, std::find(right.begin(), right.end(), found.row) != right.end()});
  }
  const auto ranked = rankAll(query, index.store.embeddings, std::span(&right, 1)).front();
  answer["hits"] = toJson(hits);
  answer["right_ranks"] = ranked.rightRanks;
  answer["total"] = members.size();
  return answer;
}

}  // namespace counterpoint
