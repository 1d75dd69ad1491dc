// SPDX-License-Identifier: GPL-3.0-or-later
// Composition against hydra-core's own answers: the spec's tables and random trees, one runner for all.
#include "core/config/compose/compose.h"
#include "core/base/files.h"
#include "core/config/tree/config_error.h"
#include "tests/support/config_tree.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

Json cases(const std::string& name) {
  return Json::parse(readFile(std::string(COUNTERPOINT_SOURCE_DIR) + "/tests/golden/config/" + name, 1 << 24));
}

std::string oneLine(const ConfigNode& node) { return toJson(node).dump(); }

std::string listOf(const Composed& made) {
  Json list = Json::array();
  for (const auto& one : made.defaults.defaults) {
    if (one.configPath.starts_with("hydra/")) continue;
    list.push_back({one.configPath, one.package, one.isSelf, one.parent ? Json(*one.parent) : Json()});
  }
  return list.dump();
}

Json choicesOf(const Composed& made) {
  Json choices = Json::object();
  for (const auto& [key, option] : made.defaults.choices) {
    if (!key.starts_with("hydra/")) choices[key] = option ? Json(*option) : Json();
  }
  return choices;
}

void compareResolved(const Composed& made, const Json& row) {
  if (row.contains("resolved")) {
    EXPECT_EQ(made.resolvedTask(), fromJson(row["resolved"])) << oneLine(made.resolvedTask());
  } else if (row.contains("resolved_error")) {
    EXPECT_THROW(made.resolvedTask(), ConfigError);
  }
}

void compareRefusal(const ConfigError& error, const Json& row) {
  const std::string kind = row["error"];
  if (kind != "any") {
    EXPECT_EQ(std::string(pythonNameOf(error.fault())), kind) << error.what();
  }
  if (row.contains("text")) {
    EXPECT_NE(error.problem().find(row["text"].get<std::string>()), std::string::npos)
        << error.problem() << "\nwanted: " << row["text"];
  }
}

struct Tally {
  int rows = 0, refusals = 0;
};

Tally runCases(const std::string& name) {
  Tally tally;
  for (const auto& row : cases(name)) {
    SCOPED_TRACE(fmt::format("{} row {} {}: {} {}\n{}", name, tally.rows, row.value("id", ""), row["config"].dump(),
                             row["overrides"].dump(), row["files"].dump(1)));
    ++tally.rows;
    const ConfigTree tree(row["files"]);
    auto request = tree.request(row["config"], row["overrides"]);
    request.versionBase = VersionBase::parse(row.value("version", ""));
    const bool isRefusal = row.contains("error");
    tally.refusals += isRefusal;
    try {
      const Composed made = compose(request);
      EXPECT_FALSE(isRefusal) << row["error"] << " " << row.value("text", "") << "\ngot " << oneLine(made.task);
      if (isRefusal) continue;
      EXPECT_EQ(made.task, fromJson(row["data"])) << "got    " << oneLine(made.task) << "\nwanted " << row["data"];
      EXPECT_EQ(listOf(made), row["list"].dump());
      EXPECT_EQ(choicesOf(made), row["choices"]);
      EXPECT_EQ(made.hydra.find("job")->find("override_dirname")->text(), row["dirname"].get<std::string>());
      if (row.contains("run")) {
        EXPECT_EQ(*made.hydra.find("run"), fromJson(row["run"]));
      }
      compareResolved(made, row);
    } catch (const ConfigError& error) {
      EXPECT_TRUE(isRefusal) << "refused: " << error.what();
      if (isRefusal) compareRefusal(error, row);
    }
  }
  return tally;
}

TEST(Compose, AppliesOverridesAsTableC) { EXPECT_EQ(runCases("table_c.json").rows, 40); }

TEST(Compose, MakesDefaultsListsAsTableD) { EXPECT_EQ(runCases("table_d.json").rows, 50); }

TEST(Compose, RandomTreesGiveWhatHydraGives) {
  const Tally tally = runCases("compose.json");
  EXPECT_GE(tally.rows, 300);
  EXPECT_GE(tally.refusals, tally.rows / 4);
}

// Cases of another seed: COUNTERPOINT_COMPOSE_CASES names their file.
TEST(Compose, CasesOfAnotherSeed) {
  const char* file = std::getenv("COUNTERPOINT_COMPOSE_CASES");
  if (!file) GTEST_SKIP() << "COUNTERPOINT_COMPOSE_CASES is not set";
  const Tally tally = runCases(fs::relative(file, std::string(COUNTERPOINT_SOURCE_DIR) + "/tests/golden/config"));
  EXPECT_GT(tally.rows, 0);
}

}  // namespace
}  // namespace counterpoint
