// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/wordpiece.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/error.h"

namespace counterpoint {
namespace {

// What the reference's WordPiece decoder tidies up, token by token.
std::string tidied(std::string token) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kRules{{{" .", "."},
                                                                                  {" ?", "?"},
                                                                                  {" !", "!"},
                                                                                  {" ,", ","},
                                                                                  {" ' ", "'"},
                                                                                  {" n't", "n't"},
                                                                                  {" 'm", "'m"},
                                                                                  {" do not", " don't"},
                                                                                  {" 's", "'s"},
                                                                                  {" 've", "'ve"},
                                                                                  {" 're", "'re"}}};
  for (const auto& [from, to] : kRules) {
    for (std::size_t at = token.find(from); at != std::string::npos; at = token.find(from, at + to.size()))
      token.replace(at, from.size(), to);
  }
  return token;
}

bool continuesCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

}  // namespace

WordPieceTokenizer WordPieceTokenizer::fromVocabulary(std::vector<std::string> tokens, WordPieceOptions options,
                                                      const std::string& where) {
  WordPieceTokenizer result;
  result.options_ = std::move(options);
  result.tokens_ = std::move(tokens);
  const std::string& prefix = result.options_.continuationPrefix;
  for (std::size_t i = 0; i < result.tokens_.size(); ++i) {
    const std::string& token = result.tokens_[i];
    if (token.empty()) continue;  // a hole in the numbering
    const bool piece = !prefix.empty() && token.size() > prefix.size() && token.starts_with(prefix);
    const auto id = static_cast<std::int64_t>(i);
    // A piece may also begin a word: a text can hold "##" only as two words, so that it is found by its id alone.
    const auto [known, isNew] = result.whole_.emplace(token, id);
    if (!isNew)
      throw dataError(fmt::format("has the token '{}' twice, with ids {} and {}", token, known->second, i), where,
                      "Keep one of the two");
    if (piece) {
      result.pieces_.emplace(token.substr(prefix.size()), id);
      result.longestPiece_ = std::max(result.longestPiece_, token.size() - prefix.size());
    } else {
      if (prefix.empty()) result.pieces_.emplace(token, id);
      result.longestWhole_ = std::max(result.longestWhole_, token.size());
    }
  }
  if (prefix.empty()) result.longestPiece_ = result.longestWhole_;
  const auto idOf = [&](const std::string& token) {
    const auto id = result.find(token);
    if (!id) throw dataError("has no token " + token, where, "Use the vocabulary of a BERT tokenizer");
    result.addSpecial(token);
    return *id;
  };
  result.special_.pad = idOf("[PAD]");
  result.special_.unknown = idOf(result.options_.unknownToken);
  result.special_.begin = idOf("[CLS]");
  result.special_.end = idOf("[SEP]");
  if (result.find("[MASK]")) result.special_.mask = idOf("[MASK]");
  return result;
}

void WordPieceTokenizer::addSpecial(const std::string& token) {
  if (std::find(specialTokens_.begin(), specialTokens_.end(), token) != specialTokens_.end()) return;
  specialTokens_.push_back(token);
  specialIdList_.push_back(*find(token));
}

const std::string& WordPieceTokenizer::token(std::int64_t id) const {
  if (id < 0 || id >= size())
    throw dataError(fmt::format("token id {} is outside the vocabulary of {}", id, size()), {},
                    "Use the tokenizer that the ids were made with");
  return tokens_[static_cast<std::size_t>(id)];
}

std::optional<std::int64_t> WordPieceTokenizer::find(std::string_view token) const {
  const auto found = whole_.find(token);
  if (found == whole_.end()) return std::nullopt;
  return found->second;
}

bool WordPieceTokenizer::isSpecial(std::int64_t id) const {
  return std::find(specialIdList_.begin(), specialIdList_.end(), id) != specialIdList_.end();
}

void WordPieceTokenizer::addPieces(std::string_view word, std::vector<std::int64_t>& ids) const {
  const std::size_t before = ids.size();
  std::size_t begin = 0;
  while (begin < word.size()) {
    const Ids& known = begin == 0 ? whole_ : pieces_;
    std::size_t length = std::min(word.size() - begin, begin == 0 ? longestWhole_ : longestPiece_);
    auto found = known.end();
    for (; length > 0; --length) {
      const bool cutsCharacter = begin + length < word.size() && continuesCharacter(word[begin + length]);
      if (cutsCharacter) continue;
      found = known.find(word.substr(begin, length));
      if (found != known.end()) break;
    }
    if (found == known.end()) {
      ids.resize(before);
      ids.push_back(special_.unknown);
      return;
    }
    ids.push_back(found->second);
    begin += length;
  }
}

void WordPieceTokenizer::addWords(std::string_view text, BertWords& words, std::vector<std::int64_t>& ids) const {
  splitBertWords(text, options_.normalization, words);
  for (std::size_t i = 0; i < words.words.size(); ++i) {
    if (words.words[i].characters > static_cast<std::size_t>(options_.longestWord)) {
      ids.push_back(special_.unknown);
    } else {
      addPieces(words[i], ids);
    }
  }
}

std::vector<std::int64_t> WordPieceTokenizer::tokenize(std::string_view text) const {
  std::vector<std::int64_t> ids;
  BertWords words;
  while (!text.empty()) {
    // The special token that comes first; the longest of those that begin together.
    std::size_t at = std::string_view::npos, which = 0;
    for (std::size_t i = 0; i < specialTokens_.size(); ++i) {
      const std::size_t found = text.find(specialTokens_[i]);
      const bool longer = found == at && specialTokens_[i].size() > specialTokens_[which].size();
      if (found != std::string_view::npos && (found < at || longer)) {
        at = found;
        which = i;
      }
    }
    addWords(text.substr(0, at), words, ids);
    if (at == std::string_view::npos) break;
    ids.push_back(specialIdList_[which]);
    text.remove_prefix(at + specialTokens_[which].size());
  }
  return ids;
}

Encoding WordPieceTokenizer::encode(std::string_view text, std::int64_t maxLength, Padding padding) const {
  if (maxLength < 0 || maxLength == 1 || (maxLength == 0 && padding == Padding::MaxLength))
    throw usageError(fmt::format("a longest length of {} leaves no room for [CLS] and [SEP]", maxLength), {},
                     "Use 2 or more");
  Encoding result;
  result.ids = tokenize(text);
  if (maxLength > 0) result.ids.resize(std::min(result.ids.size(), static_cast<std::size_t>(maxLength - 2)));
  result.ids.insert(result.ids.begin(), special_.begin);
  result.ids.push_back(special_.end);
  result.mask.assign(result.ids.size(), 1);
  if (padding == Padding::MaxLength) {
    result.ids.resize(static_cast<std::size_t>(maxLength), special_.pad);
    result.mask.resize(static_cast<std::size_t>(maxLength), 0);
  }
  return result;
}

TokenBatch WordPieceTokenizer::encodeBatch(std::span<const std::string> texts, std::int64_t maxLength,
                                           Padding padding) const {
  std::vector<Encoding> rows;
  rows.reserve(texts.size());
  std::size_t columns = 0;
  for (const std::string& text : texts) {
    rows.push_back(encode(text, maxLength, padding));
    if (padding == Padding::None && rows.size() > 1 && rows.back().ids.size() != columns)
      throw usageError("a batch of texts of different lengths needs padding");
    columns = std::max(columns, rows.back().ids.size());
  }
  TokenBatch batch;
  batch.rows = static_cast<std::int64_t>(rows.size());
  batch.columns = static_cast<std::int64_t>(columns);
  batch.ids.reserve(rows.size() * columns);
  batch.mask.reserve(rows.size() * columns);
  for (const Encoding& row : rows) {
    batch.ids.insert(batch.ids.end(), row.ids.begin(), row.ids.end());
    batch.mask.insert(batch.mask.end(), row.mask.begin(), row.mask.end());
    batch.ids.insert(batch.ids.end(), columns - row.ids.size(), special_.pad);
    batch.mask.insert(batch.mask.end(), columns - row.mask.size(), 0);
  }
  return batch;
}

std::string WordPieceTokenizer::decode(std::span<const std::int64_t> ids, bool skipSpecial) const {
  std::string text;
  bool first = true;
  for (const std::int64_t id : ids) {
    if (id < 0 || id >= size() || (skipSpecial && isSpecial(id))) continue;
    std::string token = tokens_[static_cast<std::size_t>(id)];
    if (!first) {
      const std::string& prefix = options_.continuationPrefix;
      token = token.starts_with(prefix) ? token.substr(prefix.size()) : " " + token;
    }
    text += tidied(std::move(token));
    first = false;
  }
  return text;
}

}  // namespace counterpoint
