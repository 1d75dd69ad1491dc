// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/video_encoder/token_pool.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/relu.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <string>

#include "core/base/error.h"
#include "core/nn/attention.h"
#include "core/nn/initialise.h"
#include "core/nn/naming.h"

namespace counterpoint {
namespace {

std::shared_ptr<torch::nn::LayerNormImpl> norm(std::int64_t dimension) {
  return std::make_shared<torch::nn::LayerNormImpl>(torch::nn::LayerNormOptions({dimension}));
}

class AttentionPool : public TokenPool {
 public:
  AttentionPool(std::int64_t dimension, std::int64_t heads, double dropout) {
    query_ = register_parameter("query", at::empty({1, 1, dimension}));
    normal(query_, 0.02);
    attention_ = register_module("attn", std::make_shared<MultiheadAttention>(dimension, heads, dropout));
    norm_ = register_module("norm", norm(dimension));
  }

  at::Tensor forward(const at::Tensor& tokens) override {
    const at::Tensor query = query_.expand({tokens.size(0), -1, -1}).to(tokens.scalar_type());
    return norm_->forward(attention_->forward(query, tokens)).squeeze(1);
  }

 private:
  at::Tensor query_;
  std::shared_ptr<MultiheadAttention> attention_;
  std::shared_ptr<torch::nn::LayerNormImpl> norm_;
};

// One default torch.nn.TransformerEncoderLayer over [class token; tokens]. Only the class token's row is read, so only
// that row is computed past the keys and values.
class ClassTokenPool : public TokenPool {
 public:
  ClassTokenPool(std::int64_t dimension, std::int64_t heads, double dropout) {
    token_ = register_parameter("cls_token", at::empty({1, 1, dimension}));
    normal(token_, 0.02);
    const auto place = [&](const std::string& name, auto module) {
      return registerAt(*this, "transformer.layers.0." + name, module);
    };
    attention_ = place("self_attn", std::make_shared<MultiheadAttention>(dimension, heads, dropout));
    widen_ = place("linear1", std::make_shared<torch::nn::LinearImpl>(dimension, 4 * dimension));
    narrow_ = place("linear2", std::make_shared<torch::nn::LinearImpl>(4 * dimension, dimension));
    norm1_ = place("norm1", norm(dimension));
    norm2_ = place("norm2", norm(dimension));
    norm_ = register_module("norm", norm(dimension));
    dropout_ = register_module("dropout", std::make_shared<torch::nn::DropoutImpl>(dropout));
  }

  at::Tensor forward(const at::Tensor& tokens) override {
    const at::Tensor token = token_.expand({tokens.size(0), -1, -1}).to(tokens.scalar_type());
    const at::Tensor attended = attention_->forward(token, at::cat({token, tokens}, 1));
    const at::Tensor x = norm1_->forward(token + dropout_->forward(attended));
    const at::Tensor mlp = narrow_->forward(dropout_->forward(at::relu(widen_->forward(x))));
    return norm_->forward(norm2_->forward(x + dropout_->forward(mlp))).squeeze(1);
  }

 private:
  at::Tensor token_;
  std::shared_ptr<MultiheadAttention> attention_;
  std::shared_ptr<torch::nn::LinearImpl> widen_, narrow_;
  std::shared_ptr<torch::nn::LayerNormImpl> norm1_, norm2_, norm_;
  std::shared_ptr<torch::nn::DropoutImpl> dropout_;
};

}  // namespace

std::shared_ptr<TokenPool> makeTokenPool(std::string_view mode, std::int64_t dimension, std::int64_t heads,
                                         double dropout) {
  if (mode == "mean") return nullptr;
  if (mode == "attention") return std::make_shared<AttentionPool>(dimension, heads, dropout);
  if (mode == "cls_token") return std::make_shared<ClassTokenPool>(dimension, heads, dropout);
  throw usageError("\"" + std::string(mode) + "\" is no way to pool tokens", "pooling",
                   "Choose mean, attention or cls_token");
}

}  // namespace counterpoint
