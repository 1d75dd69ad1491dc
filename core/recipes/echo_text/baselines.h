// SPDX-License-Identifier: GPL-3.0-or-later
// What a trained model must beat, on the same split and with the same counting.
#pragma once

#include <map>
#include <string>

#include "core/media/study_table.h"
#include "core/recipes/echo_text/settings.h"

namespace counterpoint {

// baseline/oracle/recall@k: expected text-to-clip recall of one who knows of every clip only the value of `fact` (its
// view, say) and orders equal ones at random. baseline/pixels/recall@k: each text asks with the pixels of the training
// clips that have an equal report (or, without any, with those of the equal `fact`), each clip scored by its nearest
// one (least mean squared difference over what the model gets). baseline/pixels/fact/…: facts of the nearest training
// clip's report.
std::map<std::string, double> baselineMetrics(const EchoTextSettings& settings, const StudyTable& table,
                                              const std::string& split, const std::string& fact);

}  // namespace counterpoint
