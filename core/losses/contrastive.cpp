// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/losses/contrastive.h"

#include <ATen/ops/_unique2.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/block_diag.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/full.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>
#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/error.h"
#include "core/base/words.h"

namespace counterpoint {
namespace {

struct Name {
  const char* name;
  ContrastiveKind kind;
};
constexpr Name kNames[] = {
    {"clip", ContrastiveKind::Softmax},
    {"contrastive", ContrastiveKind::Softmax},
    {"contrastive_ddp", ContrastiveKind::Softmax},
    {"siglip", ContrastiveKind::Siglip},
    {"siglip_pairwise", ContrastiveKind::Siglip},
    {"siglip2_bce", ContrastiveKind::Siglip},
    {"siglip2_bce_ddp", ContrastiveKind::Siglip},
    {"siglip2_multi_positive", ContrastiveKind::Siglip},
    {"siglip_ddp", ContrastiveKind::GatedSoftmax},
    {"multitask", ContrastiveKind::GatedSoftmax},
    {"gated_softmax", ContrastiveKind::GatedSoftmax},
};

constexpr double kLeastTemperature = 1e-4;
constexpr double kLargestSiglipLogit = 30;

at::Tensor fullPrecision(const at::Tensor& values) {
  return values.scalar_type() == at::kDouble ? values : values.to(at::kFloat);
}

at::Tensor unitRows(const at::Tensor& rows) {
  return rows / at::linalg_vector_norm(rows, 2, {1}, true).clamp_min(1e-12);
}

// [B, M] of each rank → [Σ B, Σ M]: one block a rank on the diagonal, zero elsewhere.
at::Tensor blocksOfRanks(const at::Tensor& local, const ProcessGroup& group) {
  if (group.size() == 1) return local;
  const auto rows = group.gatherCounts(local.size(0)), columns = group.gatherCounts(local.size(1));
  const auto widest = *std::max_element(columns.begin(), columns.end());
  const auto padded = at::zeros({local.size(0), widest}, local.options());
  padded.narrow(1, 0, local.size(1)).copy_(local);
  const auto gathered = group.gatherRows(padded);
  std::vector<at::Tensor> blocks;
  std::int64_t start = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    blocks.push_back(gathered.narrow(0, start, rows[i]).narrow(1, 0, columns[i]));
    start += rows[i];
  }
  return at::block_diag(blocks);
}

// A row's value for a text holds for all texts of the same id: the largest one, so that weights are not added up.
at::Tensor spreadToEqualTexts(const at::Tensor& values, const at::Tensor& ids) {
  if (!ids.defined()) return values;
  const auto [unique, inverse, counts] = at::_unique2(ids, true, true);
  const auto ofUnique = at::zeros({values.size(0), unique.size(0)}, values.options())
                            .scatter_reduce(1, inverse.unsqueeze(0).expand_as(values), values, "amax");
  return ofUnique.index_select(1, inverse);
}

}  // namespace

ContrastiveKind contrastiveKind(std::string_view name) {
  for (const auto& entry : kNames) {
    if (name == entry.name) return entry.kind;
  }
  const auto near = nearestWord(std::string(name), contrastiveNames());
  throw usageError("\"" + std::string(name) + "\" is no contrastive loss", "loss",
                   near.empty() ? "Known: " + join(contrastiveNames(), ", ") + "." : "Did you mean \"" + near + "\"?");
}

std::vector<std::string> contrastiveNames() {
  std::vector<std::string> names;
  for (const auto& entry : kNames) names.emplace_back(entry.name);
  return names;
}

ContrastiveLoss::ContrastiveLoss(const ContrastiveOptions& options, ProcessGroup group)
    : torch::nn::Module("ContrastiveLoss"), options_(options), group_(std::move(group)) {
  if (!(options_.temperature > 0)) {
    throw usageError("a temperature must be above 0", "loss.temperature = " + std::to_string(options_.temperature));
  }
  logTemp_ = register_parameter("log_temp", at::full({1}, std::log(options_.temperature), at::kFloat),
                                options_.learnableTemperature);
  if (options_.kind == ContrastiveKind::Siglip) {
    bias_ = register_parameter("bias", at::scalar_tensor(options_.biasInit, at::kFloat), options_.learnableBias);
  }
}

double ContrastiveLoss::temperature() const { return std::exp(logTemp_.item<double>()); }

void ContrastiveLoss::setTemperature(double temperature) {
  if (!options_.learnableTemperature) logTemp_.detach().fill_(std::log(temperature));
}

at::Tensor ContrastiveLoss::forward(const ContrastivePairs& pairs) {
  const bool siglip = options_.kind == ContrastiveKind::Siglip;
  const auto count = pairs.videos.size(0), textCount = pairs.texts.size(0);
  if (count != textCount && !(siglip && pairs.positives.defined())) {
    throw Error(ErrorKind::Bug,
                std::to_string(count) + " clips and " + std::to_string(textCount) + " texts do not pair",
                "contrastive loss");
  }
  const bool gatherTexts = !siglip || options_.gatherTexts;
  // Rows are made unit before they travel: gradients that come back are then those of unit rows everywhere.
  const auto videos = group_.gatherRowsWithGradient(unitRows(fullPrecision(pairs.videos)), options_.gatherGradient);
  const auto ownTexts = unitRows(fullPrecision(pairs.texts));
  const auto texts = gatherTexts ? group_.gatherRowsWithGradient(ownTexts, options_.gatherGradient) : ownTexts;
  const auto ids = pairs.textIds.defined() && gatherTexts ? group_.gatherRows(pairs.textIds) : pairs.textIds;

  const auto similarity = videos.mm(texts.t());
  const auto temperature = logTemp_.to(similarity.scalar_type()).exp().clamp_min(kLeastTemperature);
  if (options_.kind == ContrastiveKind::Softmax) return softmaxLoss(similarity / temperature, ids);
  if (options_.kind == ContrastiveKind::GatedSoftmax) {
    return softmaxLoss(similarity * similarity.sigmoid() / temperature, ids);
  }
  const auto options = similarity.options();
  const auto overRanks = [&](const at::Tensor& local) {
    return gatherTexts ? spreadToEqualTexts(blocksOfRanks(local, group_), ids) : group_.gatherRows(local);
  };
  at::Tensor positives, weights;
  if (pairs.positives.defined()) {
    positives = overRanks(pairs.positives.to(options).clamp(0, 1));
  } else {
    positives = gatherTexts ? overRanks(at::eye(count, options)) : at::eye(videos.size(0), textCount, options);
  }
  if (pairs.positiveWeights.defined() && options_.useSeverityWeights) {
    const auto own = pairs.positives.defined() ? pairs.positives.to(options) : at::eye(count, options);
    weights = overRanks(pairs.positiveWeights.to(options) * own.gt(0));
  }
  return siglipLoss(similarity / temperature + bias_.to(similarity.scalar_type()), positives, weights);
}

at::Tensor ContrastiveLoss::softmaxLoss(const at::Tensor& logits, const at::Tensor& textIds) const {
  const auto count = logits.size(0);
  auto target = at::eye(count, logits.options());
  if (textIds.defined()) {
    target = textIds.unsqueeze(0).eq(textIds.unsqueeze(1)).to(logits.scalar_type());
    target = target / target.sum(1, true);  // symmetric blocks: rows and columns are divided alike
  }
  if (options_.labelSmoothing > 0) {
    target = target * (1 - options_.labelSmoothing) + options_.labelSmoothing / static_cast<double>(count);
  }
  const auto ofRows = (target * at::log_softmax(logits, 1)).sum(1).mean();
  const auto ofColumns = (target * at::log_softmax(logits, 0)).sum(0).mean();
  return (ofRows + ofColumns) * -0.5;
}

at::Tensor ContrastiveLoss::siglipLoss(const at::Tensor& similarity, const at::Tensor& positives,
                                       const at::Tensor& positiveWeights) const {
  const auto logits = similarity.clamp(-kLargestSiglipLogit, kLargestSiglipLogit);
  const auto isPositive = positives.gt(0);
  auto ofPositives = at::full_like(logits, options_.positiveWeight).detach();
  if (positiveWeights.defined()) ofPositives = positiveWeights * options_.positiveWeight;
  if (options_.autoBalance) {
    const auto perRow = isPositive.to(logits.scalar_type()).sum(1, true).clamp_min(1);
    ofPositives = ((static_cast<double>(logits.size(1)) - perRow) / perRow).clamp_min(1).expand_as(logits);
  }
  const auto weights = at::where(isPositive, ofPositives, at::full_like(logits, options_.negativeWeight).detach());
  auto loss = at::binary_cross_entropy_with_logits(logits, positives, weights);
  if (options_.entropyRegularization) {
    const auto share = at::softmax(logits, 1);
    const auto entropy = -(share * (share + 1e-10).log()).sum(1).mean();
    loss = loss + options_.entropyWeight * at::relu(options_.minEntropyThreshold - entropy);
  }
  return loss;
}

}  // namespace counterpoint
