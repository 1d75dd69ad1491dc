// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipes/recipe.h"

#include "core/base/error.h"
#include "core/base/words.h"
#include "core/recipes/echo_text/run.h"

namespace counterpoint {

std::span<const Recipe> recipes() {
  static constexpr Recipe kRecipes[] = {
      {"echo_text", "Clips and reports: contrastive plus captioning (DeepCORO's multitask)", trainEchoText,
       evaluateEchoText},
  };
  return kRecipes;
}

const Recipe& recipeNamed(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& recipe : recipes()) {
    if (recipe.name == name) return recipe;
    names.emplace_back(recipe.name);
  }
  const std::string nearest = nearestWord(name, names);
  throw usageError("there is no recipe \"" + name + "\"", "recipe",
                   nearest.empty() ? "There are: " + join(names, ", ") + "." : "Did you mean " + nearest + "?");
}

}  // namespace counterpoint
