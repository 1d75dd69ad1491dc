// SPDX-License-Identifier: GPL-3.0-or-later
// What OmegaConf answered on generated configs (tests/golden/config/trees.py), row by row. COUNTERPOINT_TREES names a
// folder with files of another seed.
#include "core/base/files.h"
#include "core/config/interpolation/evaluate.h"
#include "core/config/tree/access.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/reader.h"
#include "core/config/tree/types.h"
#include "tests/support/config_printing.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <map>

namespace counterpoint {
namespace {

Json rowsOf(const std::string& name) {
  const char* elsewhere = std::getenv("COUNTERPOINT_TREES");
  const std::string folder = elsewhere ? elsewhere : std::string(COUNTERPOINT_SOURCE_DIR) + "/tests/golden/config";
  return Json::parse(readFile(folder + "/" + name, 1 << 24));
}

ConfigNode flagged(const Json& row, const char* name) {
  ConfigNode node = readConfig(row.at(name).get<std::string>(), name);
  const Json& flags = row.at("flags");
  if (flags.contains("struct")) node.structFlag = flags["struct"].get<bool>();
  if (flags.contains("readonly")) node.readonlyFlag = true;
  return node;
}

ConfigType typeNamed(std::string name) {
  using Kind = ConfigType::Kind;
  const auto inner = [&](std::size_t prefix) { return name.substr(prefix, name.size() - prefix - 1); };
  if (name.starts_with("Optional[")) return ConfigType::optionally(typeNamed(inner(9)));
  if (name.starts_with("List[")) return ConfigType::listOf(typeNamed(inner(5)));
  if (name.starts_with("Dict[")) {
    const std::string both = inner(5);
    const auto comma = both.find(", ");
    return ConfigType::dictOf(typeNamed(both.substr(0, comma)).kind, typeNamed(both.substr(comma + 2)));
  }
  if (name == "Color") return ConfigType::choice("Color", {"red", "green", "blue"});
  const std::map<std::string, Kind> kinds = {
      {"int", Kind::Int}, {"float", Kind::Float}, {"bool", Kind::Bool}, {"str", Kind::Text}, {"Any", Kind::Any}};
  return ConfigType::of(kinds.at(name));
}

// The error by its Python name, or the value.
void expectAnswer(const Json& row, const std::function<ConfigNode()>& work, std::map<std::string, int>& passed) {
  const Json& expected = row.at("expected");
  const std::string kind = row.at("kind");
  try {
    const ConfigNode value = work();
    if (expected.is_object()) {
      ADD_FAILURE() << row << "\nshould be refused, is" << testing::PrintToString(value);
    } else if (value == typedNode(expected)) {
      ++passed[kind];
    } else {
      ADD_FAILURE() << row << "\nis" << testing::PrintToString(value);
    }
  } catch (const ConfigError& error) {
    if (expected.is_object() && expected["error"] == pythonNameOf(error.fault())) {
      ++passed[kind + " refused"];
    } else {
      ADD_FAILURE() << row << "\n" << pythonNameOf(error.fault()) << ": " << error.what();
    }
  }
}

TEST(Trees, AreMergedUpdatedTypedAndResolvedAsOmegaConfDoes) {
  setenv("OMEGA_X", "1", 1);
  unsetenv("OMEGA_NOPE");
  Resolvers resolvers;
  Resolvers::Entry arguments;
  arguments.function = [](const ResolverCall& call) -> ResolverResult {
    ConfigNode list = ConfigNode::list();
    list.items() = call.arguments;
    return list;
  };
  resolvers.add("r", arguments);
  std::map<std::string, int> passed;
  ConfigNode base;
  const Json rows = rowsOf("trees.json");
  for (const auto& row : rows) {
    const std::string kind = row.at("kind");
    const auto text = [&](const char* name) { return row.at(name).get<std::string>(); };
    if (kind == "base") {
      base = readConfig(text("text"), "base");
    } else if (kind == "merge") {
      expectAnswer(
          row,
          [&] {
            ConfigNode dest = flagged(row, "dest");
            merge(dest, readConfig(text("src"), "src"));
            return dest;
          },
          passed);
    } else if (kind == "update") {
      expectAnswer(
          row,
          [&] {
            ConfigNode root = flagged(row, "base");
            update(root, text("path"), readConfigValue(text("value"), "value"),
                   {.merge = row["merge"], .forceAdd = row["force"], .resolvers = nullptr});
            return root;
          },
          passed);
    } else if (kind == "get") {
      expectAnswer(
          row, [&] { return get(flagged(row, "base"), text("path")); }, passed);
    } else if (kind == "erase") {
      expectAnswer(
          row,
          [&] {
            ConfigNode root = flagged(row, "base");
            erase(root, text("path"));
            return root;
          },
          passed);
    } else if (kind == "type") {
      expectAnswer(
          row, [&] { return converted(readConfigValue(text("value"), "value"), typeNamed(text("type"))); }, passed);
    } else if (kind == "interpolation") {
      expectAnswer(
          row,
          [&] {
            ConfigNode root = base;
            root["k"] = ConfigNode(ConfigScalar(text("text")));
            checkInterpolations(root);
            return resolveValue(root, "k", resolvers);
          },
          passed);
    }
  }
  int all = 0;
  for (const auto& [kind, count] : passed) {
    std::printf("%s: %d\n", kind.c_str(), count);
    all += count;
  }
  EXPECT_EQ(all + 1, static_cast<int>(rows.size()));
}

TEST(Trees, AreWrittenByteForByteAsOmegaConfWritesThemAndReadBack) {
  int compared = 0, wanted = 0, back = 0;
  for (const auto& row : rowsOf("written.json")) {
    const ConfigNode node = typedNode(row.at("value"));
    const std::string expected = row.at("expected").get<std::string>();
    ASSERT_EQ(writeConfig(node), expected);
    ++compared;
    // OmegaConf does not read all of its own texts back.
    if (!row.at("back").get<bool>()) continue;
    ++wanted;
    ConfigNode again;
    try {
      again = readConfig(expected, "written");
    } catch (const ConfigError& error) {
      ADD_FAILURE() << error.what() << "\n" << expected;
      continue;
    }
    if (again == node) {
      ++back;
    } else {
      ADD_FAILURE() << "is read back as" << testing::PrintToString(again) << "\nfrom " << expected;
    }
  }
  EXPECT_GE(compared, 400);
  EXPECT_EQ(back, wanted);
}

}  // namespace
}  // namespace counterpoint
