// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/losses/caption.h"

#include <ATen/ops/log_softmax.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros_like.h>
#include <ATen/TensorOperators.h>

#include "core/base/error.h"

namespace counterpoint {

at::Tensor captionLoss(const at::Tensor& logits, const at::Tensor& ids, const CaptionLossOptions& options,
                       const ProcessGroup& group) {
  if (logits.dim() != 3 || ids.dim() != 2 || logits.size(0) != ids.size(0) || logits.size(1) + 1 != ids.size(1)) {
    throw Error(ErrorKind::Bug, "logits must be [B, S-1, V] for ids [B, S]", "caption loss");
  }
  const auto vocabulary = logits.size(2);
  const auto targets = ids.narrow(1, 1, ids.size(1) - 1).reshape({-1});
  const auto flat = logits.reshape({-1, vocabulary});
  const auto logProbabilities = at::log_softmax(flat.scalar_type() == at::kDouble ? flat : flat.to(at::kFloat), 1);

  auto counts = targets.ne(options.ignoreId);
  if (options.maskPads) counts = counts.logical_and(targets.ne(options.padId));
  const auto safeTargets = at::where(counts, targets, at::zeros_like(targets));
  auto weights = counts.to(logProbabilities.scalar_type());
  if (options.tokenWeights.defined()) {
    weights = weights * options.tokenWeights.to(logProbabilities.options()).index_select(0, safeTargets);
  }
  auto losses = -logProbabilities.gather(1, safeTargets.unsqueeze(1)).squeeze(1);
  if (options.labelSmoothing > 0) {
    losses = losses * (1 - options.labelSmoothing) - logProbabilities.mean(1) * options.labelSmoothing;
  }
  auto total = weights.sum().detach();
  group.allReduce(total, Reduction::Sum, "count of caption tokens");
  // All weights zero: the numerator is zero too, and dividing by one keeps it so.
  const auto divisor = at::where(total.gt(0), total, at::ones_like(total));
  return (weights * losses).sum() / divisor * static_cast<double>(group.size());
}

}  // namespace counterpoint
