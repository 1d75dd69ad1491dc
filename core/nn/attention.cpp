// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/attention.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/zeros.h>
#include <torch/nn/init.h>

#include <string>

#include "core/base/error.h"

namespace counterpoint {

MultiheadAttention::MultiheadAttention(std::int64_t dimension, std::int64_t heads, double dropout)
    : dimension_(dimension), heads_(heads), dropout_(dropout) {
  if (heads < 1 || dimension % heads != 0) {
    throw usageError(
        "dimension " + std::to_string(dimension) + " does not divide into " + std::to_string(heads) + " heads", {},
        "Choose a number of heads that divides the dimension");
  }
  inProjWeight_ = register_parameter("in_proj_weight", at::empty({3 * dimension, dimension}));
  inProjBias_ = register_parameter("in_proj_bias", at::zeros({3 * dimension}));
  outProj_ = register_module("out_proj", std::make_shared<torch::nn::LinearImpl>(dimension, dimension));
  torch::nn::init::xavier_uniform_(inProjWeight_);
  torch::nn::init::zeros_(outProj_->bias);
}

at::Tensor MultiheadAttention::splitHeads(const at::Tensor& x) const {
  return x.reshape({x.size(0), x.size(1), heads_, dimension_ / heads_}).transpose(1, 2);
}

at::Tensor MultiheadAttention::forward(const at::Tensor& query, const at::Tensor& source,
                                       const std::optional<at::Tensor>& allowed) {
  return attend(projectQuery(query), projectSource(source), allowed);
}

at::Tensor MultiheadAttention::selfAttention(const at::Tensor& x, const std::optional<at::Tensor>& allowed,
                                             bool causal) {
  const at::Tensor packed = at::linear(x, inProjWeight_, inProjBias_)
                                .reshape({x.size(0), x.size(1), 3, heads_, dimension_ / heads_})
                                .permute({2, 0, 3, 1, 4});
  return attend(packed[0], {packed[1], packed[2]}, allowed, causal);
}

at::Tensor MultiheadAttention::projectQuery(const at::Tensor& query) {
  return splitHeads(at::linear(query, inProjWeight_.narrow(0, 0, dimension_), inProjBias_.narrow(0, 0, dimension_)));
}

KeysValues MultiheadAttention::projectSource(const at::Tensor& source) {
  const at::Tensor packed = at::linear(source, inProjWeight_.narrow(0, dimension_, 2 * dimension_),
                                       inProjBias_.narrow(0, dimension_, 2 * dimension_));
  return {splitHeads(packed.narrow(2, 0, dimension_)), splitHeads(packed.narrow(2, dimension_, dimension_))};
}

at::Tensor MultiheadAttention::attend(const at::Tensor& projectedQuery, const KeysValues& source,
                                      const std::optional<at::Tensor>& allowed, bool causal) {
  const at::Tensor mixed = at::scaled_dot_product_attention(projectedQuery, source.keys, source.values, allowed,
                                                            is_training() ? dropout_ : 0.0, causal);
  return outProj_->forward(mixed.transpose(1, 2).reshape({mixed.size(0), mixed.size(2), dimension_}));
}

}  // namespace counterpoint
