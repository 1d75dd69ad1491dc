// SPDX-License-Identifier: GPL-3.0-or-later
// Sentences of reports and of generated text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/eval/calibration.h"
#include "core/protocol/messages.h"

namespace counterpoint {

// Cuts after ".", "!" or "?" that is followed by a blank or the end; a point between digits stays inside.
std::vector<std::string> splitSentences(std::string_view text);

// Lower case, blanks collapsed, the final point taken off: what makes two sentences the same.
std::string sentenceKey(std::string_view sentence);

// Whether each sentence of `generated` stands in `reference`.
std::vector<bool> sentencesInReference(const std::vector<std::string>& generated, std::string_view reference);

// One token that was generated: its piece ("##ing"), and what the model thought of it.
struct GeneratedToken {
  std::string piece;
  double probability = 0;
};

// Joins WordPiece tokens to words, cuts them into sentences and gives each exp(mean log-probability of its tokens),
// passed through `calibration` where there is one. Special tokens must have been taken off.
Caption captionOf(const std::vector<GeneratedToken>& tokens, const std::optional<Calibration>& calibration);

}  // namespace counterpoint
