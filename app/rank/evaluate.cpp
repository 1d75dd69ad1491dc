// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <iostream>

#include "app/rank/model_place.h"
#include "app/rank/progress_line.h"
#include "app/rank/work.h"
#include "core/config/workspace.h"
#include "core/recipes/recipe.h"

namespace counterpoint {

int runEvaluate(const EvaluateOptions& options, const Context& context) {
  const auto chosen = chooseModel(options.model, options.device, options.overrides);
  EvaluationRun run{RunFolder(chosen.place.run), chosen.place.checkpoint, chosen.config.values(),
                    workspaceOf(chosen.place.run)};
  run.split = options.split;
  run.device = chosen.device;
  run.shuffleFrames = options.shuffleFrames;
  run.baselineFact = options.baselineFact;
  run.seed = options.seed;
  ProgressLine line("evaluate " + options.split);
  run.progress = [&](std::size_t done, std::size_t total) { line.show(done, total); };
  const auto metrics = recipeNamed(chosen.config.recipe()).evaluate(run);
  if (context.json) {
    Json answer = Json::object();
    for (const auto& [name, value] : metrics) answer[name] = numberToJson(value);
    std::cout << answer.dump(2) << "\n";
  } else {
    for (const auto& [name, value] : metrics) std::cout << fmt::format("{:<52} {:>10.4f}\n", name, value);
  }
  return 0;
}

}  // namespace counterpoint
