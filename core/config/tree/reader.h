// SPDX-License-Identifier: GPL-3.0-or-later
// A YAML text as a config tree, read as OmegaConf 2.3 reads it (PyYAML's YAML 1.1): typed scalars and keys, tags,
// anchors, `<<` merges, positions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/config/tree/node.h"

namespace counterpoint {

// What a reader put up with.
struct ReadNote {
  TextPosition position;
  std::string text;  // "the key \"lr\" of line 3 is overruled"
};

struct ReadOptions {
  enum class Dialect {
    OmegaConf,  // a key twice in one map is an error
    LastWins,   // as yaml.safe_load: the last one counts; each is noted
  };
  Dialect dialect = Dialect::OmegaConf;
  ConfigOrigin::Layer layer = ConfigOrigin::Layer::File;  // of every node's origin
  std::vector<ReadNote>* notes = nullptr;
};

// Throws ConfigError with "SOURCE, line L, column C": Yaml (no YAML, a key twice, several documents, a number as root,
// a bound of yaml_guard.h passed), KeyValidation (null as a key), Grammar (an interpolation that does not parse). Empty
// text is {}, a bare text S is {S: null}; a list may be the root (composition refuses it). Each node has one origin:
// `layer`, `source`, place of its value (of its key where the value is empty or a block).
ConfigNode readConfig(std::string_view text, const std::string& source, const ReadOptions& options = {});

// A text with the key pipeline_project at its root is DeepCORO's, which reads its files with yaml.safe_load: LastWins.
// Everything else, and what is no YAML, is OmegaConf's. Costs one more reading of a text that has the word in it.
ReadOptions::Dialect dialectOf(std::string_view text, const std::string& source);
inline constexpr std::string_view kPipelineProject = "pipeline_project";

// The same for a value alone (a scalar stays a scalar): "[1, a]", "1e3".
ConfigNode readConfigValue(std::string_view text, const std::string& source, const ReadOptions& options = {});

}  // namespace counterpoint
