// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipes/echo_text/measure.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "core/base/error.h"
#include "core/eval/sentences.h"
#include "core/losses/caption.h"
#include "core/recipes/echo_text/results.h"
#include "core/recipes/echo_text/samples.h"
#include "core/retrieval/embedding_store.h"

namespace counterpoint {
namespace {

// What one rank found out about its share of the samples.
struct Share {
  std::vector<at::Tensor> embeddings;
  Json samples = Json::array();
  double captionSum = 0, captionWeight = 0;
};

// The frames of each clip of a sample in one random order.
at::Tensor withShuffledFrames(const at::Tensor& clips, const std::vector<std::size_t>& samples, std::uint64_t seed) {
  const std::int64_t frames = clips.dim() - 4;  // their axis
  std::vector<at::Tensor> shuffled;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    Random random(deriveSeed(seed, "frames", samples[i]));
    std::vector<std::int64_t> order(static_cast<std::size_t>(clips.size(frames)));
    std::iota(order.begin(), order.end(), std::int64_t{0});
    random.shuffle(order);
    shuffled.push_back(clips[static_cast<std::int64_t>(i)].index_select(frames - 1, at::tensor(order)));
  }
  return at::stack(shuffled);
}

void addCaptionLoss(EchoTextModel& model, const Batch& batch, const EncodedClips& encoded,
                    const at::Tensor& wordWeights, Share& share) {
  const auto [ids, mask] = model.words(batch.texts);
  const std::int64_t length = ids.size(1) - 1;
  const auto logits =
      model.decoder->forward(ids.slice(1, 0, length), mask.slice(1, 0, length), encoded.tokens, encoded.mask);
  CaptionLossOptions options;
  options.padId = model.tokenizer().special().pad;
  options.labelSmoothing = model.settings().labelSmoothing;
  options.tokenWeights = wordWeights;
  auto weights = mask.slice(1, 1).to(at::kDouble);
  if (wordWeights.defined())
    weights = weights * wordWeights.index_select(0, ids.slice(1, 1).reshape(-1)).view_as(weights);
  const double weight = weights.sum().item<double>();
  share.captionSum += captionLoss(logits, ids, options).item<double>() * weight;
  share.captionWeight += weight;
}

Share measureShare(EchoTextModel& model, const std::vector<ClipSample>& samples, const ProcessGroup& group,
                   const MeasureOptions& options) {
  const auto& settings = model.settings();
  const auto loader = inferenceLoader(settings, samples, model.device(), group);
  Share share;
  std::size_t done = 0;
  const std::size_t total =
      (samples.size() + static_cast<std::size_t>(group.size()) - 1) / static_cast<std::size_t>(group.size());
  loader->start(0);
  while (const auto batch = loader->next()) {
    auto pixels = batch->clips;
    if (options.shuffleFrames) pixels = withShuffledFrames(pixels, batch->samples, options.seed);
    const auto encoded = model.encodeClips(pixels, batch->present);
    share.embeddings.push_back(encoded.embeddings.to(at::kCPU));
    addCaptionLoss(model, *batch, encoded, options.wordWeights, share);
    const auto captions = model.captions(encoded, {.maxTokens = settings.captionTokens});
    for (std::size_t i = 0; i < batch->size(); ++i) {
      share.samples.push_back(
          {{"number", batch->samples[i]}, {"caption", toJson(captions[i])}, {"seen", batch->seen[i]}});
    }
    done += batch->size();
    if (options.progress) options.progress(done, total);
  }
  return share;
}

// The contrastive loss over the split in batches of the training's size, as one rank would see them.
double contrastiveOver(const EchoTextModel& model, const Measured& measured, const TextGroups& groups) {
  const auto& settings = model.settings();
  ContrastiveLoss loss(settings.contrastive);
  loss.to(model.device());
  const torch::NoGradGuard inference;
  auto targets = loss.named_parameters();
  for (const auto& source : model.loss->named_parameters()) targets[source.key()].copy_(source.value());

  const auto textIds = at::tensor(groups.textOf, at::TensorOptions().dtype(at::kLong));
  const auto texts = measured.textEmbeddings.index_select(0, textIds);
  const auto count = static_cast<std::int64_t>(measured.samples.size());
  double sum = 0;
  std::int64_t batches = 0;
  for (std::int64_t start = 0; start < count; start += settings.batchSize, ++batches) {
    const std::int64_t end = std::min(count, start + settings.batchSize);
    if (end - start < 2 && batches > 0) break;
    ContrastivePairs pairs;
    pairs.videos = measured.clipEmbeddings.slice(0, start, end).to(model.device());
    pairs.texts = texts.slice(0, start, end).to(model.device());
    if (settings.equalReportsArePositives) pairs.textIds = textIds.slice(0, start, end).to(model.device());
    sum += loss.forward(pairs).item<double>();
  }
  return sum / static_cast<double>(std::max<std::int64_t>(batches, 1));
}

constexpr std::int64_t kRecallAt[] = {1, 5, 10, 50};
constexpr std::int64_t kHitsKept = 10;

// Unique reports as queries; right are all samples with an equal report.
void measureRetrieval(Measured& measured, const TextGroups& groups) {
  const auto hits = searchExact(measured.textEmbeddings, measured.clipEmbeddings, kHitsKept);
  const auto ranked = rankAll(measured.textEmbeddings, measured.clipEmbeddings, groups.clipsOf);
  for (std::size_t q = 0; q < groups.texts.size(); ++q) {
    MeasuredQuery query;
    query.text = groups.texts[q];
    query.total = ranked[q].candidates;
    query.rightRanks = ranked[q].rightRanks;
    for (const std::int64_t row : groups.clipsOf[q])
      query.right.push_back(measured.samples[static_cast<std::size_t>(row)].id);
    for (const auto& found : hits[q]) {
      const auto& sample = measured.samples[static_cast<std::size_t>(found.row)];
      query.hits.push_back({static_cast<int>(query.hits.size() + 1), sample.id, sample.firstClip(), sample.study,
                            sample.report, found.score, sample.report == query.text});
    }
    query.bestScore = query.hits.empty() ? 0 : query.hits.front().score;
    measured.queries.push_back(std::move(query));
  }
  for (const auto& [name, value] : retrievalMetrics(ranked, kRecallAt))
    measured.metrics["text_to_clip/" + name] = value;
  const auto reverse = rankAll(measured.clipEmbeddings, measured.textEmbeddings, groups.textsOf);
  for (const auto& [name, value] : retrievalMetrics(reverse, kRecallAt))
    measured.metrics["clip_to_text/" + name] = value;
}

// How far the confidence of sentences is from what happened.
void measureConfidence(Measured& measured) {
  std::vector<double> confidence;
  std::vector<bool> right;
  for (const auto& sample : measured.samples) {
    std::vector<std::string> sentences;
    for (const auto& sentence : sample.caption.sentences) {
      sentences.push_back(sentence.text);
      confidence.push_back(sentence.confidence);
    }
    for (const bool found : sentencesInReference(sentences, sample.report)) right.push_back(found);
  }
  if (confidence.empty()) return;
  measured.metrics["caption/sentence_accuracy"] =
      static_cast<double>(std::count(right.begin(), right.end(), true)) / static_cast<double>(right.size());
  measured.metrics["caption/brier"] = brierScore(confidence, right);
}

void measureCaptions(const EchoTextSettings& settings, const MeasureOptions& options, Measured& measured) {
  std::vector<std::string> generated, references;
  for (const auto& sample : measured.samples) {
    generated.push_back(sample.caption.text);
    references.push_back(sample.report);
  }
  measured.metrics.merge(captionMetrics(generated, references, settings.facts, options.factMeans));
  measureConfidence(measured);
}

}  // namespace

Measured measureSplit(EchoTextModel& model, const std::vector<ClipSample>& samples, const ProcessGroup& group,
                      const MeasureOptions& options) {
  const torch::NoGradGuard inference;
  Share share = measureShare(model, samples, group, options);
  const auto& settings = model.settings();
  const auto mine = share.embeddings.empty() ? at::empty({0, settings.video.dimension}) : at::cat(share.embeddings);
  const auto embeddings = group.gatherRows(mine);
  const auto sums = group.allReduce({share.captionSum, share.captionWeight}, Reduction::Sum);
  const auto parts = group.gather(share.samples.dump(-1, ' ', false, Json::error_handler_t::replace));
  Measured measured;
  measured.step = options.step;
  if (!group.isMain()) return measured;

  std::vector<std::int64_t> order(samples.size());  // where sample i of the split lies in `embeddings`
  measured.samples.resize(samples.size());
  std::int64_t place = 0;
  for (const auto& part : parts) {
    for (const auto& entry : Json::parse(part)) {
      const auto number = entry.at("number").get<std::size_t>();
      const ClipSample& sample = samples.at(number);
      MeasuredSample& made = measured.samples[number];
      made = {number, sample.id, sample.study, sample.view, sample.report, captionFromJson(entry.at("caption")), {}};
      for (const Json& seen : entry.at("seen")) made.seen.push_back(seenFromJson(seen));
      order[number] = place++;
    }
  }
  measured.clipEmbeddings = embeddings.index_select(0, at::tensor(order, at::TensorOptions().dtype(at::kLong)));

  std::vector<std::string> reports;
  for (const auto& sample : samples) reports.push_back(sample.report);
  const TextGroups groups = groupEqualTexts(reports);
  const auto& texts = groups.texts;
  std::vector<at::Tensor> encoded;
  for (std::size_t start = 0; start < texts.size(); start += 64) {
    const std::size_t count = std::min<std::size_t>(64, texts.size() - start);
    encoded.push_back(model.encodeTexts(std::span(texts).subspan(start, count)).to(at::kCPU));
  }
  measured.textEmbeddings = at::cat(encoded);

  measureRetrieval(measured, groups);
  measureCaptions(settings, options, measured);
  const double contrastive = contrastiveOver(model, measured, groups);
  const double caption = sums[0] / sums[1];
  measured.metrics["contrastive"] = contrastive;
  measured.metrics["caption"] = caption;
  measured.metrics["loss"] = settings.contrastiveWeight * contrastive + settings.captionWeight * caption;
  if (!options.folder.empty()) writeResults(options.folder, measured);
  return measured;
}

void writeMeasuredEvents(const Measured& measured, const std::string& split, const EchoTextSettings& settings,
                         EventWriter& events) {
  const auto captions =
      std::min<std::size_t>(measured.samples.size(), static_cast<std::size_t>(settings.captionEvents));
  for (std::size_t i = 0; i < captions; ++i) {
    // Spread over the split, so that several views come by.
    const auto& sample = measured.samples[i * measured.samples.size() / captions];
    events.caption(split + "/caption", sample.firstClip(), sample.study, sample.report, toJson(sample.caption),
                   toJson(sample.seen.front()));
  }
  std::vector<const MeasuredQuery*> queries;
  for (const auto& query : measured.queries) queries.push_back(&query);
  std::stable_sort(queries.begin(), queries.end(), [](const auto* a, const auto* b) {
    return a->rightRanks.front() != b->rightRanks.front() ? a->rightRanks.front() < b->rightRanks.front()
                                                          : a->bestScore > b->bestScore;
  });
  const auto shown = std::min<std::size_t>(queries.size() / 2, static_cast<std::size_t>(settings.retrievalEvents));
  const auto write = [&](const char* name, const MeasuredQuery& query) {
    events.retrieval(split + name, query.text, toJson(query.hits), query.rightRanks, query.total);
  };
  for (std::size_t i = 0; i < shown; ++i) write("/best", *queries[i]);
  for (std::size_t i = 0; i < shown; ++i) write("/worst", *queries[queries.size() - 1 - i]);
}

std::optional<Calibration> fitCalibration(const Measured& measured) {
  std::vector<double> raw;
  std::vector<bool> right;
  for (const auto& sample : measured.samples) {
    if (sample.caption.calibrated) throw Error(ErrorKind::Bug, "calibration is fitted on raw confidences");
    std::vector<std::string> sentences;
    for (const auto& sentence : sample.caption.sentences) {
      sentences.push_back(sentence.text);
      raw.push_back(sentence.confidence);
    }
    for (const bool found : sentencesInReference(sentences, sample.report)) right.push_back(found);
  }
  return Calibration::fit(raw, right);
}

void applyCalibration(const Calibration& calibration, Measured& measured) {
  for (auto& sample : measured.samples) {
    for (auto& sentence : sample.caption.sentences) sentence.confidence = calibration.apply(sentence.confidence);
    sample.caption.calibrated = true;
  }
  measureConfidence(measured);
}

std::map<std::string, double> meansOfFacts(const std::vector<Fact>& facts, const std::vector<std::string>& reports) {
  std::map<std::string, double> means;
  for (const auto& fact : facts) {
    double sum = 0;
    std::size_t count = 0;
    for (const auto& report : reports) {
      const std::string value = factIn(fact, report);
      char* end = nullptr;
      const double number = std::strtod(value.c_str(), &end);
      if (value.empty() || *end) continue;
      sum += number;
      ++count;
    }
    if (count > 0) means[fact.name] = sum / static_cast<double>(count);
  }
  return means;
}

}  // namespace counterpoint
