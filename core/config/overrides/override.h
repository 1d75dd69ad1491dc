// SPDX-License-Identifier: GPL-3.0-or-later
// One override of the command line ("+db.port=3306", "~x", "lr=choice(0.1,0.2)") as Hydra 1.3.2's grammar reads it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/config/tree/config_error.h"
#include "core/config/tree/node.h"

namespace counterpoint {

// Bounds of what is read; beyond them ConfigError{OverrideSyntax}.
inline constexpr std::size_t kMaxOverrideLength = 1 << 20;
inline constexpr int kMaxOverrideDepth = 200;

struct OverrideSweep;

// A value, or a part of one. Text knows whether it was quoted: a quoted one is written with its quotes again.
struct OverrideElement {
  enum class Quote { None, Single, Double };
  using List = std::vector<OverrideElement>;
  struct Entry;
  using Dict = std::vector<Entry>;
  using Sweep = std::shared_ptr<const OverrideSweep>;
  using Content = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, List, Dict, Sweep>;

  Content content;  // null
  Quote quote = Quote::None;  // of text

  template <typename Kind>
  const Kind* as() const {
    return std::get_if<Kind>(&content);
  }
  bool isNull() const { return std::holds_alternative<std::nullptr_t>(content); }

  // As a value of the config: quotes are gone, an interpolation stays text. Throws ConfigError{KeyValidation} for a
  // null key, {Sweep} for a sweep inside a list or dict.
  ConfigNode node() const;
  // As Hydra writes it after "=": special characters escaped, quotes kept, True, null, lists and dicts without blanks
  // (`spaced`: one after commas and colons). Throws ConfigError{Sweep} where it holds a sweep.
  std::string text(bool spaced = false) const;
};

// Keys may be any scalar, null too; of two that Python holds equal the first stands, with the later value.
struct OverrideElement::Entry {
  OverrideElement key, value;
};

// A value of a config as the element that reads back as it: texts that the grammar would take otherwise are quoted.
OverrideElement elementOf(const ConfigNode& node);

struct OverrideSweep {
  enum class Kind { Choice, Range, Interval, Glob };
  Kind kind = Kind::Choice;
  std::set<std::string> tags{};
  bool shuffle = false;                        // Choice, Range: drawn anew at each enumeration
  bool simple = false;                         // Choice: written "a,b"
  OverrideElement::List choices{};             // Choice
  ConfigScalar start{}, stop{}, step{};        // Range (stop exclusive); Interval: start, stop
  OverrideElement::List include{}, exclude{};  // Glob: shell patterns over the options of the group
};

struct Override {
  enum class Kind { Change, Add, ForceAdd, Delete };

  Kind kind = Kind::Change;
  std::string keyOrGroup;
  std::optional<std::string> package;    // "" for "group@="
  std::optional<OverrideElement> value;  // without one: "~x"
  std::string inputLine;                 // as typed

  bool isDelete() const { return kind == Kind::Delete; }
  bool isAdd() const { return kind == Kind::Add; }
  bool isForceAdd() const { return kind == Kind::ForceAdd; }

  const OverrideSweep* sweep() const;  // null: none
  bool isSweep() const { return sweep() != nullptr; }
  bool isSimpleChoice() const;  // "x=a,b"
  bool isChoiceSweep() const;   // choice, "a,b", glob
  bool isRangeSweep() const;
  bool isIntervalSweep() const;
  bool isGlob() const;
  bool isDiscreteSweep() const { return isChoiceSweep() || isRangeSweep(); }
  // Below hydra. or hydra/
  bool isHydra() const { return keyOrGroup.starts_with("hydra.") || keyOrGroup.starts_with("hydra/"); }

  std::string key() const;         // "group" or "group@package"
  std::string keyElement() const;  // with its "~", "+", "++"
  std::string packageOr(std::string fallback) const { return package.value_or(std::move(fallback)); }

  // Null for "~x". Throws ConfigError{Sweep} for a sweep.
  ConfigNode node() const;
  std::string valueElementText(bool spaced = false) const;  // "null" for "~x"
  // What stands after the first "=" as typed; empty without one.
  std::string_view valueText() const;
};

// Throw ConfigError{OverrideSyntax} in ANTLR's words, with the override, the column and a cure. `shuffleSeed` draws
// the order of "shuffle([1,2,3])", a list that is shuffled where it stands.
Override parseOverride(std::string_view text, std::uint64_t shuffleSeed = 0);
std::vector<Override> parseOverrides(std::span<const std::string> texts, std::uint64_t shuffleSeed = 0);

// Sweeps need `multirun`, and none may be below hydra. Throws ConfigError{Composition}.
void checkSweepsAllowed(std::span<const Override> overrides, bool multirun);

}  // namespace counterpoint
