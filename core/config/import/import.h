// SPDX-License-Identifier: GPL-3.0-or-later
// Other systems' config files as ours. Which system a file is of is told from its content; each key of it is in the
// report exactly once, by itself or within a map that became one key.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.h"

namespace counterpoint {

struct ImportLine {
  enum class Kind {
    Kept,     // same name, same value
    Renamed,  // another name, same value
    Fixed,    // another value, and why
    Added,    // not in the file: what the other system does where nothing is said
    Dropped,  // has no like here, and why
  };
  Kind kind = Kind::Kept;
  std::string from;  // as spelled there: "trainer_config.learning_rate", "--lora_r", "MAX_NUM"; empty where Added
  std::string to;    // our key; empty where Dropped
  Json was, value;   // there and here; secrets masked
  std::string why;   // one sentence; may be empty where Kept or Renamed
  TextPosition position;
  std::string source;
};

std::string_view wordOf(ImportLine::Kind kind);  // "kept", "renamed", …

struct ImportReport {
  std::string system, title;            // "deepcoro", "DeepCORO"
  std::string recipe;                   // ours
  Json values = Json::object();         // nested; what was given or added alone, in the order of the schema
  std::string yaml;                     // the same as a config of ours, with a line that says where it comes from
  std::vector<ImportLine> lines;        // in the order of the file, then what was added
  std::vector<ConfigNote> notes;        // a key given twice, a tag, a command that was left alone
  std::vector<ConfigProblem> problems;  // of the result under our schema; empty where it can be used as it is
};

// A YAML file (a defaults list is composed first, overrides on top), a shell script or a file of arguments or
// NAME=value lines; a folder: its config.yaml or only YAML file composed, or UniIR's files together. Throws
// Error{Usage} for what is of no known system, naming what is looked for; Error{Data} for what cannot be read.
ImportReport importConfig(const std::filesystem::path& fileOrFolder, const std::vector<std::string>& overrides = {});

}  // namespace counterpoint
