// SPDX-License-Identifier: GPL-3.0-or-later
// The networks of the recipe echo_text with their tokenizer: clips and texts into one space, clips into words.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/dist/process_group.h"
#include "core/eval/calibration.h"
#include "core/protocol/messages.h"
#include "core/recipes/echo_text/settings.h"
#include "core/text/wordpiece.h"

namespace counterpoint {

struct CaptionRequest {
  std::int64_t maxTokens = 48;
  bool sample = false;
  double temperature = 1;
  std::uint64_t seed = 0;
};

struct EncodedClips {
  at::Tensor embeddings;           // [B, D]
  at::Tensor tokens;               // [B, L, D], what captions attend to
  std::optional<at::Tensor> mask;  // [B, L] bool, false for tokens of absent clips; none: all are real
};

// Texts as the networks take them: int64 [B, S] each, mask 1 for a real token.
struct WordTensors {
  at::Tensor ids, mask;
};

class EchoTextModel {
 public:
  // Fresh weights (from LibTorch's generator), on `device`. Reads the tokenizer that the settings name. The contrastive
  // loss compares the samples of all ranks of `group`.
  EchoTextModel(EchoTextSettings settings, c10::Device device, ProcessGroup group = ProcessGroup::single());

  WordTensors words(std::span<const std::string> texts) const;  // on the model's device, cut at text.max_tokens

  // Inference: neither gradients nor dropout. clips [B, T, H, W, C] or [B, N, T, H, W, C] float32 on any device;
  // `present` [B, N] as in Batch.
  EncodedClips encodeClips(const at::Tensor& clips, const std::optional<at::Tensor>& present = {},
                           bool normalize = true);
  at::Tensor encodeTexts(std::span<const std::string> texts, bool normalize = true);  // [B, D]
  // One caption a row.
  std::vector<Caption> captions(const EncodedClips& clips, const CaptionRequest& request);

  // Copies model.safetensors of a checkpoint into the networks and takes its calibration.
  void load(const std::filesystem::path& checkpoint);

  const EchoTextSettings& settings() const { return settings_; }
  EchoTextSettings& settings() { return settings_; }
  const WordPieceTokenizer& tokenizer() const { return tokenizer_; }
  c10::Device device() const { return device_; }
  std::optional<Calibration>& calibration() { return calibration_; }

  // Names as in model.safetensors.
  std::vector<std::pair<std::string, torch::nn::Module*>> modules();
  void setTraining(bool training);

  std::shared_ptr<VideoEncoder> videoEncoder;
  std::shared_ptr<TextEncoder> textEncoder;
  std::shared_ptr<CaptioningDecoder> decoder;
  std::shared_ptr<ContrastiveLoss> loss;

 private:
  EchoTextSettings settings_;
  c10::Device device_;
  WordPieceTokenizer tokenizer_;
  std::optional<Calibration> calibration_;
};

// A model as users name it: a run folder (its best checkpoint, else its last) or a checkpoint in one.
struct ModelPlace {
  std::filesystem::path run, checkpoint;
  // Throws Error{Data} saying what is missing.
  static ModelPlace find(const std::filesystem::path& model);
};

// Config, tokenizer and weights of `place`.
std::unique_ptr<EchoTextModel> loadEchoTextModel(const ModelPlace& place, const Json& config, c10::Device device);

}  // namespace counterpoint
