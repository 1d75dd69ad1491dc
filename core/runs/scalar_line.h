// SPDX-License-Identifier: GPL-3.0-or-later
// The common line of events.jsonl, read without building JSON values: ten million of them in seconds.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace counterpoint {

struct ScalarLine {
  double time = 0, epoch = 0;
  int attempt = 0;
  std::int64_t step = 0;
  std::vector<std::pair<std::string_view, double>> values;  // names point into the line
};

// True when `line` is a scalar event of plain shape: the members of ARCHITECTURE.md in any order, names without
// escapes. False for everything else, which only means that the general reader must look at it.
bool parseScalarLine(std::string_view line, ScalarLine& result);

}  // namespace counterpoint
