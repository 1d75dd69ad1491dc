// SPDX-License-Identifier: GPL-3.0-or-later
// The functions of the override grammar: casts, sweeps, sort, shuffle, tag, glob; and Python's order and numbers that
// they rest on.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/base/random.h"
#include "core/config/overrides/override.h"

namespace counterpoint {

// What Python raises there: "ValueError" and its sentence.
struct PythonFault {
  std::string type, what, cure{};
};

struct OverrideCall {
  std::string name;
  std::vector<OverrideElement> positional{};
  std::vector<std::pair<std::string, OverrideElement>> named{};
};

// Throws PythonFault. `random` draws the order of a shuffled list.
OverrideElement callOverrideFunction(OverrideCall call, Random& random);

enum class OverrideCast { Int, Float, Text, Bool };
OverrideElement castOverride(OverrideCast cast, const OverrideElement& value);

// Python's sorted(): stable; a TypeError for what has no order.
OverrideElement::List sortedOverrides(const OverrideElement::List& list, bool reverse);
OverrideSweep sortedRange(OverrideSweep range, bool reverse);

// The class Python would name: NoneType, str, ChoiceSweep.
std::string pythonTypeOf(const OverrideElement& value);

}  // namespace counterpoint
