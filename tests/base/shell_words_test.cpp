// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/shell_words.h"

#include <gmock/gmock.h>

#include "core/base/words.h"

#include <array>
#include <cstdio>

namespace counterpoint {
namespace {

std::vector<std::string> wordsOf(std::string_view line) {
  std::vector<std::string> texts;
  for (const auto& word : splitShellWords(line).words) texts.push_back(word.text);
  return texts;
}

// What sh itself makes of the line, one word a line.
std::vector<std::string> asked(const std::string& line) {
  const std::string command = "printf '%s\\n' " + line;
  std::FILE* pipe = popen(command.c_str(), "r");
  std::string out;
  std::array<char, 256> part{};
  while (const std::size_t count = std::fread(part.data(), 1, part.size(), pipe)) out.append(part.data(), count);
  pclose(pipe);
  auto words = split(out, '\n');
  words.pop_back();
  return words;
}

TEST(ShellWords, CutsAsTheShellDoes) {
  for (const char* line : {"a=1 b=2", "'a b'=c", "a=\"x \\\"y\\\" \\n\" c", "a\\ b 'it'\\''s' \"\"", "a=''b\"c\"d",
                           "  x\\\\y\t'z' ", "a='\"' b=\"'\"", "a=[1,2] ~x ++y=3"}) {
    EXPECT_EQ(wordsOf(line), asked(line)) << line;
  }
}

TEST(ShellWords, KnowsWhereEachWordStands) {
  const auto words = splitShellWords(" a='x y'  b").words;
  ASSERT_EQ(words.size(), 2u);
  EXPECT_EQ(words[0].begin, 1u);
  EXPECT_EQ(words[0].end, 8u);
  EXPECT_EQ(words[0].text, "a=x y");
  EXPECT_EQ(words[0].at, (std::vector<std::size_t>{1, 2, 4, 5, 6}));
  EXPECT_EQ(words[1].begin, 10u);
}

TEST(ShellWords, AnOpenQuoteIsAProblemAndItsWordStays) {
  const auto open = splitShellWords("a=1 b='x");
  EXPECT_EQ(open.problem, "the quote ' is not closed");
  ASSERT_EQ(open.words.size(), 2u);
  EXPECT_EQ(open.words[1].text, "b=x");
  EXPECT_FALSE(splitShellWords("a\\").problem.empty());
  EXPECT_TRUE(splitShellWords("").words.empty());
}

TEST(ShellWords, QuotedWordsComeBack) {
  const std::vector<std::string> words = {
      "optimizer.lr=1e-4", "a=[1,2]", "x={a: 1}",    "it's", "", "~gone", "$HOME", "a b", "=x",
      "k=${data.csv}",     "q=\"y\"", "back\\slash", "*"};
  EXPECT_EQ(wordsOf(shellLine(words)), words);
  EXPECT_EQ(asked(shellLine(words)), words);
  EXPECT_EQ(shellQuoted("optimizer.lr=1e-4"), "optimizer.lr=1e-4");
}

}  // namespace
}  // namespace counterpoint
