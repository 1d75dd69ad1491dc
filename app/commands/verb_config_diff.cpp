// SPDX-License-Identifier: GPL-3.0-or-later
// config diff: the keys in which configs and runs differ.
#include "app/commands/launch_config.h"
#include "app/commands/verbs.h"

#include "core/base/error.h"
#include "core/base/words.h"
#include "core/config/compare.h"
#include "core/config/lookup.h"
#include "core/runs/run_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

struct ConfigDiffOptions {
  std::vector<std::string> words;
  std::string directory;
  std::size_t base = 1;
};

void addDiffOptions(CLI::App& command, ConfigDiffOptions& options) {
  command
      .add_option("configs", options.words, "Configs, files and runs; key=value behind one is an override of that one")
      ->required()
      ->type_name("NAME|FILE|RUN|OVERRIDE");
  command.add_option("--config-dir", options.directory, "The one folder to look names up in")->type_name("DIR");
  command.add_option("--base", options.base, "Which of them the others are compared with; 1 is the first")
      ->type_name("NUMBER")
      ->check(CLI::PositiveNumber);
}

struct Side {
  std::string name;  // as given
  std::vector<std::string> overrides;
};

std::vector<Side> sidesOf(const std::vector<std::string>& words) {
  std::vector<Side> sides;
  std::error_code code;
  for (const auto& word : words) {
    const bool isOverride = word.find('=') != std::string::npos || word.starts_with('~');
    if (!isOverride || fs::exists(word, code)) {
      sides.push_back({word, {}});
    } else if (sides.empty()) {
      throw usageError("an override stands behind the config that it is for", word, "config diff A key=value B");
    } else {
      sides.back().overrides.push_back(word);
    }
  }
  if (sides.size() < 2) throw usageError("name two configs or more", {}, "config diff echo_text echo_text seed=2");
  return sides;
}

// A config's file; where no config has that name, of a run as other verbs name it.
fs::path fileOf(const std::string& name, const Workspace& workspace, const std::string& directory) {
  std::error_code code;
  if (fs::is_directory(name, code)) {
    const auto file = fs::path(name) / "config.yaml";
    if (!fs::exists(file, code)) throw usageError("this folder has no config.yaml", name, "Name a run or a config.");
    return file;
  }
  try {
    return findConfig(name, configRoots(workspace, directory));
  } catch (const Error&) {
    try {
      return findRun(workspace.runs, name).config();
    } catch (const Error&) {
    }
    throw;  // the nearest config
  }
}

std::string cellOf(const std::optional<Json>& value) { return value ? yamlText(*value) : "-"; }

void print(const ConfigComparison& comparison, const std::vector<ConfigComparison::Row>& rows) {
  std::vector<std::vector<std::string>> table = {{"key"}};
  table[0].insert(table[0].end(), comparison.names.begin(), comparison.names.end());
  for (const auto& row : rows) {
    table.push_back({row.key});
    for (const auto& value : row.values) table.back().push_back(cellOf(value));
  }
  std::vector<std::size_t> widths(table[0].size());
  for (const auto& line : table) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  for (const auto& line : table) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
      text += i + 1 == line.size() ? line[i] : fmt::format("{:<{}}  ", line[i], widths[i]);
    }
    std::cout << text << "\n";
  }
}

int runDiff(const ConfigDiffOptions& options, const Context& context) {
  const auto sides = sidesOf(options.words);
  if (options.base > sides.size()) {
    throw usageError(fmt::format("there are {} configs", sides.size()), "--base", "Count from 1.");
  }
  const Workspace workspace = currentWorkspace();
  std::vector<NamedValues> configs;
  for (const auto& side : sides) {
    std::vector<ConfigProblem> problems;
    const auto file = fileOf(side.name, workspace, options.directory);
    const Json values = valuesForComparison(file, side.overrides, &problems);
    for (const auto& problem : problems) std::cerr << "warning: " << describe(errorOf(problem)) << "\n";
    const std::string with = side.overrides.empty() ? "" : " " + join(side.overrides, " ");
    configs.push_back({side.name + with, values});
  }
  const auto comparison = compareConfigs(configs);
  const std::size_t base = options.base - 1;
  const auto rows = differences(comparison, base);
  if (context.json) {
    Json list = Json::array();
    for (const auto& row : rows) {
      Json values = Json::array();
      for (const auto& value : row.values) values.push_back(value ? Json{{"value", *value}} : Json::object());
      list.push_back({{"key", row.key}, {"values", values}});
    }
    std::cout
        << Json{{"configs", comparison.names}, {"base", base}, {"keys", comparison.rows.size()}, {"rows", list}}.dump(2)
        << "\n";
  } else if (rows.empty()) {
    std::cout << fmt::format("no differences in {} keys\n", comparison.rows.size());
  } else {
    print(comparison, rows);
  }
  return 0;
}

}  // namespace

Verb configDiffVerb() {
  return plainVerb<ConfigDiffOptions>({"config diff", "Configs", "the keys in which configs and runs differ",
                                       "config diff echo_text echo_text optimizer.lr=3e-4", true},
                                      addDiffOptions, runDiff);
}

}  // namespace counterpoint
