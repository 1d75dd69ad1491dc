// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/text_encoder/bert.h"

#include <ATen/ops/gelu.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <string>

#include "core/base/error.h"
#include "core/nn/initialise.h"
#include "core/nn/naming.h"

namespace counterpoint {
namespace {

using Linear = std::shared_ptr<torch::nn::LinearImpl>;
using Norm = std::shared_ptr<torch::nn::LayerNormImpl>;

Norm norm(const BertOptions& options) {
  return std::make_shared<torch::nn::LayerNormImpl>(
      torch::nn::LayerNormOptions({options.hidden}).eps(options.layerNormEps));
}

// Post-norm layer: attention, then the wide pair, each with its residual.
class Layer : public torch::nn::Module {
 public:
  explicit Layer(const BertOptions& options) : heads_(options.heads), dropoutRate_(options.dropout) {
    const auto linear = [&](const char* path, std::int64_t in, std::int64_t out) {
      return registerAt(*this, path, std::make_shared<torch::nn::LinearImpl>(in, out));
    };
    query_ = linear("attention.self.query", options.hidden, options.hidden);
    key_ = linear("attention.self.key", options.hidden, options.hidden);
    value_ = linear("attention.self.value", options.hidden, options.hidden);
    attentionOut_ = linear("attention.output.dense", options.hidden, options.hidden);
    attentionNorm_ = registerAt(*this, "attention.output.LayerNorm", norm(options));
    widen_ = linear("intermediate.dense", options.hidden, options.feedForward);
    narrow_ = linear("output.dense", options.feedForward, options.hidden);
    outputNorm_ = registerAt(*this, "output.LayerNorm", norm(options));
    dropout_ = register_module("dropout", std::make_shared<torch::nn::DropoutImpl>(options.dropout));
  }

  at::Tensor forward(const at::Tensor& x, const std::optional<at::Tensor>& allowed) {
    const std::int64_t batch = x.size(0), length = x.size(1), hidden = x.size(2);
    const auto split = [&](const Linear& linear) {
      return linear->forward(x).view({batch, length, heads_, hidden / heads_}).transpose(1, 2);
    };
    const at::Tensor mixed = at::scaled_dot_product_attention(split(query_), split(key_), split(value_), allowed,
                                                              is_training() ? dropoutRate_ : 0.0);
    const at::Tensor joined = mixed.transpose(1, 2).reshape({batch, length, hidden});
    const at::Tensor y = attentionNorm_->forward(x + dropout_->forward(attentionOut_->forward(joined)));
    return outputNorm_->forward(y + dropout_->forward(narrow_->forward(at::gelu(widen_->forward(y)))));
  }

 private:
  std::int64_t heads_;
  double dropoutRate_;
  Linear query_, key_, value_, attentionOut_, widen_, narrow_;
  Norm attentionNorm_, outputNorm_;
  std::shared_ptr<torch::nn::DropoutImpl> dropout_;
};

}  // namespace

struct Bert::Parts {
  std::shared_ptr<torch::nn::EmbeddingImpl> words, positions, types;
  Norm embeddingNorm;
  std::shared_ptr<torch::nn::DropoutImpl> dropout;
  std::vector<std::shared_ptr<Layer>> layers;
};

Bert::Bert(const BertOptions& options) : options_(options), parts_(std::make_unique<Parts>()) {
  if (options.heads < 1 || options.hidden % options.heads != 0) {
    throw usageError("hidden size " + std::to_string(options.hidden) + " does not divide into " +
                         std::to_string(options.heads) + " heads",
                     "bert.heads", "Choose a number of heads that divides the hidden size");
  }
  if (options.padId < 0 || options.padId >= options.vocabulary) {
    throw usageError("pad id " + std::to_string(options.padId) + " is not below the vocabulary's " +
                         std::to_string(options.vocabulary),
                     "bert.pad_id", "Take pad id and vocabulary size from the tokenizer");
  }
  const auto embedding = [&](const char* path, torch::nn::EmbeddingOptions embeddingOptions) {
    return registerAt(*this, path, std::make_shared<torch::nn::EmbeddingImpl>(embeddingOptions));
  };
  parts_->words = embedding("embeddings.word_embeddings",
                            torch::nn::EmbeddingOptions(options.vocabulary, options.hidden).padding_idx(options.padId));
  parts_->positions = embedding("embeddings.position_embeddings", {options.positions, options.hidden});
  parts_->types = embedding("embeddings.token_type_embeddings", {options.types, options.hidden});
  parts_->embeddingNorm = registerAt(*this, "embeddings.LayerNorm", norm(options));
  parts_->dropout = register_module("dropout", std::make_shared<torch::nn::DropoutImpl>(options.dropout));
  for (std::int64_t i = 0; i < options.layers; ++i) {
    parts_->layers.push_back(registerAt(*this, "encoder.layer." + std::to_string(i), std::make_shared<Layer>(options)));
  }
  initialiseLinears(*this, LinearInit::Normal, options.initializerRange);
}

Bert::~Bert() = default;

at::Tensor Bert::forward(const at::Tensor& ids, const std::optional<at::Tensor>& mask,
                         std::vector<at::Tensor>* layers) {
  const std::int64_t length = ids.size(1);
  if (length > options_.positions) {
    throw dataError("a text of " + std::to_string(length) + " tokens exceeds the " +
                        std::to_string(options_.positions) + " positions of the text encoder",
                    "bert.positions", "Truncate texts to that length, or train with more positions");
  }
  const at::Tensor sum =
      parts_->words->forward(ids) + parts_->types->weight[0] + parts_->positions->weight.narrow(0, 0, length);
  at::Tensor x = parts_->dropout->forward(parts_->embeddingNorm->forward(sum));
  std::optional<at::Tensor> allowed;
  if (mask) allowed = mask->to(at::kBool).unsqueeze(1).unsqueeze(1);
  if (layers) layers->push_back(x);
  for (const auto& layer : parts_->layers) {
    x = layer->forward(x, allowed);
    if (layers) layers->push_back(x);
  }
  return x;
}

}  // namespace counterpoint
