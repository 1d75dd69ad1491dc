// SPDX-License-Identifier: GPL-3.0-or-later
// Cross-entropy of the next token under teacher forcing (DeepCORO spec §10.4).
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

#include "core/dist/process_group.h"

namespace counterpoint {

struct CaptionLossOptions {
  std::int64_t padId = 0;  // read it from the tokenizer
  bool maskPads = true;    // false: pads are learned too, as in DeepCORO (spec §22.4)
  std::int64_t ignoreId = -100;
  double labelSmoothing = 0;
  at::Tensor tokenWeights;  // [V] float or undefined: how much each target word counts
};

// logits [B, S−1, V] at positions 0…S−2 and ids [B, S] int64: a scalar, Σ w·CE / Σ w over all ranks' tokens that count,
// times the number of ranks, so that the average over ranks is the loss of the whole batch. 0 (with gradient 0) where
// no token counts.
at::Tensor captionLoss(const at::Tensor& logits, const at::Tensor& ids, const CaptionLossOptions& options = {},
                       const ProcessGroup& group = ProcessGroup::single());

}  // namespace counterpoint
