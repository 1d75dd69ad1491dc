// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/complete.h"

#include <gmock/gmock.h>

#include "core/base/files.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Complete : public ::testing::Test {
 protected:
  Complete() {
    for (const char* name : {"db/mysql", "db/postgres", "plain"}) {
      const auto file = folder_.path() / (std::string(name) + ".yaml");
      std::filesystem::create_directories(file.parent_path());
      writeFileAtomically(file, "port: 1\n");
    }
    knowledge_ = {schemaOf("echo_text"), {folder_.path()}};
  }

  // The cursor stands at "|"; what the line becomes with each candidate.
  std::vector<std::string> yaml(std::string text) {
    const auto cursor = text.find('|');
    text.erase(cursor, 1);
    const auto begin = cursor == 0 ? 0 : text.rfind('\n', cursor - 1) + 1;
    const auto line = static_cast<int>(std::count(text.begin(), text.begin() + std::ptrdiff_t(cursor), '\n')) + 1;
    found_ = completeYaml(text, line, cursor - begin, knowledge_);
    std::vector<std::string> lines;
    for (const auto& one : found_.candidates) lines.push_back(text.substr(begin, found_.from) + one.text);
    return lines;
  }
  std::vector<std::string> overriding(std::string_view typed) {
    found_ = completeOverride(typed, knowledge_);
    std::vector<std::string> words;
    for (const auto& one : found_.candidates) words.push_back(std::string(typed.substr(0, found_.from)) + one.text);
    return words;
  }

  TemporaryFolder folder_;
  CompletionKnowledge knowledge_;
  Completions found_;
};

TEST_F(Complete, KeysFollowTheNestingAtTheCursor) {
  EXPECT_THAT(yaml("se|"), ElementsAre("seed: "));
  EXPECT_THAT(found_.candidates[0].help, HasSubstr("shuffling"));
  EXPECT_THAT(yaml("optimizer:\n  l|"), Contains("  lr: "));
  EXPECT_THAT(yaml("optimizer:\n  name: adamw\n  |"), Contains("  lr: "));
  EXPECT_THAT(yaml("data:\n  columns:\n    f|"), ElementsAre("    file: "));
  EXPECT_THAT(yaml("data:\n  columns:\n    file: a\n  fr|"), Contains("  frames: "));
  EXPECT_THAT(yaml("opt|"), ElementsAre("optimizer:"));
  EXPECT_EQ(found_.candidates[0].kind, CompletionCandidate::Kind::Section);
}

TEST_F(Complete, WhatTheSectionHasIsNotOffered) {
  const auto keys = yaml("optimizer:\n  lr: 1\n  |\n\n  weight_decay: 0\ndata:\n  csv: x\n");
  EXPECT_THAT(keys, Not(Contains("  lr: ")));
  EXPECT_THAT(keys, Not(Contains("  weight_decay: ")));
  EXPECT_THAT(keys, Not(IsEmpty()));
  EXPECT_THAT(yaml("seed: 1\n|"), Not(Contains("seed: ")));
}

TEST_F(Complete, TheColonIsNotDoubled) { EXPECT_THAT(yaml("se|: 3"), ElementsAre("seed")); }

TEST_F(Complete, ValuesAreChoicesWithTheirMeaning) {
  EXPECT_THAT(yaml("precision: |"), ElementsAre("precision: float32", "precision: bfloat16"));
  EXPECT_EQ(found_.candidates[0].help, "full precision");
  EXPECT_THAT(yaml("precision: b|"), ElementsAre("precision: bfloat16"));
  EXPECT_THAT(yaml("precision:|"), Contains("precision: float32"));
  EXPECT_THAT(yaml("data:\n  shuffle_clips: |"), ElementsAre("  shuffle_clips: true", "  shuffle_clips: false"));
  EXPECT_EQ(found_.candidates[0].help, "the default");
  EXPECT_THAT(yaml("recipe: |"), Contains("recipe: echo_text"));
  EXPECT_THAT(yaml("name: |"), IsEmpty());
}

TEST_F(Complete, FlowMapsNestToo) {
  EXPECT_THAT(yaml("optimizer: {l|"), Contains("optimizer: {lr: "));
  EXPECT_THAT(yaml("data: {csv: x, shuffle_clips: t|"), ElementsAre("data: {csv: x, shuffle_clips: true"));
  EXPECT_THAT(yaml("data: {columns: {fi|"), ElementsAre("data: {columns: {file: "));
  EXPECT_THAT(yaml("data: {csv: x}|"), IsEmpty());
}

TEST_F(Complete, InterpolationsNameKeys) {
  EXPECT_THAT(yaml("name: ${optimizer.l|"), Contains("name: ${optimizer.lr}"));
  EXPECT_THAT(yaml("name: a-${see|-b"), ElementsAre("name: a-${seed}"));
  EXPECT_THAT(yaml("name: ${oc.env:HO|"), IsEmpty());
}

TEST_F(Complete, CommentsAndBlockTextsAreLeftAlone) {
  EXPECT_THAT(yaml("seed: 1  # pre|"), IsEmpty());
  EXPECT_THAT(yaml("# se|"), IsEmpty());
  EXPECT_THAT(yaml("name: >\n  se|"), IsEmpty());
}

TEST_F(Complete, DefaultsListsOfferGroupsAndOptions) {
  EXPECT_THAT(yaml("defaults:\n  - |"), ElementsAre("  - _self_", "  - db: ", "  - plain"));
  EXPECT_THAT(yaml("defaults:\n- d|"), ElementsAre("- db: "));
  EXPECT_THAT(yaml("defaults:\n- db: |"), ElementsAre("- db: mysql", "- db: postgres"));
  EXPECT_THAT(yaml("defaults:\n- optional /db@x: p|"), ElementsAre("- optional /db@x: postgres"));
  EXPECT_THAT(yaml("defaults:\n- override d|"), ElementsAre("- override db: "));
  EXPECT_THAT(yaml("def|"), ElementsAre("defaults:"));
}

TEST_F(Complete, HalfWrittenAndHostileTextsAnswer) {
  for (const char* text : {"|", "[|", "{{{{|", "\"|", "a: 'b|", "- - - |", "\t|", "---\n|", ":|", ": |", "]|", "a: ]|",
                           "\xff\xfe|", "? |", "a:\n\t- |", "- a: [}|"}) {
    EXPECT_NO_THROW(yaml(text)) << text;
  }
  knowledge_.schema = nullptr;
  EXPECT_THAT(yaml("re|"), ElementsAre("recipe: "));
  EXPECT_THAT(yaml("recipe: e|"), ElementsAre("recipe: echo_text"));
}

TEST_F(Complete, TenThousandLinesAreQuick) {
  std::string text = "launch:\n  env:\n";
  for (int i = 0; i < 10000; ++i) text += "    NAME_" + std::to_string(i) + ": value\n";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(yaml(text + "optimizer:\n  l|"), Contains("  lr: "));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(200));
}

TEST_F(Complete, OverridesKnowSignsGroupsAndChoices) {
  EXPECT_THAT(overriding("++optimizer.l"), Contains("++optimizer.lr="));
  EXPECT_THAT(overriding("~see"), ElementsAre("~seed"));
  EXPECT_THAT(overriding("d"), Contains("db="));
  EXPECT_THAT(overriding("db="), ElementsAre("db=mysql", "db=postgres"));
  EXPECT_THAT(overriding("db=mysql,p"), ElementsAre("db=mysql,postgres"));
  EXPECT_THAT(overriding("precision=choice(float32,b"), ElementsAre("precision=choice(float32,bfloat16"));
  EXPECT_THAT(overriding("data.shuffle_clips=f"), ElementsAre("data.shuffle_clips=false"));
  EXPECT_THAT(overriding("lr"), Contains("optimizer.lr="));  // found inside as well, behind those that begin so
  EXPECT_THAT(overriding("name="), IsEmpty());
}

TEST_F(Complete, TellsThePathOfALine) {
  const std::string text =
      "# top\nseed: 1\n\ndata:\n  columns:\n    file: x # y\noptimizer:\n  betas:\n    - 0.9\n"
      "  \"lr\": 1\nname: >\n  seed: 2\n";
  const std::vector<std::string> wanted = {"",
                                           "seed",
                                           "",
                                           "data",
                                           "data.columns",
                                           "data.columns.file",
                                           "optimizer",
                                           "optimizer.betas",
                                           "optimizer.betas",
                                           "optimizer.lr",
                                           "name",
                                           "name"};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_EQ(yamlPathAt(text, static_cast<int>(i) + 1), wanted[i]) << "line " << i + 1;
  }
  EXPECT_EQ(yamlPathAt(text, 0), "");
  EXPECT_EQ(yamlPathAt(text, 99), "");
}

}  // namespace
}  // namespace counterpoint
