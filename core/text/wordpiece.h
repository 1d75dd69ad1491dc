// SPDX-License-Identifier: GPL-3.0-or-later
// BERT's WordPiece tokenizer, equal id for id to huggingface/tokenizers' for the same files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/text/bert_words.h"

namespace counterpoint {

struct WordPieceOptions {
  BertNormalization normalization;
  std::string unknownToken = "[UNK]";
  std::string continuationPrefix = "##";
  std::int64_t longestWord = 100;  // characters; longer words are unknown
};

struct SpecialIds {
  std::int64_t pad = 0, unknown = 0, begin = 0 /* [CLS] */, end = 0 /* [SEP] */;
  std::optional<std::int64_t> mask;
};

enum class Padding { None, Longest, MaxLength };

struct Encoding {
  std::vector<std::int64_t> ids;
  std::vector<std::int64_t> mask;  // 1 for a token, 0 for padding
};

// Row-major [rows, columns]; padding is at the right.
struct TokenBatch {
  std::int64_t rows = 0, columns = 0;
  std::vector<std::int64_t> ids, mask;
};

class WordPieceTokenizer {
 public:
  // A vocab.txt, a tokenizer.json, or a folder with one of them (tokenizer.json first; beside vocab.txt,
  // tokenizer_config.json gives the normalization). Throws Error{Data} naming file, line or key.
  static WordPieceTokenizer load(const std::filesystem::path& path);
  // Token i has id i. [PAD], [UNK], [CLS] and [SEP] must be among them; `where` names the source in errors.
  static WordPieceTokenizer fromVocabulary(std::vector<std::string> tokens, WordPieceOptions options = {},
                                           const std::string& where = "vocabulary");

  const SpecialIds& special() const { return special_; }
  const WordPieceOptions& options() const { return options_; }
  std::int64_t size() const { return static_cast<std::int64_t>(tokens_.size()); }
  // Throws Error{Data} for an id outside the vocabulary.
  const std::string& token(std::int64_t id) const;
  std::optional<std::int64_t> find(std::string_view token) const;
  bool isSpecial(std::int64_t id) const;

  // Without [CLS] and [SEP]. Special tokens written out in the text ("[MASK]") become their ids.
  std::vector<std::int64_t> tokenize(std::string_view text) const;
  // [CLS] text [SEP], cut at the right to `maxLength` ids (0: never cut; else at least 2). Padding::Longest pads
  // nothing here.
  Encoding encode(std::string_view text, std::int64_t maxLength, Padding padding = Padding::None) const;
  // Padding::None is refused unless all rows are of one length.
  TokenBatch encodeBatch(std::span<const std::string> texts, std::int64_t maxLength,
                         Padding padding = Padding::Longest) const;

  // Text from ids: pieces joined, blanks before punctuation taken out. Ids outside the vocabulary are left out.
  std::string decode(std::span<const std::int64_t> ids, bool skipSpecial = true) const;

  // Writes vocab.txt and tokenizer_config.json, from which load() gives the same tokenizer.
  void save(const std::filesystem::path& folder) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Ids = std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>>;

  static WordPieceTokenizer fromTokenizerJson(const std::filesystem::path& path);
  void addSpecial(const std::string& token);
  void addWords(std::string_view text, BertWords& words, std::vector<std::int64_t>& ids) const;
  void addPieces(std::string_view word, std::vector<std::int64_t>& ids) const;

  WordPieceOptions options_;
  std::vector<std::string> tokens_;
  Ids whole_;                                        // tokens that begin a word
  Ids pieces_;                                       // tokens that continue one, without their prefix
  std::size_t longestWhole_ = 0, longestPiece_ = 0;  // bytes
  SpecialIds special_;
  std::vector<std::string> specialTokens_;
  std::vector<std::int64_t> specialIdList_;
};

}  // namespace counterpoint
