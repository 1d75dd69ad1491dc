// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipes/echo_text/task.h"

#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/losses/caption.h"
#include "core/losses/weighted_sum.h"
#include "core/models/freeze.h"
#include "core/recipes/echo_text/samples.h"
#include "core/tensorio/module_weights.h"

namespace counterpoint {
namespace {

constexpr double kCommonShare = 0.9;

NamedTensors trainable(const torch::nn::Module& module, const std::string& prefix, const std::string& part,
                       bool inside) {
  NamedTensors chosen;
  for (const auto& parameter : module.named_parameters()) {
    const bool matches = parameter.key().rfind(part, 0) == 0;
    if (matches == inside && parameter.value().requires_grad())
      chosen.emplace_back(prefix + parameter.key(), parameter.value());
  }
  return chosen;
}

}  // namespace

at::Tensor contentWordWeights(const WordPieceTokenizer& tokenizer, const std::vector<std::string>& reports,
                              std::int64_t maxTokens, double weight) {
  if (weight == 1) return {};
  std::vector<double> frequency(static_cast<std::size_t>(tokenizer.size()), 0);
  for (const auto& report : reports) {
    const auto encoding = tokenizer.encode(report, maxTokens);
    for (const std::int64_t id : std::set<std::int64_t>(encoding.ids.begin(), encoding.ids.end()))
      ++frequency[static_cast<std::size_t>(id)];
  }
  at::Tensor weights = at::ones({tokenizer.size()});
  float* values = weights.data_ptr<float>();
  for (std::size_t id = 0; id < frequency.size(); ++id)
    if (frequency[id] > 0 && frequency[id] < kCommonShare * static_cast<double>(reports.size()))
      values[id] = static_cast<float>(weight);
  return weights;
}

EchoTextTask::EchoTextTask(EchoTextModel& model, const StudyTable& table, ProcessGroup group, EventWriter* events,
                           std::filesystem::path results)
    : model_(model), group_(group), events_(events), results_(std::move(results)) {
  const auto& settings = model_.settings();
  auto samples = samplesOf(settings, table, "train");
  validation_ = samplesOf(settings, table, "val");
  if (settings.batchSize % group_.size() != 0)
    throw usageError(
        std::to_string(settings.batchSize) + " cannot be dealt to " + std::to_string(group_.size()) + " ranks evenly",
        "train.batch_size", "Choose a multiple of the number of ranks.");
  SamplerOptions sampler;
  sampler.count = samples.size();
  sampler.batchSize = static_cast<std::size_t>(settings.batchSize / group_.size());
  sampler.rank = group_.rank();
  sampler.ranks = group_.size();
  sampler.seed = settings.seed;
  sampler.shuffle = true;
  sampler.dropLast = true;
  std::set<std::string> reports;
  std::vector<std::string> all;
  for (const auto& sample : samples) {
    reports.insert(sample.report);
    all.push_back(sample.report);
  }
  loader_ = std::make_unique<ClipLoader>(std::move(samples), sampler, loaderOptions(settings, true, model_.device()),
                                         table.path().string());
  std::int64_t next = 0;
  for (const auto& report : reports) reportIds_[report] = next++;
  wordWeights_ = contentWordWeights(model_.tokenizer(), all, settings.maxTokens, settings.contentWordWeight);
  if (wordWeights_.defined()) wordWeights_ = wordWeights_.to(model_.device());
  factMeans_ = meansOfFacts(settings.facts, all);
  if (settings.videoTrainable < 1) setTrainableFraction(model_.videoEncoder->backbone(), settings.videoTrainable);
  if (settings.textTrainable < 1) setTrainableFraction(model_.textEncoder->bert(), settings.textTrainable);
}

std::vector<std::pair<std::string, torch::nn::Module*>> EchoTextTask::stateModules() { return model_.modules(); }

std::vector<ParameterGroup> EchoTextTask::parameterGroups() {
  const auto& settings = model_.settings();
  const double rate = settings.learningRate;
  const auto group = [&](const char* name, double factor, double decay, NamedTensors parameters) {
    return ParameterGroup{name, rate * factor, decay, true, std::move(parameters)};
  };
  std::vector<ParameterGroup> groups = {group("video_backbone", 1, settings.weightDecay,
                                              trainable(*model_.videoEncoder, "video_encoder.", "model.", true)),
                                        group("video_heads", settings.headRate, settings.weightDecay,
                                              trainable(*model_.videoEncoder, "video_encoder.", "model.", false)),
                                        group("text_encoder", settings.textRate, settings.weightDecay,
                                              trainable(*model_.textEncoder, "text_encoder.", "", true)),
                                        group("captioning_decoder", settings.decoderRate, settings.weightDecay,
                                              trainable(*model_.decoder, "captioning_decoder.", "", true)),
                                        group("loss", 1, 0, trainable(*model_.loss, "loss.", "", true))};
  std::erase_if(groups, [](const ParameterGroup& entry) { return entry.parameters.empty(); });
  return groups;
}

std::int64_t EchoTextTask::batchesPerEpoch() { return static_cast<std::int64_t>(loader_->batches()); }

void EchoTextTask::startEpoch(std::int64_t epoch, std::int64_t position) {
  loader_->start(static_cast<std::uint64_t>(epoch), static_cast<std::size_t>(position));
}

void EchoTextTask::nextBatch() {
  batch_ = loader_->next();
  if (!batch_) throw Error(ErrorKind::Bug, "the loader ended before its epoch did");
}

StepLosses EchoTextTask::step() {
  const auto& settings = model_.settings();
  model_.setTraining(true);
  const auto device = model_.device();
  const auto clips = batch_->clips.to(device, /*non_blocking=*/true);
  std::optional<at::Tensor> present;
  if (batch_->present) present = batch_->present->to(device);
  const auto [ids, mask] = model_.words(batch_->texts);

  const auto seen = model_.videoEncoder->tokens(clips, present);
  std::vector<LossTerm> terms;
  if (settings.contrastiveWeight > 0) {
    ContrastivePairs pairs;
    pairs.videos = seen.study;
    pairs.texts = model_.textEncoder->forward(ids, mask);
    if (settings.equalReportsArePositives) {
      std::vector<std::int64_t> reports;
      for (const auto& text : batch_->texts) reports.push_back(reportIds_.at(text));
      pairs.textIds = at::tensor(reports, at::kLong).to(device);
    }
    terms.push_back({"contrastive", settings.contrastiveWeight, model_.loss->forward(pairs)});
  }
  if (settings.captionWeight > 0) {
    const std::int64_t length = ids.size(1) - 1;
    const auto logits =
        model_.decoder->forward(ids.slice(1, 0, length), mask.slice(1, 0, length), seen.patchTokens, seen.patchMask);
    CaptionLossOptions options;
    options.padId = model_.tokenizer().special().pad;
    options.labelSmoothing = settings.labelSmoothing;
    options.tokenWeights = wordWeights_;
    terms.push_back({"caption", settings.captionWeight, captionLoss(logits, ids, options, group_)});
  }
  StepLosses losses;
  losses.total = weightedSum(terms);
  for (const auto& term : terms) losses.parts.emplace_back(term.name, term.value);
  losses.samples = static_cast<std::int64_t>(batch_->size());
  return losses;
}

std::string EchoTextTask::batchNames() {
  std::string names;
  if (batch_)
    for (const auto& id : batch_->ids) names += (names.empty() ? "" : ", ") + id;
  return names;
}

bool EchoTextTask::scheduleTemperature(std::int64_t epoch) {
  const auto& settings = model_.settings();
  if (!settings.contrastive.learnableTemperature) model_.loss->setTemperature(settings.temperature.at(epoch));
  return false;
}

Scalars EchoTextTask::validate(const TrainerPosition& position) {
  MeasureOptions options;
  options.split = "val";
  options.factMeans = factMeans_;
  options.wordWeights = wordWeights_;
  options.folder = results_;
  options.step = position.step;
  const Measured measured = measureSplit(model_, validation_, group_, options);
  if (events_) {
    const double share = static_cast<double>(position.position) / static_cast<double>(batchesPerEpoch());
    events_->at(position.step, static_cast<double>(position.epoch) + share);
    writeMeasuredEvents(measured, "val", model_.settings(), *events_);
  }
  Scalars scalars;
  for (const auto& [name, value] : measured.metrics) scalars["val/" + name] = value;
  return scalars;
}

}  // namespace counterpoint
