// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/vocabulary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/text/wordpiece.h"

namespace counterpoint {
namespace {

const std::vector<std::string> kTexts{"Normal wall motion. Ejection fraction 55 %.",
                                      "Wall motion reduced, fraction 30 %.", "Wall thick; é."};

TEST(Vocabulary, OrdersWordsByFrequencyAfterTheSpecials) {
  const std::vector<std::string> tokens = vocabularyFromTexts(kTexts);
  // wall 3 and "." 3 tie and go in byte order; then the words that come twice.
  const std::vector<std::string> expected{"[PAD]", "[UNK]", "[CLS]", "[SEP]",    "[MASK]",
                                          ".",     "wall",  "%",     "fraction", "motion"};
  ASSERT_GT(tokens.size(), expected.size());
  EXPECT_EQ(std::vector<std::string>(tokens.begin(), tokens.begin() + 10), expected);
  EXPECT_EQ(std::set<std::string>(tokens.begin(), tokens.end()).size(), tokens.size());
}

TEST(Vocabulary, KnowsItsWordsWholeAndSpellsOthers) {
  const WordPieceTokenizer tokenizer = WordPieceTokenizer::fromVocabulary(vocabularyFromTexts(kTexts));
  EXPECT_EQ(tokenizer.tokenize("wall motion reduced").size(), 3u);
  const auto spelled = tokenizer.tokenize("zebra");
  ASSERT_EQ(spelled.size(), 5u);
  EXPECT_EQ(tokenizer.token(spelled[0]), "z");
  EXPECT_EQ(tokenizer.token(spelled[4]), "##a");
  EXPECT_EQ(tokenizer.decode(spelled), "zebra");
  EXPECT_EQ(tokenizer.decode(tokenizer.encode("Ejection fraction 55%.", 0).ids), "ejection fraction 55 %.");
}

TEST(Vocabulary, IsTheSameInAnyOrderOfTheTexts) {
  const std::vector<std::string> reversed(kTexts.rbegin(), kTexts.rend());
  EXPECT_EQ(vocabularyFromTexts(kTexts), vocabularyFromTexts(reversed));
}

TEST(Vocabulary, KeepsToItsLimits) {
  const auto contains = [](const std::vector<std::string>& tokens, const std::string& word) {
    return std::find(tokens.begin(), tokens.end(), word) != tokens.end();
  };
  const auto frequent = vocabularyFromTexts(kTexts, {.normalization = {}, .leastFrequency = 2});
  EXPECT_TRUE(contains(frequent, "motion"));
  EXPECT_FALSE(contains(frequent, "thick"));
  const auto few = vocabularyFromTexts(kTexts, {.normalization = {}, .mostWords = 2});
  EXPECT_TRUE(contains(few, "wall"));
  EXPECT_FALSE(contains(few, "motion"));
}

}  // namespace
}  // namespace counterpoint
