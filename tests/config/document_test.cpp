// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/document.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/config/config.h"

namespace counterpoint {
namespace {

const std::string kText = R"(# Über alles: ein Kommentar mit Umlauten — und mehr
recipe: echo_text   # what

data:
  # where the clips are
  csv: 'data/studies.csv'
  crop: [0, 0, 0.5, 1]  # left half

  size: 112
optimizer: {lr: 1e-3, betas: [0.9, 0.98]}  # flow
train:
  epochs:  10      # passes

  batch_size: 16
launch:
# the end
)";

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) all.push_back(line);
  return all;
}

// Lines that one edit changed, as "-old" and "+new", found from both ends.
std::vector<std::string> difference(const std::string& before, const std::string& after) {
  auto a = lines(before), b = lines(after);
  while (!a.empty() && !b.empty() && a.back() == b.back()) a.pop_back(), b.pop_back();
  std::size_t first = 0;
  while (first < a.size() && first < b.size() && a[first] == b[first]) ++first;
  std::vector<std::string> changes;
  for (std::size_t i = first; i < a.size(); ++i) changes.push_back("-" + a[i]);
  for (std::size_t i = first; i < b.size(); ++i) changes.push_back("+" + b[i]);
  return changes;
}

using Changes = std::vector<std::string>;

Changes afterSet(const std::string& path, const Json& value) {
  const ConfigDocument document(kText);
  return difference(kText, document.set(path, value, schemaOf("echo_text")).applyTo(kText));
}

Changes afterRemove(const std::string& path) {
  return difference(kText, ConfigDocument(kText).remove(path).applyTo(kText));
}

TEST(ConfigDocument, OneKeyIsOneLineAndCommentsStay) {
  EXPECT_EQ(afterSet("train.epochs", 3), (Changes{"-  epochs:  10      # passes", "+  epochs:  3      # passes"}));
  EXPECT_EQ(afterSet("data.csv", "a b.csv"), (Changes{"-  csv: 'data/studies.csv'", "+  csv: 'a b.csv'"}));
  EXPECT_EQ(afterSet("data.crop", Json::array({0.0, 0.0, 1.0, 1.0})),
            (Changes{"-  crop: [0, 0, 0.5, 1]  # left half", "+  crop: [0.0, 0.0, 1.0, 1.0]  # left half"}));
  EXPECT_EQ(afterSet("optimizer.lr", 3e-4), (Changes{"-optimizer: {lr: 1e-3, betas: [0.9, 0.98]}  # flow",
                                                     "+optimizer: {lr: 0.0003, betas: [0.9, 0.98]}  # flow"}));
  EXPECT_EQ(afterSet("data.size", 112), Changes{});
}

TEST(ConfigDocument, AMissingKeyComesInItsPlace) {
  EXPECT_EQ(afterSet("seed", 7), (Changes{"+seed: 7"}));
  EXPECT_EQ(afterSet("data.frames", 8), (Changes{"+  frames: 8"}));
  const ConfigDocument document(kText);
  const std::string after = document.set("data.frames", 8, schemaOf("echo_text")).applyTo(kText);
  EXPECT_EQ(ConfigDocument(after).lineOf("data.frames"), 7);  // after csv, before crop
  EXPECT_EQ(afterSet("model.video.backbone", "mvit"), (Changes{"+model:", "+  video:", "+    backbone: mvit"}));
  EXPECT_EQ(afterSet("launch.ranks", 2), (Changes{"+  ranks: 2"}));
  EXPECT_EQ(afterSet("optimizer.weight_decay", 0.5),
            (Changes{"-optimizer: {lr: 1e-3, betas: [0.9, 0.98]}  # flow",
                     "+optimizer: {lr: 1e-3, betas: [0.9, 0.98], weight_decay: 0.5}  # flow"}));
}

TEST(ConfigDocument, RemovingTakesTheLineAlone) {
  EXPECT_EQ(afterRemove("data.size"), (Changes{"-  size: 112"}));
  EXPECT_EQ(afterRemove("optimizer.lr"), (Changes{"-optimizer: {lr: 1e-3, betas: [0.9, 0.98]}  # flow",
                                                  "+optimizer: {betas: [0.9, 0.98]}  # flow"}));
  EXPECT_EQ(afterRemove("optimizer.betas"),
            (Changes{"-optimizer: {lr: 1e-3, betas: [0.9, 0.98]}  # flow", "+optimizer: {lr: 1e-3}  # flow"}));
  EXPECT_EQ(afterRemove("no.such.key"), Changes{});
}

TEST(ConfigDocument, KnowsWhichKeyStandsWhere) {
  const ConfigDocument document(kText);
  EXPECT_EQ(document.lineOf("data.crop"), 7);
  EXPECT_EQ(document.keyAt(7), "data.crop");
  EXPECT_EQ(document.keyAt(4), "data");
  EXPECT_EQ(document.keyAt(3), "");
  EXPECT_EQ(document.valueText("train.epochs"), "10");
}

TEST(ConfigDocument, BlocksBecomeOneLineAndBlockScalarsAreWhole) {
  const std::string text = "a:\n  - 1\n  - 2\n# kept\nb: |\n  one\n  two\n\nc: 3\n";
  EXPECT_EQ(ConfigDocument(text).set("a", Json::array({3})).applyTo(text),
            "a: [3]\n# kept\nb: |\n  one\n  two\n\nc: 3\n");
  EXPECT_EQ(ConfigDocument(text).set("b", "x").applyTo(text), "a:\n  - 1\n  - 2\n# kept\nb: x\n\nc: 3\n");
  EXPECT_EQ(ConfigDocument("").set("a.b", 1).applyTo(""), "a:\n  b: 1\n");
  EXPECT_EQ(ConfigDocument("a: 1").set("b", 1).applyTo("a: 1"), "a: 1\nb: 1\n");
  EXPECT_EQ(ConfigDocument("a: 1\r\nc: 2\r\n").set("a", 5).applyTo("a: 1\r\nc: 2\r\n"), "a: 5\r\nc: 2\r\n");
  EXPECT_THROW(ConfigDocument("a: 1").set("a.b", 1), Error);
  EXPECT_THROW(ConfigDocument("a: [1"), Error);
}

// Any sequence of edits leaves text that reads back as the values that were set, and never loses a comment.
TEST(ConfigDocument, ManyRandomEditsReadBack) {
  const Schema& schema = *schemaOf("echo_text");
  Random random(3);
  std::string text = kText;
  std::map<std::string, Json> wanted;
  for (int i = 0; i < 300; ++i) {
    const auto& key = schema.keys()[random.below(schema.keys().size())];
    if (key.path == "recipe" || key.path == "data.csv" || key.fallback.is_null()) continue;
    const ConfigDocument document(text);
    if (random.below(4) == 0) {
      text = document.remove(key.path).applyTo(text);
      wanted.erase(key.path);
    } else {
      text = document.set(key.path, key.fallback, &schema).applyTo(text);
      wanted[key.path] = key.fallback;
    }
    const ConfigDocument after(text);
    const auto made = composeText(text, "edited.yaml");
    ASSERT_TRUE(made.problems.empty()) << made.problems.front().what << "\n" << text;
    for (const auto& [path, value] : wanted) {
      ASSERT_EQ(yamlText(made.values.at(Json::json_pointer("/" +
                                                           [&] {
                                                             std::string pointer = path;
                                                             std::replace(pointer.begin(), pointer.end(), '.', '/');
                                                             return pointer;
                                                           }()))),
                yamlText(value))
          << path << "\n"
          << text;
      ASSERT_TRUE(after.contains(path)) << path;
    }
  }
  EXPECT_NE(text.find("# where the clips are"), std::string::npos);
  EXPECT_NE(text.find("# the end"), std::string::npos);
}

}  // namespace
}  // namespace counterpoint
