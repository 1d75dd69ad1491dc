// SPDX-License-Identifier: GPL-3.0-or-later
// Against hydra-core 1.3.2: generated overrides and sweeps (tests/golden/config/overrides.py). Rows of another seed:
// COUNTERPOINT_OVERRIDE_ROWS=FOLDER.
#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/json.h"
#include "core/config/overrides/override.h"
#include "core/config/overrides/sweep.h"
#include "tests/support/golden.h"
#include "tests/support/override_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace counterpoint {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Json rowsOf(const std::string& name) {
  const char* folder = std::getenv("COUNTERPOINT_OVERRIDE_ROWS");
  return Json::parse(readFile((folder ? std::filesystem::path(folder) : goldenFolder("config")) / name, 1 << 28));
}

Json tableOf(const std::string& name) { return Json::parse(readFile(goldenFolder("config") / name, 1 << 24)); }

std::string_view pythonNameOf(Override::Kind kind) {
  switch (kind) {
    case Override::Kind::Change: return "CHANGE";
    case Override::Kind::Add: return "ADD";
    case Override::Kind::ForceAdd: return "FORCE_ADD";
    case Override::Kind::Delete: return "DEL";
  }
  return {};
}

bool isDrawn(const std::string& text) { return text.find("shuffle") != std::string::npos; }

// The row's keys, of our answer.
Json answerTo(const std::string& text) {
  Json row{{"text", text}};
  const Override parsed = parseOverride(text);
  row["kind"] = pythonNameOf(parsed.kind);
  row["key"] = parsed.keyOrGroup;
  row["package"] = parsed.package ? Json(*parsed.package) : Json();
  row["value"] = parsed.value ? typedJson(*parsed.value) : Json();
  row["sweep"] = parsed.isSweep();
  const bool plainSweep = parsed.isSweep() && !parsed.isGlob();
  try {
    if (plainSweep) throw ConfigError(ConfigFault::Sweep, "");
    row["written"] = parsed.valueElementText();
    row["spaced"] = parsed.valueElementText(true);
  } catch (const ConfigError&) {
    row["unwritable"] = true;
  }
  return row;
}

// What stands before the part that Python words for itself: the set of expected tokens, the repr of arguments.
std::string sayingOf(const std::string& error) {
  for (const std::string_view cut : {" expecting ", "Invalid arguments: ", "mismatch type argument "}) {
    if (const auto at = error.find(cut); at != std::string::npos) return error.substr(0, at);
  }
  return error;
}

struct Tally {
  int accepted = 0, refused = 0, wordings = 0;
};

Tally compareOverrides(const Json& rows) {
  Tally tally;
  auto& [accepted, refused, wordings] = tally;
  for (const auto& row : rows) {
    const std::string text = row["text"];
    if (row.contains("error")) {
      ++refused;
      try {
        ADD_FAILURE() << text << " was taken as " << answerTo(text).dump() << ", not refused: " << row["error"];
      } catch (const ConfigError& error) {
        EXPECT_EQ(error.fault(), ConfigFault::OverrideSyntax) << text << " " << error.what();
        EXPECT_NE(error.where().find("column"), std::string::npos) << error.what();
        const std::string wanted = sayingOf(row["error"]);
        const bool same = error.problem().find(wanted) != std::string::npos;
        if (!same && std::getenv("COUNTERPOINT_OVERRIDE_WORDS")) {
          std::cerr << text << "\n  " << wanted << "\n  " << error.problem() << "\n";
        }
        wordings += same;
      }
      continue;
    }
    ++accepted;
    try {
      Json answer = answerTo(text);
      Json wanted = row;
      wanted.erase("id");
      if (isDrawn(text)) {
        for (Json* side : {&answer, &wanted}) {
          for (const char* key : {"value", "written", "spaced"}) {
            if (!side->contains(key)) continue;
            (*side)[key] = withoutOrder((*side)[key]);
          }
        }
      }
      EXPECT_EQ(answer, wanted);
    } catch (const ConfigError& error) {
      ADD_FAILURE() << text << " was refused: " << error.what() << ", not taken as " << row.dump();
    }
  }
  return tally;
}

TEST(Overrides, ReadAsHydraReadsThem) {
  const auto [accepted, refused, wordings] = compareOverrides(rowsOf("overrides.json"));
  std::cout << accepted << " accepted, " << refused << " refused, " << wordings << " of them in the same words\n";
  EXPECT_GE(accepted, 400);
  EXPECT_GE(refused * 4, accepted + refused);
  EXPECT_GE(wordings * 100, refused * 95);
}

// Rows of the spec's tables; an error holds the fragment that the table quotes.
TEST(Overrides, ReadTheTablesOfValuesAndKeys) {
  for (const auto& [name, least] : {std::pair{"override_table_a.json", 100}, std::pair{"override_table_b.json", 14}}) {
    const auto [accepted, refused, wordings] = compareOverrides(tableOf(name));
    EXPECT_GE(accepted + refused, least) << name;
    EXPECT_EQ(wordings, refused) << name;
  }
}

Tally compareSweeps(const Json& rows) {
  const std::vector<std::string> options = {"B",    "adafactor", "adam", "adamw", "c-d",     "c_d", "lamb", "lars",
                                            "lion", "r1",        "r10",  "r2",    "rmsprop", "sgd", "x.y",  "été"};
  Tally tally;
  auto& [accepted, refused, wordings] = tally;
  for (const auto& row : rows) {
    SweepOptions sweep;
    for (const auto& pair : row["params"]) sweep.params.emplace_back(pair[0], pair[1]);
    if (!row["batch"].is_null()) sweep.maxBatchSize = row["batch"].get<std::int64_t>();
    sweep.groupOptions = [&](const std::string& group) {
      return group == "db" || group == "g/sub" ? options : std::vector<std::string>();
    };
    Json jobs = Json::array(), batches = Json::array();
    try {
      const auto overrides = parseOverrides(row["overrides"].get<std::vector<std::string>>());
      const SweepPlan plan(overrides, sweep);
      jobs = sweepJobs(overrides, sweep);
      for (const auto& [first, last] : plan.batches()) batches.push_back(last - first);
      EXPECT_EQ(plan.size(), jobs.size());
    } catch (const ConfigError& error) {
      ++refused;
      EXPECT_TRUE(row.contains("error")) << row.dump() << " was refused: " << error.what();
      if (row.contains("error")) {
        EXPECT_NE(error.problem().find(row["error"].get<std::string>()), std::string::npos) << error.what();
      }
      continue;
    }
    ++accepted;
    EXPECT_FALSE(row.contains("error")) << row.dump() << " was taken";
    if (row.contains("error")) continue;
    EXPECT_EQ(batches, row["batches"]) << row.dump();
    const bool drawn = isDrawn(row["overrides"].dump());
    EXPECT_EQ(drawn ? withoutOrder(jobs) : jobs, drawn ? withoutOrder(row["jobs"]) : row["jobs"]) << row.dump();
  }
  return tally;
}

TEST(Overrides, SweepsListHydrasJobs) {
  const auto [accepted, refused, wordings] = compareSweeps(rowsOf("sweeps.json"));
  std::cout << accepted << " sweeps, " << refused << " refused\n";
  EXPECT_GE(accepted + refused, 120);
  EXPECT_GE(accepted, 80);
}

TEST(Overrides, SweepsOfTheTableListTheirJobs) {
  const auto [accepted, refused, wordings] = compareSweeps(tableOf("override_table_g.json"));
  EXPECT_EQ(accepted, 24);
  EXPECT_EQ(refused, 4);
}

TEST(Overrides, ASweepNeedsMultirun) {
  const auto said = [](const std::string& text, bool multirun) -> std::string {
    try {
      const std::vector overrides = {parseOverride(text)};
      checkSweepsAllowed(overrides, multirun);
      return "";
    } catch (const ConfigError& error) {
      EXPECT_EQ(error.fault(), ConfigFault::Composition);
      return error.what();
    }
  };
  EXPECT_THAT(said("x=1,2", false), AllOf(HasSubstr("Ambiguous value for argument 'x=1,2'"), HasSubstr("1. "),
                                          HasSubstr("2. "), HasSubstr("3. ")));
  EXPECT_THAT(said("x=choice(1,2)", false), HasSubstr("Sweep parameters 'x=choice(1,2)' requires --multirun"));
  EXPECT_THAT(said("x=range(3)", false), HasSubstr("requires --multirun"));
  EXPECT_EQ(said("x=[1,2]", false), "");
  EXPECT_EQ(said("x=1,2", true), "");
}

TEST(Overrides, WhatIsTooMuchIsRefusedAtOnce) {
  const double before = steadySeconds();
  const auto planOf = [](std::vector<std::string> texts) { return SweepPlan(parseOverrides(texts)).size(); };
  EXPECT_EQ(planOf({"a=range(1000)", "b=range(1000)"}), 1'000'000u);
  EXPECT_THROW(planOf({"a=range(1000)", "b=range(1001)"}), ConfigError);
  EXPECT_THROW(planOf({"a=range(9000000000000000000)"}), ConfigError);
  EXPECT_THROW(planOf({"a=range(0,inf,1.0)"}), ConfigError);
  EXPECT_THROW(planOf({"a=range(0,1e300,1e-300)"}), ConfigError);
  EXPECT_THROW(planOf({"a=range(0,5,0)"}), ConfigError);
  EXPECT_THROW(planOf({"a=range(0,5,0.0)"}), ConfigError);
  EXPECT_EQ(planOf({"a=range(1000)", "b=range(0)"}), 0u);
  EXPECT_THROW(parseOverride("a=" + std::string(100'000, '[')), ConfigError);
  EXPECT_THROW(parseOverride("a=" + std::string(kMaxOverrideLength, 'x')), ConfigError);
  EXPECT_NO_THROW(
      parseOverride("a=" + std::string(kMaxOverrideDepth - 1, '[') + std::string(kMaxOverrideDepth - 1, ']')));
  EXPECT_THROW(parseOverride("a=9223372036854775808"), ConfigError);
  const auto jobs = sweepJobs(parseOverrides(std::vector<std::string>{"a=range(0,100,0.1)", "b=x"}));
  EXPECT_EQ(jobs.size(), 1000u);
  EXPECT_LT(steadySeconds() - before, 10);
}

TEST(Overrides, AnErrorNamesColumnAndCure) {
  try {
    parseOverride("é.a=1");
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.where(), HasSubstr("column 1"));
  }
  try {
    parseOverride("a='é' x");
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.where(), HasSubstr("column 6"));
    EXPECT_FALSE(error.cure().empty());
  }
}

TEST(Overrides, AnyValueIsWrittenSoThatItReadsBack) {
  const Json values = Json::parse(
      R"json([1, -2.5, 1e-6, true, null, "", "x", "true", "null", "1e3", "12", "a b", " a ", "it's", "\\'", "\\",
    "#1", "a=b", "a,b", "[x]", "{x}", "${seed}", "é", "日本", "a/b.pt", "-", "a\\", "'", "\"", "x y, z", "choice(a,b)",
    [1, "two", [3.5, "#"]], {"a": 1, "b_c": {"d": "true"}}, [], {}])json");
  for (const Json& value : values) {
    const std::string text = "key=" + elementOf(fromJson(value)).text();
    EXPECT_EQ(parseOverride(text).node(), fromJson(value)) << text;
  }
}

TEST(Overrides, AShuffleIsDrawnFromItsSeed) {
  const std::vector overrides = {parseOverride("a=shuffle(range(20))")};
  const auto jobsOf = [&](std::uint64_t seed) {
    SweepOptions options;
    options.seed = seed;
    return sweepJobs(overrides, options);
  };
  EXPECT_EQ(jobsOf(1), jobsOf(1));
  EXPECT_NE(jobsOf(1), jobsOf(2));
}

}  // namespace
}  // namespace counterpoint
