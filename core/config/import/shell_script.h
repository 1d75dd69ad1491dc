// SPDX-License-Identifier: GPL-3.0-or-later
// The simple commands of a shell script as words: quotes, escapes, continued lines, comments, redirections, and the
// values of variables that the script itself sets. Nothing is run; loops and conditions are passed through as written.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/yaml_reader.h"

namespace counterpoint {

struct ScriptWord {
  std::string text;  // with variables put in
  TextPosition position;
  bool open = false;  // holds something that only a shell knows: $1, $(date), a variable from outside
};

struct ScriptAssignment {
  std::string name;
  ScriptWord value;
};

struct ScriptCommand {
  std::vector<ScriptAssignment> assignments;  // NAME=value before the words, or of export
  std::vector<ScriptWord> words;              // without those, and without redirections
};

struct ShellScript {
  std::vector<ScriptCommand> commands;
  std::set<std::string> used;  // variables of the script that were put into a word
};

// Throws Error{Usage} for a quote that does not end.
ShellScript readShell(std::string_view text, const std::string& source);

}  // namespace counterpoint
