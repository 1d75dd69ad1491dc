// SPDX-License-Identifier: GPL-3.0-or-later
// BERT (Devlin et al. 2019) without its pooler, under the keys of transformers' BertModel (DeepCORO spec §8).
#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace counterpoint {

struct BertOptions {
  std::int64_t vocabulary = 30522, layers = 12, hidden = 768, heads = 12, feedForward = 3072, positions = 512,
               types = 2;
  std::int64_t padId = 0;
  double layerNormEps = 1e-12, dropout = 0.1;  // hidden and attention
  // Deviation of fresh weights. 0.02 suits 768 wide; a narrow network starts nearly constant with it, and its texts
  // are hard to tell apart: 0.02 · √(768 / hidden) keeps the scale.
  double initializerRange = 0.02;
};

// Keys embeddings.*, encoder.layer.i.*.
class Bert : public torch::nn::Module {
 public:
  explicit Bert(const BertOptions& options);
  ~Bert() override;

  // ids [B, S] int64, mask [B, S] (1 or true: a real token), token types 0 → [B, S, hidden]. Throws Error{Data} when S
  // exceeds the position table. `layers` receives the embeddings and each layer's output.
  at::Tensor forward(const at::Tensor& ids, const std::optional<at::Tensor>& mask = {},
                     std::vector<at::Tensor>* layers = nullptr);
  const BertOptions& options() const { return options_; }

 private:
  struct Parts;
  BertOptions options_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace counterpoint
