// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipes/echo_text/model.h"

#include <ATen/ops/from_blob.h>
#include <torch/utils.h>

#include "core/base/error.h"
#include "core/config/workspace.h"
#include "core/eval/sentences.h"
#include "core/models/captioning_decoder/generation.h"
#include "core/retrieval/embedding_store.h"
#include "core/runs/run_folder.h"
#include "core/tensorio/module_weights.h"

namespace counterpoint {
namespace {

EchoTextSettings fitted(EchoTextSettings settings, const WordPieceTokenizer& tokenizer) {
  settings.text.bert.vocabulary = settings.decoder.vocabulary = tokenizer.size();
  settings.text.bert.padId = settings.decoder.padId = tokenizer.special().pad;
  return settings;
}

}  // namespace

EchoTextModel::EchoTextModel(EchoTextSettings settings, c10::Device device, ProcessGroup group)
    : settings_(std::move(settings)), device_(device), tokenizer_(WordPieceTokenizer::load(settings_.tokenizer)) {
  settings_ = fitted(std::move(settings_), tokenizer_);
  videoEncoder = std::make_shared<VideoEncoder>(settings_.video);
  textEncoder = std::make_shared<TextEncoder>(settings_.text);
  decoder = std::make_shared<CaptioningDecoder>(settings_.decoder);
  loss = std::make_shared<ContrastiveLoss>(settings_.contrastive, std::move(group));
  for (auto& [name, module] : modules()) module->to(device_);
}

std::vector<std::pair<std::string, torch::nn::Module*>> EchoTextModel::modules() {
  return {{"video_encoder", videoEncoder.get()},
          {"text_encoder", textEncoder.get()},
          {"captioning_decoder", decoder.get()},
          {"loss", loss.get()}};
}

void EchoTextModel::setTraining(bool training) {
  for (auto& [name, module] : modules()) module->train(training);
}

WordTensors EchoTextModel::words(std::span<const std::string> texts) const {
  TokenBatch batch = tokenizer_.encodeBatch(texts, settings_.maxTokens);
  const auto onDevice = [&](std::vector<std::int64_t>& values) {
    return at::from_blob(values.data(), {batch.rows, batch.columns}, at::kLong).clone().to(device_);
  };
  return {onDevice(batch.ids), onDevice(batch.mask)};
}

EncodedClips EchoTextModel::encodeClips(const at::Tensor& clips, const std::optional<at::Tensor>& present,
                                        bool normalize) {
  const torch::NoGradGuard inference;
  setTraining(false);
  std::optional<at::Tensor> there;
  if (present) there = present->to(device_);
  const auto seen = videoEncoder->tokens(clips.to(device_), there);
  return {normalize ? unitRows(seen.study) : seen.study, seen.patchTokens, seen.patchMask};
}

at::Tensor EchoTextModel::encodeTexts(std::span<const std::string> texts, bool normalize) {
  const torch::NoGradGuard inference;
  setTraining(false);
  const auto tokens = words(texts);
  const auto rows = textEncoder->forward(tokens.ids, tokens.mask);
  return normalize ? unitRows(rows) : rows;
}

std::vector<Caption> EchoTextModel::captions(const EncodedClips& clips, const CaptionRequest& request) {
  setTraining(false);
  GenerationOptions options;
  options.beginId = tokenizer_.special().begin;
  options.endId = tokenizer_.special().end;
  options.maxTokens = request.maxTokens;
  options.sample = request.sample;
  options.temperature = request.temperature;
  options.seed = request.seed;
  std::vector<Caption> captions;
  for (const auto& generated : generateCaptions(*decoder, clips.tokens, options, clips.mask)) {
    std::vector<GeneratedToken> words;
    for (std::size_t i = 0; i < generated.tokens.size(); ++i)
      if (!tokenizer_.isSpecial(generated.tokens[i]))
        words.push_back({tokenizer_.token(generated.tokens[i]), generated.probabilities[i]});
    captions.push_back(captionOf(words, calibration_));
  }
  return captions;
}

void EchoTextModel::load(const std::filesystem::path& checkpoint) {
  const auto file = checkpoint / "model.safetensors";
  for (auto& [name, module] : modules()) {
    LoadOptions options;
    options.prefix = name + ".";
    loadModule(*module, file, options);
  }
  calibration_ = Calibration::read(checkpoint / "calibration.json");
}

ModelPlace ModelPlace::find(const std::filesystem::path& model) {
  namespace fs = std::filesystem;
  if (!fs::exists(model))
    throw dataError("does not exist", model.string(), "Name a run folder or one of its checkpoints.");
  const fs::path path = fs::canonical(model);
  if (fs::exists(path / "model.safetensors")) {
    const fs::path run = path.parent_path().parent_path();
    if (!fs::exists(run / "config.yaml"))
      throw dataError("has no config.yaml above it", path.string(), "Name a checkpoint inside its run folder.");
    return {run, path};
  }
  for (const char* link : {"best", "last"})
    if (const auto checkpoint = path / "checkpoints" / link; fs::exists(checkpoint / "model.safetensors"))
      return {path, fs::canonical(checkpoint)};
  throw dataError("has no checkpoint", path.string(), "Name a run that has saved one.");
}

std::unique_ptr<EchoTextModel> loadEchoTextModel(const ModelPlace& place, const Json& config, c10::Device device) {
  auto settings = EchoTextSettings::from(config, workspaceOf(place.run));
  // The run's own copy: the workspace's tokenizer may have changed since.
  settings.tokenizer = RunFolder(place.run).tokenizer();
  auto model = std::make_unique<EchoTextModel>(std::move(settings), device);
  model->load(place.checkpoint);
  model->setTraining(false);
  return model;
}

}  // namespace counterpoint
