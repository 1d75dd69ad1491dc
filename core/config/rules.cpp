// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/words.h"

namespace counterpoint {
namespace {

const Json& at(const Json& values, const std::string& path) {
  const Json* node = &values;
  for (const auto& part : split(path, '.')) node = &node->at(part);
  return *node;
}

}  // namespace

std::optional<BrokenRule> check(const KeyRule& rule, const Json& values) {
  if (!rule.when.empty()) {
    const auto chosen = at(values, rule.when).get<std::string>();
    if (std::find(rule.choices.begin(), rule.choices.end(), chosen) == rule.choices.end()) return std::nullopt;
  }
  const Json& one = at(values, rule.key);
  const Json& other = at(values, rule.other);
  const auto say = [&](const char* what, const char* cure) {
    return BrokenRule{fmt::format(fmt::runtime(what), rule.key, one.dump(), rule.other, other.dump()),
                      fmt::format(fmt::runtime(cure), rule.key, one.dump(), rule.other, other.dump())};
  };
  switch (rule.relation) {
    case KeyRelation::AtMost:
      if (one.get<double>() <= other.get<double>()) return std::nullopt;
      return say("{0} is {1}, more than {2}, which is {3}", "Lower {0} or raise {2}.");
    case KeyRelation::MultipleOf:
      if (one.get<std::int64_t>() % other.get<std::int64_t>() == 0) return std::nullopt;
      return say("{0} is {1}, no multiple of {2}, which is {3}", "Change one of them.");
    case KeyRelation::BothOrNeither:
      if (one.is_null() == other.is_null()) return std::nullopt;
      return say("{0} is {1}, but {2} is {3}", "Give both, or neither.");
    case KeyRelation::NotBothZero:
      if (one.get<double>() != 0 || other.get<double>() != 0) return std::nullopt;
      return say("{0} and {2} are both 0: nothing would be learnt", "Raise one of them.");
  }
  return std::nullopt;
}

}  // namespace counterpoint
