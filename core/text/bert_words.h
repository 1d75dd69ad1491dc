// SPDX-License-Identifier: GPL-3.0-or-later
// Text into words the way BERT's normalizer and pre-tokenizer do it (huggingface/tokenizers, BertNormalizer and
// BertPreTokenizer), character for character.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace counterpoint {

struct BertNormalization {
  bool cleanText = true;           // drop control characters, make every blank a space
  bool separateIdeographs = true;  // each CJK ideograph is a word ("handle_chinese_chars")
  bool lowerCase = true;
  std::optional<bool> stripAccents;  // unset: as lowerCase
};

// Words of one text in one buffer; keep it between calls to save allocations.
struct BertWords {
  struct Word {
    std::size_t begin = 0, end = 0;  // bytes of `text`
    std::size_t characters = 0;      // code points
  };
  std::string text;  // UTF-8, normalised
  std::vector<Word> words;

  std::string_view operator[](std::size_t i) const {
    return std::string_view(text).substr(words[i].begin, words[i].end - words[i].begin);
  }
};

// Replaces the content of `words`. Broken UTF-8 counts as U+FFFD, which cleanText drops.
void splitBertWords(std::string_view text, const BertNormalization& options, BertWords& words);

// Classes of characters as the reference has them: its tables are those of Unicode 8.0, so punctuation and format
// characters that came later count as ordinary ones.
bool isBertControl(std::int32_t character);
bool isBertPunctuation(std::int32_t character);
bool isBertAccent(std::int32_t character);
bool isBertIdeograph(std::int32_t character);

}  // namespace counterpoint
