// SPDX-License-Identifier: GPL-3.0-or-later
// What may stand at a place of a config's text or of an override: keys, choices, options of groups, with their help.
// The text may be half written: nesting is read from the indentation, never parsed.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/schema.h"

namespace counterpoint {

struct CompletionKnowledge {
  const Schema* schema = nullptr;            // null: only recipes and groups are known
  std::vector<std::filesystem::path> roots;  // whose folders are groups; no file is opened
};

struct CompletionCandidate {
  enum class Kind { Key, Section, Choice, Group, Option, Config };
  Kind kind = Kind::Key;
  std::string text;  // stands in place of what is typed from Completions::from on
  std::string help;  // one line, or empty
};

struct Completions {
  std::size_t from = 0;  // bytes from the start of the line (of the override)
  // Begin with what is typed, in the order of the schema; keys that the section has already are left out.
  std::vector<CompletionCandidate> candidates;
};

// `line` from 1, `column` the bytes before the cursor. Bounds are clamped. Cost: one pass over the text.
Completions completeYaml(std::string_view text, int line, std::size_t column, const CompletionKnowledge& knowledge);

// One override without its quotes of the shell, the cursor at its end: "opt", "~data.", "optimizer.name=a", "x=a,b".
Completions completeOverride(std::string_view typed, const CompletionKnowledge& knowledge);

// The dotted path of the key that stands in `line` (from 1) or that the line's value belongs to; empty where none is.
std::string yamlPathAt(std::string_view text, int line);

// "above 0, at most 1; default 3e-4": range, unit and default in one line.
std::string limitsText(const SchemaKey& key);

}  // namespace counterpoint
