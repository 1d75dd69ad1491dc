// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/base/json.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/node.h"
#include "core/config/tree/scalars.h"

#include <gtest/gtest.h>

#include <cmath>

namespace counterpoint {
namespace {

// The expected value as {"type", "value"} of tests/golden/config/*.json.
ConfigScalar expectedOf(const Json& typed) {
  const std::string type = typed["type"];
  const Json& value = typed["value"];
  if (type == "NoneType") return nullptr;
  if (type == "bool") return value.get<bool>();
  if (type == "int") return value.get<std::int64_t>();
  if (type == "str") return value.get<std::string>();
  return value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
}

Json golden(const std::string& name) {
  return Json::parse(readFile(std::string(COUNTERPOINT_SOURCE_DIR) + "/tests/golden/config/" + name, 1 << 24));
}

TEST(Scalars, YamlWordsMeanWhatOmegaConfMakesOfThem) {
  int compared = 0;
  for (const auto& row : golden("scalars.json")) {
    const std::string text = row["text"];
    if (row["yaml"].contains("error")) {
      EXPECT_THROW(yamlScalar(text), ConfigError) << text;
    } else {
      EXPECT_EQ(ConfigNode(yamlScalar(text)), ConfigNode(expectedOf(row["yaml"]))) << text << " " << row["yaml"];
    }
    ++compared;
  }
  EXPECT_GE(compared, 700);
}

TEST(Scalars, GrammarTokensMeanWhatHydraMakesOfThem) {
  for (const auto& row : golden("scalars.json")) {
    const std::string text = row["text"];
    // A word of several tokens ("1:30", "+") is the parser's to join; a refusal is the lexer's.
    if (row["grammar"].contains("error")) continue;
    const ConfigNode expected(expectedOf(row["grammar"]));
    const auto scalar = grammarScalar(text);
    EXPECT_EQ(scalar ? ConfigNode(*scalar) : ConfigNode(ConfigScalar(text)), expected) << text << " " << row["grammar"];
  }
}

TEST(Scalars, ANumberBeyond64BitsIsRefused) {
  EXPECT_THROW(yamlScalar("9223372036854775808"), ConfigError);
  EXPECT_THROW(grammarScalar("9223372036854775808"), ConfigError);
  EXPECT_EQ(yamlScalar("-9223372036854775808"), ConfigScalar(std::numeric_limits<std::int64_t>::min()));
}

TEST(ConfigNode, KeepsOrderAndFindsAmongMany) {
  ConfigNode dict = ConfigNode::dict();
  for (int i = 0; i < 1000; ++i) dict["key" + std::to_string(999 - i)] = ConfigNode(ConfigScalar(std::int64_t{i}));
  EXPECT_EQ(dict.size(), 1000u);
  EXPECT_EQ(dict.members().front().key.text(), "key999");
  ASSERT_NE(dict.find("key0"), nullptr);
  EXPECT_EQ(*dict.find("key0"), ConfigNode(ConfigScalar(std::int64_t{999})));
  EXPECT_TRUE(dict.erase("key500"));
  EXPECT_FALSE(dict.erase("key500"));
  EXPECT_EQ(dict.find("key500"), nullptr);
  EXPECT_EQ(*dict.find("key0"), ConfigNode(ConfigScalar(std::int64_t{999})));
}

TEST(ConfigNode, KeysOfOneNumberAreOneKeyAsInPython) {
  ConfigNode dict = ConfigNode::dict();
  dict[ConfigKey(ConfigScalar(std::int64_t{1}))] = "whole";
  dict[ConfigKey(ConfigScalar(1.0))] = "float";
  dict[ConfigKey(ConfigScalar(true))] = "truth";
  dict["1"] = "text";
  EXPECT_EQ(dict.size(), 2u);
  EXPECT_EQ(dict.find(ConfigKey(ConfigScalar(std::int64_t{1})))->text(), "truth");
  EXPECT_THROW(ConfigKey(ConfigScalar(nullptr)), Error);
}

TEST(ConfigNode, AnInterpolationIsAnUnescapedDollarBrace) {
  EXPECT_TRUE(ConfigNode("a ${b}").isInterpolation());
  EXPECT_TRUE(ConfigNode(R"(\\${b})").isInterpolation());
  EXPECT_FALSE(ConfigNode(R"(\${b})").isInterpolation());
  EXPECT_TRUE(ConfigNode(R"(\${b} ${c})").isInterpolation());
  EXPECT_FALSE(ConfigNode("$b").isInterpolation());
  EXPECT_TRUE(ConfigNode("???").isMissing());
}

TEST(ConfigNode, NumbersAreWrittenAsPythonWritesThem) {
  EXPECT_EQ(pythonText(1.0), "1.0");
  EXPECT_EQ(pythonText(1e-5), "1e-05");
  EXPECT_EQ(pythonText(0.0001), "0.0001");
  EXPECT_EQ(pythonText(1e16), "1e+16");
  EXPECT_EQ(pythonText(123456789012345.0), "123456789012345.0");
  EXPECT_EQ(pythonText(-0.0), "-0.0");
  EXPECT_EQ(pythonText(ConfigScalar(nullptr)), "None");
  EXPECT_EQ(pythonText(ConfigScalar(true)), "True");
}

}  // namespace
}  // namespace counterpoint
