// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/sentences.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "core/base/words.h"

namespace counterpoint {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isBlank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool endsSentence(std::string_view piece) { return piece == "." || piece == "!" || piece == "?"; }

// Pieces that stand against the word before them.
bool clings(std::string_view piece) {
  return piece == "." || piece == "," || piece == ";" || piece == ":" || piece == "!" || piece == "?" || piece == "%" ||
         piece == ")";
}

void appendPiece(std::string& text, std::string_view piece) {
  if (piece.substr(0, 2) == "##" && piece.size() > 2) {
    text += piece.substr(2);
    return;
  }
  const bool afterBracket = !text.empty() && text.back() == '(';
  if (!text.empty() && !clings(piece) && !afterBracket) text += ' ';
  text += piece;
}

CaptionSentence finish(CaptionSentence sentence, const std::optional<Calibration>& calibration) {
  double sum = 0;
  for (const auto& token : sentence.tokens) sum += std::log(std::max(token.probability, 1e-30));
  const double raw = std::exp(sum / static_cast<double>(sentence.tokens.size()));
  sentence.confidence = calibration ? calibration->apply(raw) : raw;
  return sentence;
}

}  // namespace

std::vector<std::string> splitSentences(std::string_view text) {
  std::vector<std::string> sentences;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool atEnd = i + 1 == text.size();
    const bool line = text[i] == '\n';
    if (!line && !(endsSentence(text.substr(i, 1)) && (atEnd || isBlank(text[i + 1])))) continue;
    const auto sentence = trim(text.substr(start, i + 1 - start));
    if (!sentence.empty()) sentences.emplace_back(sentence);
    start = i + 1;
  }
  if (const auto rest = trim(text.substr(start)); !rest.empty()) sentences.emplace_back(rest);
  return sentences;
}

std::string sentenceKey(std::string_view sentence) {
  std::string key;
  for (const char c : lowerAscii(trim(sentence))) {
    if (isBlank(c)) {
      if (!key.empty() && key.back() != ' ') key += ' ';
    } else {
      // The tokenizer sets marks apart, people do not.
      if (clings(std::string_view(&c, 1)) && !key.empty() && key.back() == ' ') key.pop_back();
      key += c;
    }
  }
  while (!key.empty() && (key.back() == '.' || key.back() == ' ')) key.pop_back();
  return key;
}

std::vector<bool> sentencesInReference(const std::vector<std::string>& generated, std::string_view reference) {
  std::vector<std::string> keys;
  for (const auto& sentence : splitSentences(reference)) keys.push_back(sentenceKey(sentence));
  std::vector<bool> found;
  for (const auto& sentence : generated)
    found.push_back(std::find(keys.begin(), keys.end(), sentenceKey(sentence)) != keys.end());
  return found;
}

Caption captionOf(const std::vector<GeneratedToken>& tokens, const std::optional<Calibration>& calibration) {
  Caption caption;
  caption.calibrated = calibration.has_value();
  CaptionSentence sentence;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto& token = tokens[i];
    // "3 . 5": a point between digits is no end, and no blank belongs there.
    const bool decimal = token.piece == "." && i > 0 && i + 1 < tokens.size() && !sentence.text.empty() &&
                         isDigit(sentence.text.back()) && isDigit(tokens[i + 1].piece.front());
    const bool afterDecimal = sentence.tokens.size() > 1 && sentence.text.size() > 1 && sentence.text.back() == '.' &&
                              isDigit(sentence.text[sentence.text.size() - 2]) && isDigit(token.piece.front());
    if (afterDecimal)
      sentence.text += token.piece;
    else
      appendPiece(sentence.text, token.piece);
    sentence.tokens.push_back({token.piece, token.probability});
    if (endsSentence(token.piece) && !decimal)
      caption.sentences.push_back(finish(std::exchange(sentence, {}), calibration));
  }
  if (!sentence.tokens.empty()) caption.sentences.push_back(finish(std::move(sentence), calibration));
  for (const auto& part : caption.sentences) caption.text += (caption.text.empty() ? "" : " ") + part.text;
  return caption;
}

}  // namespace counterpoint
