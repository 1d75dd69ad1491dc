// SPDX-License-Identifier: GPL-3.0-or-later
// How the keys of echo_text must fit one another, as its models and losses demand.
#include "core/config/schemas/schemas.h"

namespace counterpoint {

std::vector<KeyRule> echoTextRules() {
  using enum KeyRelation;
  return {
      {"text.max_tokens", AtMost, "model.text.positions"},
      {"text.max_tokens", AtMost, "model.decoder.positions"},
      {"caption.max_tokens", AtMost, "model.decoder.positions"},
      {"data.clips_per_study", AtMost, "model.video.max_clips", "data.sample", {"study"}},
      {"model.dimension", MultipleOf, "model.video.heads"},
      {"model.dimension", MultipleOf, "model.video.pool_heads", "model.video.pooling", {"attention", "cls_token"}},
      {"model.dimension", MultipleOf, "model.decoder.heads"},
      {"model.text.hidden", MultipleOf, "model.text.heads"},
      {"loss.weights.contrastive", NotBothZero, "loss.weights.caption"},
      {"data.mean", BothOrNeither, "data.std"},
  };
}

}  // namespace counterpoint
