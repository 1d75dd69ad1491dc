// SPDX-License-Identifier: GPL-3.0-or-later
// Reading YAML as OmegaConf does (tests/golden/config/yaml_cases.py), positions, dialects and hostile texts.
#include "core/config/tree/reader.h"
#include "core/base/files.h"
#include "core/config/interpolation/evaluate.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/yaml_guard.h"
#include "tests/support/config_printing.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>

#include <cstdlib>
#include <ctime>
#include <functional>

namespace counterpoint {
namespace {

using testing::HasSubstr;

Json rowsOf(const std::string& name) {
  const char* elsewhere = std::getenv("COUNTERPOINT_TREES");
  const std::string folder = elsewhere ? elsewhere : std::string(COUNTERPOINT_SOURCE_DIR) + "/tests/golden/config";
  return Json::parse(readFile(folder + "/" + name, 1 << 24));
}

// The number of rows that are answered as OmegaConf answered.
int countSame(const Json& rows, const std::function<ConfigNode(const Json&)>& work) {
  int same = 0;
  for (const auto& row : rows) {
    const Json& expected = row.at("expected");
    try {
      const ConfigNode value = work(row);
      if (expected.is_array() && value == typedNode(expected)) {
        ++same;
      } else {
        ADD_FAILURE() << row << "\nis" << testing::PrintToString(value);
      }
    } catch (const ConfigError& error) {
      if (expected.is_object() && expected["error"] == pythonNameOf(error.fault())) {
        ++same;
      } else {
        ADD_FAILURE() << row << "\n" << pythonNameOf(error.fault()) << ": " << error.what();
      }
    }
  }
  return same;
}

TEST(Reader, ReadsWhatOmegaConfReads) {
  const int same = countSame(rowsOf("yaml_cases.json"),
                             [](const Json& row) { return readConfig(row["text"].get<std::string>(), "f"); });
  EXPECT_GE(same, 450);
}

TEST(Interpolations, InConfigsOfTheirOwnMeanWhatOmegaConfSays) {
  const int same = countSame(rowsOf("interpolation_cases.json"), [](const Json& row) {
    return resolveValue(readConfig(row["text"].get<std::string>(), "f"), row["path"].get<std::string>(), Resolvers());
  });
  EXPECT_GE(same, 16);
}

TEST(Interpolations, NowIsOneTimeForAllJobsThatShareTheResolvers) {
  std::int64_t time = 86400 * 365;
  HydraResolverOptions options;
  options.secondsSinceEpoch = [&time] { return time; };
  Resolvers resolvers;
  addHydraResolvers(resolvers, options);
  const ConfigNode root = readConfig("a: ${now:%Y}\nb: ${now:%Y}\nc: ${python_version:major}", "f");
  EXPECT_EQ(resolveValue(root, "a", resolvers).text(), "1971");
  time *= 3;
  EXPECT_EQ(resolveValue(root, "b", resolvers).text(), "1971");
  EXPECT_EQ(resolveValue(root, "c", resolvers).text(), "3");
  resolvers.clearCache();
  EXPECT_NE(resolveValue(root, "b", resolvers).text(), "1971");
}

TEST(Reader, KnowsWhereEachValueStands) {
  const ConfigNode root = readConfig("a: 1\nb:\n  - x\n  -   {c: '${a}'}\nd:\n", "conf/my.yaml");
  const auto placeOfValue = [](const ConfigNode& node) {
    const auto& origin = node.origins.at(0);
    return *origin.source + ":" + std::to_string(origin.position.line) + ":" + std::to_string(origin.position.column);
  };
  EXPECT_EQ(placeOfValue(*root.find("a")), "conf/my.yaml:1:4");
  EXPECT_EQ(placeOfValue(root.find("b")->items()[1]), "conf/my.yaml:4:7");
  EXPECT_EQ(placeOfValue(*root.find("b")->items()[1].find("c")), "conf/my.yaml:4:11");
  EXPECT_EQ(placeOfValue(*root.find("d")), "conf/my.yaml:5:1");
}

TEST(Reader, TellsBothLinesOfADuplicateOrNotesIt) {
  const std::string text = "lr: 1\nx: 2\nlr: 3\n";
  try {
    readConfig(text, "f");
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("f, line 3, column 1: found duplicate key lr: it stands in line 1 already"));
  }
  std::vector<ReadNote> notes;
  ReadOptions options;
  options.dialect = ReadOptions::Dialect::LastWins;
  options.notes = &notes;
  EXPECT_EQ(*readConfig(text, "f", options).find("lr"), ConfigNode(ConfigScalar(std::int64_t{3})));
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(notes[0].position.line, 3);
}

std::string repeated(std::string_view piece, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += piece;
  return text;
}

TEST(Reader, HostileTextsEndInAnErrorFast) {
  std::string indented;
  for (int i = 0; i < 1000; ++i) indented += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    laughs += fmt::format("a{}: &a{} [{}*a{}]\n", i, i, repeated(fmt::format("*a{}, ", i - 1), 8), i - 1);
  }
  const std::vector<std::pair<std::string, std::string>> texts = {
      {repeated("[", 10000), "levels"},
      {repeated("{a: ", 10000), "levels"},
      {repeated("[a, ", 10000), "levels"},
      {repeated("- ", 10000), "levels"},
      {repeated("? ", 10000), "levels"},
      {indented, "levels"},
      {laughs, "values"},
      {repeated("- a\n", kMostYamlBytes / 4), "values"},
      {std::string(100 << 20, 'a'), "larger than 1 MB"},
      {"&a [*a]", "line 1, column 5"},
      {std::string("a: \0", 4), "column 4: holds zero bytes"},
      {"a: b\nb: \xff", "line 2, column 4: the byte 0xFF"},
      {"a: \xc3(", "is no UTF-8"},
      {"a: \xed\xa0\x80", "is no UTF-8"},
      {std::string("\xff\xfe"
                   "a\0",
                   4),
       "UTF-16"},
      {"a:\n\tb: 1", "line 2"},
      {"a: \x07", "U+0007"},
      {"a: 'x", "illegal EOF"},
      {std::string(kMostYamlBytes, '\''), "is no YAML"},
      {"a: '" + repeated("${", 100000) + "'", "where no more than 100 levels"},
  };
  for (const auto& [text, said] : texts) {
    const std::clock_t begin = std::clock();
    try {
      readConfig(text, "f");
      ADD_FAILURE() << text.substr(0, 40) << " is read";
    } catch (const ConfigError& error) {
      EXPECT_THAT(error.what(), HasSubstr(said)) << text.substr(0, 40);
    }
    EXPECT_LT(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC, 1.0) << text.substr(0, 40);
  }
  struct rusage usage {};
  getrusage(RUSAGE_SELF, &usage);
  // The 100 MB text itself, and its copy in the table, are part of it.
  EXPECT_LT(usage.ru_maxrss / 1024, 200 + 300);
}

TEST(Interpolations, HostileOnesEndInAnErrorFast) {
  const auto chained = [](const char* form, int count) {
    std::string text = "a0: x\n";
    for (int i = 1; i < count; ++i)
      text += fmt::format("a{}: ", i) + fmt::format(fmt::runtime(form), i - 1, i - 1) + "\n";
    return text;
  };
  for (const std::string& text :
       {chained("'${{a{}}}${{a{}}}'", 60), chained("['${{a{}}}', '${{a{}}}']", 60), chained("'${{a{}}}'", 5000),
        std::string("a: ${b.x}\nb: ${a.x}\n"), std::string("a: {x: '${b}'}\nb: {y: '${a}'}\n")}) {
    const ConfigNode root = readConfig(text, "f");
    const std::clock_t begin = std::clock();
    try {
      resolveAll(root, Resolvers());
      ADD_FAILURE() << text.substr(0, 60) << " is resolved";
    } catch (const ConfigError& error) {
      EXPECT_EQ(error.fault(), ConfigFault::InterpolationResolution) << error.what();
      EXPECT_THAT(error.what(), HasSubstr("nterpolation"));
    }
    EXPECT_LT(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC, 1.0) << text.substr(0, 60);
  }
}

}  // namespace
}  // namespace counterpoint
