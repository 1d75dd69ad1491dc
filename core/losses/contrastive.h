// SPDX-License-Identifier: GPL-3.0-or-later
// Losses between clips and texts over the samples of all ranks (DeepCORO spec §9, §10). v, t are made unit rows and
// everything is computed in float32 (float64 stays float64), whatever autocast says.
//
// Keys of the modules below a parent that registers them as "loss": loss.log_temp [1], loss.bias [] (SigLIP only).
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/module.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/dist/process_group.h"

namespace counterpoint {

enum class ContrastiveKind {
  Softmax,       // ½[CE(s/τ, diag) + CE((s/τ)ᵀ, diag)]
  GatedSoftmax,  // the same on s·σ(s)/τ: DeepCORO's multitask and siglip_ddp
  Siglip,        // mean of w·BCE(clamp(s/τ + b, ±30), y), §10.1
};

// The registry names of spec §10 ("clip", "contrastive", "contrastive_ddp", "siglip", "siglip_ddp", "multitask", …).
// Throws Error{Usage} naming the nearest.
ContrastiveKind contrastiveKind(std::string_view name);
std::vector<std::string> contrastiveNames();

struct ContrastiveOptions {
  ContrastiveKind kind = ContrastiveKind::GatedSoftmax;
  double temperature = 0.1;
  bool learnableTemperature = false;  // otherwise log_temp takes no gradient and follows a schedule
  GatherGradient gatherGradient = GatherGradient::Summed;
  double labelSmoothing = 0;  // softmax kinds
  // SigLIP
  double biasInit = -10;
  bool learnableBias = true;
  double positiveWeight = 1, negativeWeight = 1;
  bool useSeverityWeights = true;  // positiveWeights of the batch count
  bool autoBalance = false;        // positives weigh max(1, (M − P_i)/P_i) in row i
  bool entropyRegularization = false;
  double entropyWeight = 0.1, minEntropyThreshold = 2.0;
  bool gatherTexts = true;  // false: texts stay local as in DeepCORO (spec §22.5)
};

// What one rank brings. B clips, M texts; M = B and text i belongs to clip i unless `positives` says otherwise.
struct ContrastivePairs {
  at::Tensor videos;           // [B, D]
  at::Tensor texts;            // [M, D]
  at::Tensor textIds;          // [M] int64 or undefined: equal ids, on whatever rank, are the same text
  at::Tensor positives;        // [B, M] in 0…1 or undefined (identity); SigLIP only
  at::Tensor positiveWeights;  // [B, M] or undefined; SigLIP only
};

class ContrastiveLoss : public torch::nn::Module {
 public:
  ContrastiveLoss(const ContrastiveOptions& options, ProcessGroup group = ProcessGroup::single());

  // A scalar, the same on every rank. With textIds the softmax kinds share a row's target among all texts equal to its
  // own; otherwise copies of the right answer would be pushed away.
  at::Tensor forward(const ContrastivePairs& pairs);

  double temperature() const;
  void setTemperature(double temperature);  // for schedules; ignored where it is learned
  const ContrastiveOptions& options() const { return options_; }

 private:
  at::Tensor softmaxLoss(const at::Tensor& logits, const at::Tensor& textIds) const;
  at::Tensor siglipLoss(const at::Tensor& similarity, const at::Tensor& positives, const at::Tensor& weights) const;

  ContrastiveOptions options_;
  ProcessGroup group_;
  at::Tensor logTemp_, bias_;
};

}  // namespace counterpoint
