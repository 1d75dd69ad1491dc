// SPDX-License-Identifier: GPL-3.0-or-later
// Old names of keys, dialects by file, and recipes that are only described.
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/config/config.h"
#include "core/config/tree/reader.h"

namespace counterpoint {
namespace {

const std::string kSmall = "recipe: echo_text\n";

std::vector<std::string> textsOf(const std::vector<ConfigNote>& notes) {
  std::vector<std::string> texts;
  for (const auto& note : notes) texts.push_back(note.text);
  return texts;
}

TEST(OldNames, AreReadAsTheKeyAndNoted) {
  const auto made = composeText(kSmall + "data_filename: x.csv\nlr: 3e-4\nmulti_video: true\n", "a.yaml");
  ASSERT_TRUE(made.problems.empty()) << made.problems.front().what;
  EXPECT_EQ(made.values["data"]["csv"], "x.csv");
  EXPECT_EQ(made.values["optimizer"]["lr"], 3e-4);
  EXPECT_EQ(made.values["data"]["sample"], "study");
  ASSERT_EQ(made.notes.size(), 3u);
  EXPECT_EQ(made.notes[1].text, "lr (deepcoro) is read as optimizer.lr");
  EXPECT_EQ(made.notes[1].key, "optimizer.lr");
  EXPECT_EQ(made.notes[1].where(), "a.yaml, line 3");
  EXPECT_EQ(made.origins.at("optimizer.lr").position.line, 3);
}

TEST(OldNames, ASectionsNameMayBeOne) {
  const auto made = composeText(kSmall + "data: {csv: x}\noptimizer: AdamW\nlr: 2\n", "a.yaml");
  ASSERT_TRUE(made.problems.empty()) << made.problems.front().what;
  EXPECT_EQ(made.values["optimizer"]["name"], "adamw");
  EXPECT_EQ(made.values["optimizer"]["lr"], 2);
  const auto wrong = composeText(kSmall + "data: {csv: x}\noptimizer: Lion\n", "a.yaml");
  ASSERT_EQ(wrong.problems.size(), 1u);
  EXPECT_EQ(wrong.problems[0].key, "optimizer.name");
  EXPECT_EQ(wrong.problems[0].position.line, 3);
}

TEST(OldNames, OneKeyUnderTwoNamesIsAProblem) {
  for (const char* text : {"lr: 1\noptimizer: {lr: 1}\n", "optimizer: {lr: 1}\nlr: 1\n",
                           "data_mean: [1.0]\n"
                           "dataset_mean: [1.0]\ndata: {std: [1.0]}\n"}) {
    const auto made = composeText(kSmall + "data_filename: x\n" + text, "a.yaml");
    ASSERT_EQ(made.problems.size(), 1u) << text;
    EXPECT_NE(made.problems[0].what.find("are one key"), std::string::npos) << made.problems[0].what;
  }
}

TEST(OldNames, AnOverrideCountsAboveTheFileUnderEitherName) {
  for (const auto& [text, override] :
       {std::pair("lr: 1\n", "optimizer.lr=2"), {"lr: 1\n", "lr=2"}, {"optimizer: {lr: 1}\n", "lr=2"}}) {
    const auto made = composeText(kSmall + "data_filename: x\n" + text, "a.yaml", {override});
    ASSERT_TRUE(made.problems.empty()) << made.problems.front().what;
    EXPECT_EQ(made.values["optimizer"]["lr"], 2) << text << override;
  }
}

TEST(OldNames, InterpolationsReachThemByEitherName) {
  const auto made = composeText(kSmall +
                                    "data_filename: x\nnum_videos: 7\nframes: ${num_videos}\n"
                                    "train: {epochs: '${data.clips_per_study}'}\n",
                                "a.yaml");
  ASSERT_TRUE(made.problems.empty()) << made.problems.front().what;
  EXPECT_EQ(made.values["data"]["frames"], 7);
  EXPECT_EQ(made.values["train"]["epochs"], 7);
}

TEST(OldNames, MayLieInSectionsOfTheirOwn) {
  const auto made =
      composeText("recipe: universal_retrieval\ntrainer_config: {learning_rate: 1e-4, pace: 2}\n", "a.yaml");
  EXPECT_EQ(made.values["optimizer"]["lr"], 1e-4);
  ASSERT_EQ(made.problems.size(), 1u);
  EXPECT_EQ(made.problems[0].key, "trainer_config.pace");
  EXPECT_TRUE(made.problems[0].unknownKey);
}

TEST(OldNames, StandInTheReference) {
  const auto page = schemaReference(*schemaOf("echo_text"));
  EXPECT_NE(page.find("Also read: dataset_mean (deepcoro), data_mean (deepcoro)."), std::string::npos);
}

TEST(Dialect, IsDeepcorosWhereItsKeyIsAtTheRoot) {
  const std::string twice = "recipe: echo_text\ndata_filename: x\nlr: 1\nlr: !!float 3\n";
  const auto ours = composeText(twice, "a.yaml");
  ASSERT_FALSE(ours.problems.empty());
  EXPECT_NE(ours.problems[0].what.find("lr"), std::string::npos);
  const auto theirs = composeText("pipeline_project: DeepCORO_clip\n" + twice, "a.yaml");
  ASSERT_TRUE(theirs.problems.empty()) << theirs.problems.front().what;
  EXPECT_EQ(theirs.values["optimizer"]["lr"], 3.0);
  const auto texts = textsOf(theirs.notes);
  const auto noted = [&texts](const char* part) {
    return std::any_of(texts.begin(), texts.end(),
                       [part](const std::string& text) { return text.find(part) != std::string::npos; });
  };
  EXPECT_TRUE(noted("pipeline_project"));
  EXPECT_TRUE(noted("!!float"));
  EXPECT_TRUE(noted("overruled")) << texts[0];
}

TEST(Dialect, AsksForTheKeyNotTheWord) {
  using enum ReadOptions::Dialect;
  EXPECT_EQ(dialectOf("pipeline_project: a\n", "x"), LastWins);
  EXPECT_EQ(dialectOf("{pipeline_project: a, b: 1}", "x"), LastWins);
  EXPECT_EQ(dialectOf("a: pipeline_project\nb: {pipeline_project: 1}\n# pipeline_project: 2\n", "x"), OmegaConf);
  EXPECT_EQ(dialectOf("pipeline_project: [\n", "x"), OmegaConf);
}

TEST(Trainable, OneRecipeIsAndTheOthersSayTheyAreNot) {
  EXPECT_NO_THROW(requireTrainable(*schemaOf("echo_text")));
  for (const auto& schema : allSchemas()) {
    if (schema.trainable()) continue;
    const auto made = composeText("recipe: " + schema.recipe() + "\n", "a.yaml");
    const auto texts = textsOf(made.notes);
    EXPECT_EQ(texts, std::vector<std::string>{"this version cannot train " + schema.recipe() + " yet"});
    try {
      requireTrainable(schema);
      ADD_FAILURE() << schema.recipe();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Usage);
      EXPECT_EQ(error.problem(), "this version cannot train " + schema.recipe() + " yet");
    }
  }
}

}  // namespace
}  // namespace counterpoint
