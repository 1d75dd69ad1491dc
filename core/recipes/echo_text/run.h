// SPDX-License-Identifier: GPL-3.0-or-later
// The recipe echo_text as a run: trains into a run folder, evaluates from one.
#pragma once

#include "core/recipes/recipe.h"

namespace counterpoint {

bool trainEchoText(const TrainingRun& run);
std::map<std::string, double> evaluateEchoText(const EvaluationRun& run);

}  // namespace counterpoint
