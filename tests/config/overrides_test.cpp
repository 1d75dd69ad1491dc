// SPDX-License-Identifier: GPL-3.0-or-later
// Against hydra-core 1.3.2: generated overrides and sweeps (tests/golden/config/overrides.py). Rows of another seed:
// COUNTERPOINT_OVERRIDE_ROWS=FOLDER.
#include "core/base/files.h"
#include "core/base/json.h"
#include "core/config/overrides/override.h"
#include "core/config/overrides/sweep.h"
#include "tests/support/golden.h"
#include "tests/support/override_json.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

namespace counterpoint {
namespace {

Json rowsOf(const std::string& name) {
  const char* folder = std::getenv("COUNTERPOINT_OVERRIDE_ROWS");
  return Json::parse(readFile((folder ? std::filesystem::path(folder) : goldenFolder("config")) / name, 1 << 28));
}

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

TEST(Overrides, ReadAsHydraReadsThem) {
  int accepted = 0, refused = 0, wordings = 0;
  for (const auto& row : rowsOf("overrides.json")) {
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
  std::cout << accepted << " accepted, " << refused << " refused, " << wordings << " of them in the same words\n";
  EXPECT_GE(accepted, 400);
  EXPECT_GE(refused * 4, accepted + refused);
  EXPECT_GE(wordings * 100, refused * 95);
}

TEST(Overrides, SweepsListHydrasJobs) {
  const std::vector<std::string> options = {"B",    "adafactor", "adam", "adamw", "c-d",     "c_d", "lamb", "lars",
                                            "lion", "r1",        "r10",  "r2",    "rmsprop", "sgd", "x.y",  "été"};
  int accepted = 0, refused = 0;
  for (const auto& row : rowsOf("sweeps.json")) {
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
  std::cout << accepted << " sweeps, " << refused << " refused\n";
  EXPECT_GE(accepted + refused, 120);
  EXPECT_GE(accepted, 80);
}

}  // namespace
}  // namespace counterpoint
