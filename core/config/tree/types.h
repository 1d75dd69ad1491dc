// SPDX-License-Identifier: GPL-3.0-or-later
// Declared types beside a config tree, with the conversions of OmegaConf's typed nodes: "7" fits an int, "yes" a bool.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config/tree/node.h"

namespace counterpoint {

class Resolvers;

// "NoneType", "int", "str", "ListConfig": as OmegaConf's and Hydra's texts name it.
std::string_view pythonTypeOf(const ConfigNode& node);

struct ConfigType {
  enum class Kind { Any, Bool, Int, Float, Text, Choice, List, Dict, Struct };
  struct Field;

  Kind kind = Kind::Any;
  bool optional = false;                                      // takes null
  std::string name;                                           // of a Choice or a Struct: "Color", "Optimizer"
  std::vector<std::pair<std::string, std::int64_t>> choices;  // of a Choice: names and their numbers, as in an Enum
  Kind key = Kind::Any;                                       // of a Dict's keys: Any, Bool, Int, Float, Text
  std::shared_ptr<const ConfigType> element;                  // of a List's items, a Dict's values; null: Any
  std::vector<Field> fields;                                  // of a Struct: no other key is allowed

  static ConfigType of(Kind kind);
  static ConfigType optionally(ConfigType type);
  static ConfigType listOf(ConfigType element);
  static ConfigType dictOf(Kind key, ConfigType element);
  static ConfigType choice(std::string name, const std::vector<std::string>& names);  // numbers from 1
  // "int", "Optional[int]", "List[str]", "Dict[str, float]", "Color".
  std::string text() const;
};

struct ConfigType::Field {
  std::string name;
  ConfigType type;
};

// The value as that type holds it. "???" and interpolations pass as they are. Throws ConfigError{Validation}
// "Value 'x' of type 'str' could not be converted to Integer" with the full key, {KeyValidation}, {Key} (a key that a
// Struct has not).
ConfigNode converted(ConfigNode value, const ConfigType& type, const std::string& fullKey = {});

// merge(dest, src) where dest is declared as `type`: what comes from src is converted; dest is unchanged on a throw.
void mergeTyped(ConfigNode& dest, const ConfigNode& src, const ConfigType& type, const Resolvers* resolvers = nullptr);

}  // namespace counterpoint
