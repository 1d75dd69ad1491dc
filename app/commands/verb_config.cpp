// SPDX-License-Identifier: GPL-3.0-or-later
// config reference, and the list of the verbs of configs.
#include "app/commands/verbs.h"

#include "core/base/error.h"
#include "core/base/words.h"
#include "core/config/config.h"

#include <iostream>

namespace counterpoint {
namespace {

struct ReferenceOptions {
  std::string recipe;
};

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
      configCheckVerb(),
      plainVerb<ReferenceOptions>({"config reference", "Configs", "every key of a recipe: type, default, range, help",
                                   "config reference echo_text", false},
                                  addReferenceOptions, runReference),
      configSweepVerb(),
      configDiffVerb(),
      configImportVerb(),
  };
}

}  // namespace counterpoint
