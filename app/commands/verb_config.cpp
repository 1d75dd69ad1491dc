// SPDX-License-Identifier: GPL-3.0-or-later
// config check, config reference.
#include "app/commands/verbs.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/json.h"
#include "core/base/words.h"
#include "core/config/config.h"
#include "core/config/import/import.h"
#include "core/config/lookup.h"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>

namespace counterpoint {
namespace {

struct ConfigOptions {
  std::string config, directory;
  std::vector<std::string> overrides;
};

struct ReferenceOptions {
  std::string recipe;
};

void addConfigOptions(CLI::App& command, ConfigOptions& options) {
  command.add_option("config", options.config, "Name in the workspace's configs or in ours, or a file")
      ->required()
      ->type_name("NAME|FILE");
  command.add_option("overrides", options.overrides, "key=value on top of it")->type_name("OVERRIDE");
  command.add_option("--config-dir", options.directory, "The one folder to look names up in")->type_name("DIR");
}

std::filesystem::path fileOf(const ConfigOptions& options) {
  return findConfig(options.config, configRoots(Workspace::find(std::filesystem::current_path()), options.directory));
}

Composition composeOf(const ConfigOptions& options, const std::filesystem::path& file) {
  return composeFile(file, options.overrides);
}

Json jsonOf(const ConfigProblem& problem) {
  return {{"key", problem.key},   {"line", problem.position.line}, {"source", problem.source},
          {"what", problem.what}, {"cure", problem.cure},          {"unknown_key", problem.unknownKey}};
}

Json jsonOf(const ConfigNote& note) {
  return {{"key", note.key}, {"line", note.position.line}, {"source", note.source}, {"text", note.text}};
}

// A file without a recipe may be another system's own.
void noteSystem(const std::filesystem::path& file, Composition& made) {
  try {
    const auto report = importConfig(file);
    made.notes.push_back(
        {"recipe",
         {},
         file.string(),
         fmt::format("a file of {}: counterpoint-worker config import {}", report.title, file.string())});
  } catch (const Error&) {
    // of nobody; the problem says what is missing
  }
}

int runCheck(const ConfigOptions& options, const Context& context) {
  const auto file = fileOf(options);
  auto made = composeOf(options, file);
  if (!made.schema) noteSystem(file, made);
  if (context.json) {
    Json list = Json::array();
    for (const auto& problem : made.problems) list.push_back(jsonOf(problem));
    Json notes = Json::array();
    for (const auto& note : made.notes) notes.push_back(jsonOf(note));
    std::cout << Json{{"config", file.string()}, {"problems", list}, {"notes", notes}}.dump(2) << "\n";
  } else {
    for (const auto& note : made.notes) std::cout << fmt::format("info: {}: {}\n", note.where(), note.text);
    for (const auto& problem : made.problems) std::cout << describe(errorOf(problem)) << "\n";
    if (made.problems.empty()) {
      std::cout << fmt::format("{}: no problems, {} keys\n", file.string(), made.schema->keys().size());
    }
  }
  return made.problems.empty() ? 0 : static_cast<int>(ErrorKind::Usage);
}

void addReferenceOptions(CLI::App& command, ReferenceOptions& options) {
  command.add_option("recipe", options.recipe, "The recipe; all without it")->type_name("RECIPE");
}

int runReference(const ReferenceOptions& options, const Context&) {
  if (!options.recipe.empty() && !schemaOf(options.recipe)) {
    std::vector<std::string> known;
    for (const auto& schema : allSchemas()) known.push_back(schema.recipe());
    throw usageError("there is no recipe " + options.recipe, {}, "Known: " + join(known, ", ") + ".");
  }
  for (const auto& schema : allSchemas()) {
    if (options.recipe.empty() || schema.recipe() == options.recipe) std::cout << schemaReference(schema);
  }
  return 0;
}

}  // namespace

std::vector<Verb> configVerbs() {
  return {
      configShowVerb(),
      plainVerb<ConfigOptions>({"config check", "Configs", "every problem of a config, with its line",
                                "config check configs/echo_text.yaml", true},
                               addConfigOptions, runCheck),
      plainVerb<ReferenceOptions>({"config reference", "Configs", "every key of a recipe: type, default, range, help",
                                   "config reference echo_text", false},
                                  addReferenceOptions, runReference),
      configSweepVerb(),
      configDiffVerb(),
      configImportVerb(),
  };
}

}  // namespace counterpoint
