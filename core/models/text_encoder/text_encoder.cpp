// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/text_encoder/text_encoder.h"

#include <ATen/ops/gelu.h>

#include "core/nn/naming.h"

namespace counterpoint {

TextEncoder::TextEncoder(const TextEncoderOptions& options) : options_(options) {
  bert_ = register_module("bert", std::make_shared<Bert>(options.bert));
  projection_ =
      registerAt(*this, "proj.1", std::make_shared<torch::nn::LinearImpl>(options.bert.hidden, options.dimension));
  dropout_ = register_module("dropout", std::make_shared<torch::nn::DropoutImpl>(options.dropout));
}

at::Tensor TextEncoder::forward(const at::Tensor& ids, const std::optional<at::Tensor>& mask) {
  const at::Tensor first = bert_->forward(ids, mask).select(1, 0);
  return dropout_->forward(at::gelu(projection_->forward(dropout_->forward(first))));
}

}  // namespace counterpoint
