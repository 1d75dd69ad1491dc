// SPDX-License-Identifier: GPL-3.0-or-later
// DeepCORO's text encoder: BERT's first token through a projection (DeepCORO spec §8).
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/linear.h>

#include <cstdint>
#include <memory>
#include <optional>

#include "core/models/text_encoder/bert.h"

namespace counterpoint {

struct TextEncoderOptions {
  BertOptions bert;
  std::int64_t dimension = 512;
  double dropout = 0;  // of the projection
};

// Keys bert.*, proj.1.*.
class TextEncoder : public torch::nn::Module {
 public:
  explicit TextEncoder(const TextEncoderOptions& options);
  // ids and mask [B, S] → [B, dimension], not normalised.
  at::Tensor forward(const at::Tensor& ids, const std::optional<at::Tensor>& mask = {});

  Bert& bert() { return *bert_; }
  const TextEncoderOptions& options() const { return options_; }

 private:
  TextEncoderOptions options_;
  std::shared_ptr<Bert> bert_;
  std::shared_ptr<torch::nn::LinearImpl> projection_;
  std::shared_ptr<torch::nn::DropoutImpl> dropout_;
};

}  // namespace counterpoint
