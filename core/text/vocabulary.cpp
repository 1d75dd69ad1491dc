// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/vocabulary.h"

#include <algorithm>
#include <map>
#include <set>

namespace counterpoint {
namespace {

std::vector<std::string> charactersOf(std::string_view word) {
  std::vector<std::string> characters;
  for (const char byte : word) {
    if ((static_cast<unsigned char>(byte) & 0xC0) == 0x80 && !characters.empty()) {
      characters.back() += byte;
    } else {
      characters.emplace_back(1, byte);
    }
  }
  return characters;
}

}  // namespace

std::vector<std::string> vocabularyFromTexts(std::span<const std::string> texts, const VocabularyOptions& options) {
  std::map<std::string, std::int64_t, std::less<>> counts;
  std::set<std::string> characters;
  BertWords words;
  const auto addCharacters = [&](std::string_view text) {
    splitBertWords(text, options.normalization, words);
    for (std::size_t i = 0; i < words.words.size(); ++i)
      for (std::string& character : charactersOf(words[i])) characters.insert(std::move(character));
  };
  for (const std::string& text : texts) {
    addCharacters(text);
    for (std::size_t i = 0; i < words.words.size(); ++i) {
      const auto found = counts.find(words[i]);
      if (found != counts.end()) {
        ++found->second;
      } else {
        counts.emplace(words[i], 1);
      }
    }
  }
  std::string printable;
  for (char c = '!'; c <= '~'; ++c) printable += c;
  addCharacters(printable);

  std::vector<std::pair<std::string, std::int64_t>> byFrequency;
  for (const auto& entry : counts)
    if (entry.second >= options.leastFrequency) byFrequency.push_back(entry);
  std::stable_sort(byFrequency.begin(), byFrequency.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  if (byFrequency.size() > static_cast<std::size_t>(options.mostWords))
    byFrequency.resize(static_cast<std::size_t>(options.mostWords));

  std::vector<std::string> tokens;
  std::set<std::string> taken;
  const auto add = [&](const std::string& token) {
    if (taken.insert(token).second) tokens.push_back(token);
  };
  for (const char* special : {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}) add(special);
  for (const auto& [word, count] : byFrequency) add(word);
  for (const std::string& character : characters) add(character);
  for (const std::string& character : characters) add("##" + character);
  return tokens;
}

}  // namespace counterpoint
