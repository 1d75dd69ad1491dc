// SPDX-License-Identifier: GPL-3.0-or-later
// What two keys of a config must be to one another: a table beside the schema, read by check, form and launch.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"

namespace counterpoint {

enum class KeyRelation {
  AtMost,         // key <= other
  MultipleOf,     // key is divisible by other
  BothOrNeither,  // both are null, or none is
  NotBothZero,
};

struct KeyRule {
  std::string key;
  KeyRelation relation;
  std::string other;
  std::string when{};                  // a Choice; empty: always
  std::vector<std::string> choices{};  // of `when` with which the rule counts
};

struct BrokenRule {
  std::string what, cure;
};

// What is wrong with complete `values` by this rule, if anything.
std::optional<BrokenRule> check(const KeyRule& rule, const Json& values);

}  // namespace counterpoint
