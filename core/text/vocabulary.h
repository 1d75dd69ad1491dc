// SPDX-License-Identifier: GPL-3.0-or-later
// A vocabulary of whole words, for a workspace that brings its own texts.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/text/bert_words.h"

namespace counterpoint {

struct VocabularyOptions {
  BertNormalization normalization;
  std::int64_t leastFrequency = 1;  // of a word; rarer ones are left to the fallback
  std::int64_t mostWords = 30000;
};

// [PAD] [UNK] [CLS] [SEP] [MASK], then every word by falling frequency (equal ones in byte order), then as fallback
// each single character of the texts and of printable ASCII, and each of them as a ## piece. No token comes twice; the
// same texts give the same list in any order.
std::vector<std::string> vocabularyFromTexts(std::span<const std::string> texts, const VocabularyOptions& options = {});

}  // namespace counterpoint
