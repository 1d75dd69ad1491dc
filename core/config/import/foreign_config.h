// SPDX-License-Identifier: GPL-3.0-or-later
// What was found in a file of another system, before anybody knows whose it is: a tree of resolved values with places.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.h"
#include "core/config/tree/node.h"

namespace counterpoint {

struct ForeignConfig {
  // Of arguments: names without dashes, "-" as "_"; those of a launcher below "launcher"; NAME=value at the root.
  ConfigNode tree = ConfigNode::dict();
  bool words = false;                          // from arguments and variables
  std::vector<std::string> programs;           // scripts and modules of the command, for recognition
  std::map<std::string, std::string> spelled;  // path -> as written there, where that differs ("--lora_r")
  std::map<std::string, std::string> typed;    // path -> an argument's text before it became a number
  std::map<std::string, std::string> open;     // path -> why its value is not known: "$1 comes from the shell"
  std::set<std::string> variables;             // paths of a script's variables that stand in its arguments
  std::vector<ConfigNote> notes;
  std::string source;

  bool has(std::string_view path) const;
  std::string spelling(const std::string& path) const;
};

// A YAML text, read in its dialect, its interpolations resolved; with a defaults list composed with the file's folder.
ForeignConfig readForeignYaml(const std::filesystem::path& file, const std::vector<std::string>& overrides);

// The commands with arguments of a shell script, each with the variables set before it; consecutive lines of arguments
// alone are one command. Variables alone make one, too. Throws Error{Usage} for unbalanced quotes.
std::vector<ForeignConfig> readForeignWords(std::string_view text, const std::string& source);

}  // namespace counterpoint
