// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/wordpiece.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/json.h"
#include "tests/support/golden.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Ids = std::vector<std::int64_t>;

std::vector<Json> goldenLines(const std::string& name) {
  std::ifstream file(goldenFolder("text") / name);
  std::vector<Json> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(Json::parse(line));
  return lines;
}

WordPieceTokenizer golden() { return WordPieceTokenizer::load(goldenFolder("text") / "vocab.txt"); }

std::vector<std::string> goldenVocabulary() {
  std::ifstream file(goldenFolder("text") / "vocab.txt");
  std::vector<std::string> tokens;
  for (std::string line; std::getline(file, line);) tokens.push_back(line);
  return tokens;
}

WordPieceTokenizer small(std::vector<std::string> words, WordPieceOptions options = {}) {
  std::vector<std::string> tokens{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};
  tokens.insert(tokens.end(), words.begin(), words.end());
  return WordPieceTokenizer::fromVocabulary(tokens, options);
}

TEST(WordPiece, GivesTheIdsOfTheReference) {
  std::map<std::string, BertNormalization> kinds;
  kinds["uncased"];
  kinds["cased"].lowerCase = false;
  kinds["accents"].stripAccents = false;
  kinds["raw"] = {false, false, false, true};
  std::map<std::string, WordPieceTokenizer> tokenizers;
  for (const auto& [name, normalization] : kinds)
    tokenizers.emplace(name, WordPieceTokenizer::fromVocabulary(goldenVocabulary(), {.normalization = normalization}));
  std::map<std::string, int> seen;
  for (const Json& line : goldenLines("tokens.jsonl")) {
    const auto kind = line[0].get<std::string>();
    ++seen[kind];
    EXPECT_EQ(tokenizers.at(kind).tokenize(line[1].get<std::string>()), line[2].get<Ids>())
        << kind << " " << line[1].dump(-1, ' ', true);
  }
  EXPECT_GE(seen["uncased"], 2000);
  for (const auto& [name, normalization] : kinds) EXPECT_GE(seen[name], 200) << name;
}

TEST(WordPiece, CutsPadsAndDecodesAsTheReference) {
  const WordPieceTokenizer tokenizer = golden();
  int cut = 0, padded = 0;
  for (const Json& line : goldenLines("decoded.jsonl")) {
    const Ids ids = line[1].get<Ids>();
    EXPECT_EQ(tokenizer.decode(ids, line[3].get<bool>()), line[4].get<std::string>()) << line.dump();
    if (line[2].empty()) continue;  // random ids
    const Encoding encoding = tokenizer.encode(line[0].get<std::string>(), 16, Padding::MaxLength);
    EXPECT_EQ(encoding.ids, ids) << line.dump();
    EXPECT_EQ(encoding.mask, line[2].get<Ids>()) << line.dump();
    cut += encoding.ids.back() == tokenizer.special().end;
    padded += encoding.mask.back() == 0;
  }
  EXPECT_GT(cut, 50);
  EXPECT_GT(padded, 50);
}

TEST(WordPiece, ClassesEveryCharacterAsTheReference) {
  std::ifstream file(goldenFolder("text") / "classes.txt");
  std::vector<std::string> expected(0x110000, "----");
  std::string kind;
  for (std::int32_t first, last; file >> std::hex >> first >> last >> kind;)
    for (std::int32_t c = first; c <= last; ++c) expected[static_cast<std::size_t>(c)] = kind;
  ASSERT_EQ(expected[0x4e00], "--c-");
  for (std::int32_t c = 1; c < 0x110000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    const std::string& want = expected[static_cast<std::size_t>(c)];
    ASSERT_EQ(isBertControl(c) || c == 0xFFFD, want[0] == 'r') << std::hex << c;
    ASSERT_EQ(isBertPunctuation(c), want[1] == 'p') << std::hex << c;
    ASSERT_EQ(isBertAccent(c), want[3] == 'a') << std::hex << c;
    ASSERT_EQ(isBertIdeograph(c), want[2] == 'c') << std::hex << c;
  }
}

TEST(WordPiece, ReadsSpecialIdsFromTheFile) {
  const WordPieceTokenizer tokenizer =
      WordPieceTokenizer::fromVocabulary({"a", "[SEP]", "##b", "[MASK]", "[UNK]", "[PAD]", "[CLS]"});
  EXPECT_EQ(tokenizer.special().pad, 5);
  EXPECT_EQ(tokenizer.special().unknown, 4);
  EXPECT_EQ(tokenizer.special().begin, 6);
  EXPECT_EQ(tokenizer.special().end, 1);
  EXPECT_EQ(tokenizer.special().mask, 3);
  EXPECT_THAT(tokenizer.encode("ab c [MASK]", 0).ids, ElementsAre(6, 0, 2, 4, 3, 1));
  EXPECT_EQ(tokenizer.token(2), "##b");
  EXPECT_EQ(tokenizer.find("##b"), 2);
  EXPECT_THROW(tokenizer.token(7), Error);
}

TEST(WordPiece, BatchesPadToTheLongestOrToTheLimit) {
  const WordPieceTokenizer tokenizer = small({"heart", "beats"});
  const std::vector<std::string> texts{"heart beats", "", "heart"};
  const TokenBatch longest = tokenizer.encodeBatch(texts, 8);
  EXPECT_EQ(longest.rows, 3);
  EXPECT_EQ(longest.columns, 4);
  EXPECT_THAT(longest.ids, ElementsAre(2, 5, 6, 3, 2, 3, 0, 0, 2, 5, 3, 0));
  EXPECT_THAT(longest.mask, ElementsAre(1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0));
  EXPECT_EQ(tokenizer.encodeBatch(texts, 6, Padding::MaxLength).columns, 6);
  EXPECT_EQ(tokenizer.encodeBatch(texts, 3).columns, 3);
  EXPECT_THROW(tokenizer.encodeBatch(texts, 8, Padding::None), Error);
  EXPECT_EQ(tokenizer.encodeBatch({}, 8).ids.size(), 0u);
  EXPECT_THROW(tokenizer.encode("heart", 1), Error);
}

TEST(WordPiece, BrokenUtf8IsDroppedLikeTheReplacementCharacter) {
  const WordPieceTokenizer tokenizer = small({"heart", "é"});
  EXPECT_EQ(tokenizer.tokenize("he\xff"
                               "art \xc3"),
            (Ids{5}));
  EXPECT_EQ(tokenizer.tokenize("\xf0\x9f"), Ids{});
}

TEST(WordPiece, SavesWhatItLoads) {
  TemporaryFolder folder;
  WordPieceOptions options;
  options.normalization.lowerCase = false;
  options.normalization.stripAccents = true;
  const WordPieceTokenizer cased = WordPieceTokenizer::fromVocabulary(goldenVocabulary(), options);
  cased.save(folder / "tokenizer");
  const WordPieceTokenizer again = WordPieceTokenizer::load(folder / "tokenizer");
  EXPECT_EQ(again.size(), cased.size());
  EXPECT_FALSE(again.options().normalization.lowerCase);
  EXPECT_EQ(again.options().normalization.stripAccents, true);
  EXPECT_EQ(again.tokenize("Éjection of heart"), cased.tokenize("Éjection of heart"));
  EXPECT_EQ(readFile(folder / "tokenizer" / "vocab.txt"), readFile(goldenFolder("text") / "vocab.txt"));
}

Json tokenizerJson() {
  return Json::parse(R"({"version": "1.0", "truncation": null, "added_tokens": [
      {"id": 4, "special": true, "content": "[MASK]", "single_word": false, "normalized": false},
      {"id": 9, "special": true, "content": "[NEW]", "single_word": false, "normalized": false}],
    "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null,
      "lowercase": false},
    "pre_tokenizer": {"type": "BertPreTokenizer"},
    "model": {"type": "WordPiece", "unk_token": "[unk]", "continuing_subword_prefix": "@@",
      "max_input_chars_per_word": 3, "vocab": {"[PAD]": 0, "[unk]": 1, "[CLS]": 2, "[SEP]": 3, "[MASK]": 4, "A": 5,
      "@@b": 6, "a": 7, "##b": 8}}})");
}

TEST(WordPiece, ReadsTokenizerJsonWithItsSettings) {
  TemporaryFolder folder;
  writeJsonFile(folder / "tokenizer.json", tokenizerJson());
  const WordPieceTokenizer tokenizer = WordPieceTokenizer::load(folder.path());
  EXPECT_EQ(tokenizer.size(), 10);
  EXPECT_EQ(tokenizer.tokenize("Ab ab Abbb [NEW] Q"), (Ids{5, 6, 7, 6, 1, 9, 1}));
  EXPECT_TRUE(tokenizer.isSpecial(9));
  EXPECT_EQ(tokenizer.decode(Ids{2, 5, 6, 9, 3}), "Ab");
}

TEST(WordPiece, TokenizerJsonAndVocabularyOfTheSameTokensAgree) {
  TemporaryFolder folder;
  Json json = tokenizerJson();
  json["model"] = {{"type", "WordPiece"}, {"unk_token", "[UNK]"}, {"vocab", Json::object()}};
  json["added_tokens"] = Json::array();
  json["normalizer"]["lowercase"] = true;
  nlohmann::json vocabulary;
  const std::vector<std::string> tokens = goldenVocabulary();
  for (std::size_t i = 0; i < tokens.size(); ++i) vocabulary[tokens[i]] = i;
  json["model"]["vocab"] = vocabulary;
  writeJsonFile(folder / "tokenizer.json", json);
  const WordPieceTokenizer fromJson = WordPieceTokenizer::load(folder.path());
  const WordPieceTokenizer fromText = golden();
  for (const Json& line : goldenLines("tokens.jsonl")) {
    const auto text = line[1].get<std::string>();
    ASSERT_EQ(fromJson.tokenize(text), fromText.tokenize(text));
  }
}

class BadFile : public ::testing::Test {
 protected:
  std::string problemOf(const std::string& name, const std::string& content) {
    writeFileAtomically(folder_ / name, content);
    try {
      WordPieceTokenizer::load(folder_ / name);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Data);
      EXPECT_THAT(describe(error), HasSubstr(name));
      return describe(error);
    }
    return "no error";
  }
  TemporaryFolder folder_;
};

TEST_F(BadFile, OfWordsIsNamedByLineOrToken) {
  EXPECT_EQ(problemOf("vocab.txt", "[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\n"), "no error");
  EXPECT_THAT(problemOf("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n"), HasSubstr("no token [SEP]"));
  EXPECT_THAT(problemOf("vocab.txt", "[PAD]\n\n[CLS]\n"), HasSubstr("line 2"));
  EXPECT_THAT(problemOf("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\na\n"),
              HasSubstr("'a' twice, with ids 4 and 6"));
  EXPECT_THROW(WordPieceTokenizer::load(folder_ / "none"), Error);
}

TEST_F(BadFile, OfJsonIsNamedByKey) {
  const auto changed = [&](const std::function<void(Json&)>& change) {
    Json json = tokenizerJson();
    change(json);
    return problemOf("tokenizer.json", json.dump());
  };
  EXPECT_EQ(changed([](Json&) {}), "no error");
  EXPECT_THAT(problemOf("tokenizer.json", "{"), HasSubstr("no valid JSON"));
  EXPECT_THAT(problemOf("tokenizer.json", "[]"), HasSubstr("no model.vocab"));
  EXPECT_THAT(changed([](Json& j) { j["normalizer"]["type"] = "Lowercase"; }), HasSubstr("'Lowercase'"));
  EXPECT_THAT(changed([](Json& j) { j["model"]["type"] = "BPE"; }), HasSubstr("'BPE'"));
  EXPECT_THAT(changed([](Json& j) { j["pre_tokenizer"] = nullptr; }), HasSubstr("pre_tokenizer"));
  EXPECT_THAT(changed([](Json& j) { j["model"]["vocab"]["A"] = -1; }), HasSubstr("id -1"));
  EXPECT_THAT(changed([](Json& j) { j["model"]["vocab"]["A"] = 1ll << 40; }), HasSubstr("id 1099511627776"));
  EXPECT_THAT(changed([](Json& j) { j["model"]["vocab"]["A"] = 0; }), HasSubstr("id 0"));
  EXPECT_THAT(changed([](Json& j) { j["added_tokens"][0]["special"] = false; }), HasSubstr("[MASK]"));
  EXPECT_THAT(changed([](Json& j) { j["model"]["max_input_chars_per_word"] = "x"; }), HasSubstr("wrong type"));
}

}  // namespace
}  // namespace counterpoint
