// SPDX-License-Identifier: GPL-3.0-or-later
// The groups of a composed config with what each can be: drop-downs of the window.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/config/compose/compose.h"

namespace counterpoint {

struct GroupChoice {
  std::string key;                    // as an override names it: "db", "db@backup"
  std::string group;                  // "db"
  std::optional<std::string> chosen;  // nothing for "group: null"
  std::vector<std::string> options;   // sorted
};

// In the order of the defaults tree, each once; without Hydra's own groups and those with a list of options.
std::vector<GroupChoice> groupChoices(const Composed& composed);

// The folders of configs that `composed` was made from, in the order of the search path.
std::vector<std::filesystem::path> configFoldersOf(const Composed& composed);

}  // namespace counterpoint
