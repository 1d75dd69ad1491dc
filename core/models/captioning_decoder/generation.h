// SPDX-License-Identifier: GPL-3.0-or-later
// Captions out of a decoder: greedy or sampled, with the probability of every token (DeepCORO spec §12).
#pragma once

#include <cstdint>
#include <vector>

#include "core/models/captioning_decoder/captioning_decoder.h"

namespace counterpoint {

struct GenerationOptions {
  std::int64_t beginId = 2, endId = 3;  // of the tokenizer: [CLS] and [SEP]
  std::int64_t maxTokens = 128;         // generated ones, the end token included; cut at the position table
  bool sample = false;                  // false: greedy
  double temperature = 1;               // > 0; sampling alone
  std::int64_t topK = 50;               // 0: all; sampling alone
  double topP = 1;                      // the likeliest tokens up to the one that crosses it; sampling alone
  double repetitionPenalty = 1;         // of tokens already there: positive logits divided by it, negative multiplied
  std::uint64_t seed = 0;               // row i draws from a stream of its own: a row does not depend on its neighbours
};

struct GeneratedCaption {
  std::vector<std::int64_t> tokens;   // without the begin token; ends with endId where `ended`
  std::vector<double> probabilities;  // of each token under the model itself: before penalty, temperature and cuts
  bool ended = false;                 // false: broken off at maxTokens
};

// One caption a row of videoTokens [B, L, D]; videoMask [B, L] is false where one is padding. Keys and values are
// cached. Neither gradients nor dropout: the decoder is put into eval mode meanwhile and back afterwards. Throws
// Error{Usage} for options out of range.
std::vector<GeneratedCaption> generateCaptions(CaptioningDecoder& decoder, const at::Tensor& videoTokens,
                                               const GenerationOptions& options,
                                               const std::optional<at::Tensor>& videoMask = {});

}  // namespace counterpoint
