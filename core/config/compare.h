// SPDX-License-Identifier: GPL-3.0-or-later
// Configs beside one another, key by key: what `config diff` and the window's compare view show.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/config/config.h"

namespace counterpoint {

struct NamedValues {
  std::string name;  // shown above its column
  Json values;       // nested objects
};

struct ConfigComparison {
  struct Row {
    std::string key;                          // dotted path of a leaf; a list and an empty map are leaves
    std::vector<std::optional<Json>> values;  // one for each config; nothing where it has no such key
  };
  std::vector<std::string> names;
  // All keys, in the order of the first config; a key that only later ones have stands behind the one before it there.
  std::vector<Row> rows;
};

ConfigComparison compareConfigs(const std::vector<NamedValues>& configs);

// True if any config has another value than the one at `base`. Numbers are compared as numbers: 1 is 1.0.
bool differs(const ConfigComparison::Row& row, std::size_t base);

// The rows that differ.
std::vector<ConfigComparison::Row> differences(const ConfigComparison& comparison, std::size_t base);

// A config file's values as far as they are right, complete where it names a recipe; else composed as Hydra composes
// it, resolved. What is wrong with it comes in `problems`, if given. Throws Error for a file that gives no values.
Json valuesForComparison(const std::filesystem::path& file, const std::vector<std::string>& overrides = {},
                         std::vector<ConfigProblem>* problems = nullptr);

}  // namespace counterpoint
