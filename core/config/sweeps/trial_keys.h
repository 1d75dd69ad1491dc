// SPDX-License-Identifier: GPL-3.0-or-later
// From a sweep file's parameters to the keys of our configs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/config/schema.h"
#include "core/config/sweeps/sweep_file.h"

namespace counterpoint {

// Why a parameter, or one of its values, cannot be swept.
struct SweepProblem {
  std::string key;
  std::string where;  // "FILE, line 12"
  std::string what, cure;

  std::string line() const;
};

struct SweepFit {
  SweepFile file;                      // parameters by our keys; what does not fit is gone
  std::vector<std::string> renamed;    // "lr is optimizer.lr here"
  std::vector<SweepProblem> problems;  // what is gone, and why
};

// Renames DeepCORO's names of parameters and metrics to ours where the schema lacks them, and tries every value, or
// the ends of its range, on the schema.
SweepFit fitToSchema(SweepFile file, const Schema& schema);

// "optimizer.lr=5e-05": numbers read back exactly.
std::vector<std::string> overridesOf(const SweepFile& file, const TrialValues& values);

}  // namespace counterpoint
