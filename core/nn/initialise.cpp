// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/initialise.h"

#include <c10/core/GradMode.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace counterpoint {

void truncatedNormal(at::Tensor& tensor, double deviation) {
  const c10::NoGradGuard noGrad;
  // By the inverse of the distribution function. The bounds lie at ±2, not at ±2 deviations, as in PyTorch; the edge
  // stays below 1, whose inverse is infinite.
  const double edge = std::min(std::erf(2 / deviation / std::numbers::sqrt2), 1 - 1e-6);
  tensor.uniform_(-edge, edge).erfinv_().mul_(deviation * std::numbers::sqrt2).clamp_(-2, 2);
}

void normal(at::Tensor& tensor, double deviation) {
  const c10::NoGradGuard noGrad;
  tensor.normal_(0, deviation);
}

void initialiseLinears(torch::nn::Module& module, LinearInit kind, double deviation) {
  const c10::NoGradGuard noGrad;
  for (const auto& part : module.modules(/*include_self=*/false)) {
    if (auto* linear = part->as<torch::nn::LinearImpl>()) {
      kind == LinearInit::Normal ? normal(linear->weight, deviation) : truncatedNormal(linear->weight, deviation);
      if (linear->bias.defined()) linear->bias.zero_();
    } else if (auto* norm = part->as<torch::nn::LayerNormImpl>()) {
      norm->weight.fill_(1);
      norm->bias.zero_();
    } else if (auto* embedding = part->as<torch::nn::EmbeddingImpl>(); embedding && kind == LinearInit::Normal) {
      normal(embedding->weight, deviation);
      if (embedding->options.padding_idx()) embedding->weight[*embedding->options.padding_idx()].zero_();
    }
  }
}

}  // namespace counterpoint
