// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/compare.h"

#include <gtest/gtest.h>

#include "core/base/files.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

std::vector<std::string> keysOf(const std::vector<ConfigComparison::Row>& rows) {
  std::vector<std::string> keys;
  for (const auto& row : rows) keys.push_back(row.key);
  return keys;
}

TEST(Compare, HasEveryKeyOnceInTheOrderOfTheFirst) {
  const auto comparison = compareConfigs({{"a", Json::parse(R"({"seed": 1, "data": {"csv": "x", "list": [1, 2]}})")},
                                          {"b", Json::parse(R"({"data": {"root": "r", "csv": "x", "new": null}})")}});
  EXPECT_EQ(comparison.names, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(keysOf(comparison.rows),
            (std::vector<std::string>{"data.root", "seed", "data.csv", "data.new", "data.list"}));
  EXPECT_FALSE(comparison.rows[1].values[1].has_value());
  ASSERT_TRUE(comparison.rows[3].values[1].has_value());
  EXPECT_TRUE(comparison.rows[3].values[1]->is_null());
  EXPECT_FALSE(differs(comparison.rows[2], 0));
  EXPECT_TRUE(differs(comparison.rows[3], 0)) << "null is not the same as no key";
}

TEST(Compare, TheBaseDecidesOnlyWhatIsComparedWith) {
  const auto comparison = compareConfigs({{"a", {{"lr", 1}}}, {"b", {{"lr", 1.0}}}, {"c", {{"lr", 2}}}});
  ASSERT_EQ(comparison.rows.size(), 1u);
  EXPECT_TRUE(differs(comparison.rows[0], 0));
  EXPECT_TRUE(differs(comparison.rows[0], 2));
  const auto same = compareConfigs({{"a", {{"lr", 1}}}, {"b", {{"lr", 1.0}}}});
  EXPECT_TRUE(differences(same, 0).empty()) << "1 and 1.0 are one number";
}

TEST(Compare, ReadsRecipesAndPlainTrees) {
  const TemporaryFolder folder;
  const auto recipe = folder.path() / "a.yaml";
  writeFileAtomically(recipe, "recipe: echo_text\ndata: {csv: x.csv}\noptimizer: {lrr: 1}\n");
  std::vector<ConfigProblem> problems;
  const Json one = valuesForComparison(recipe, {}, &problems);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].key, "optimizer.lrr");
  const auto comparison =
      compareConfigs({{"a", one}, {"b", valuesForComparison(recipe, {"optimizer.lr=0.5", "seed=7"})}});
  EXPECT_EQ(keysOf(differences(comparison, 0)), (std::vector<std::string>{"seed", "optimizer.lr"}));

  const auto tree = folder.path() / "b.yaml";
  writeFileAtomically(tree, "a: 1\nb: {c: \"${a}\"}\n");
  EXPECT_EQ(valuesForComparison(tree, {"a=3"}), Json::parse(R"({"a": 3, "b": {"c": 3}})"));
}

}  // namespace
}  // namespace counterpoint
