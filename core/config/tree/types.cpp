// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/tree/types.h"

#include "core/base/words.h"
#include "core/config/interpolation/evaluate.h"
#include "core/config/interpolation/grammar.h"
#include "core/config/tree/access.h"
#include "core/config/tree/python_numbers.h"
#include "core/config/tree/tree_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace counterpoint {

std::string_view pythonTypeOf(const ConfigNode& node) {
  switch (node.kind()) {
    case ConfigNode::Kind::Null: return "NoneType";
    case ConfigNode::Kind::Bool: return "bool";
    case ConfigNode::Kind::Int: return "int";
    case ConfigNode::Kind::Float: return "float";
    case ConfigNode::Kind::Text: return "str";
    case ConfigNode::Kind::List: return "ListConfig";
    case ConfigNode::Kind::Dict: return "DictConfig";
  }
  return {};
}

namespace {

using Kind = ConfigType::Kind;

[[noreturn]] void refuse(const ConfigNode& value, const ConfigType& type, const std::string& key) {
  const std::string shown = pythonStr(value);
  std::string_view name = type.kind == Kind::Int ? "Integer" : type.kind == Kind::Float ? "Float" : "";
  std::string cure;
  if (type.kind == Kind::Choice) {
    std::vector<std::string> names;
    for (const auto& [choice, number] : type.choices) names.push_back(choice);
    cure = "One of " + join(names, ", ") + ".";
  }
  throw ConfigError(ConfigFault::Validation,
                    fmt::format("Value '{}' of type '{}' could not be converted to {}", shown, pythonTypeOf(value),
                                name.empty() ? type.text() : std::string(name)),
                    whereOf(key, &value), cure);
}

bool isTrueWord(const std::string& word) { return word == "yes" || word == "y" || word == "on" || word == "true"; }
bool isFalseWord(const std::string& word) { return word == "no" || word == "n" || word == "off" || word == "false"; }

ConfigScalar leafOf(const ConfigNode& value, const ConfigType& type, const std::string& key) {
  const ConfigScalar scalar = value.scalar();
  const auto* text = std::get_if<std::string>(&scalar);
  const auto* whole = std::get_if<std::int64_t>(&scalar);
  const auto* truth = std::get_if<bool>(&scalar);
  const auto* number = std::get_if<double>(&scalar);
  switch (type.kind) {
    case Kind::Int:
      if (whole) return scalar;
      if (text) {
        if (const auto parsed = pythonInt(*text)) return *parsed;
      }
      break;
    case Kind::Float:
      if (number) return scalar;
      if (whole) return static_cast<double>(*whole);
      if (text) {
        if (const auto parsed = pythonFloat(*text)) return *parsed;
      }
      break;
    case Kind::Bool:
      if (truth) return scalar;
      if (whole) return *whole != 0;
      if (text) {
        if (const auto parsed = pythonInt(*text)) return *parsed != 0;
        const std::string word = lowerAscii(*text);
        if (isTrueWord(word)) return true;
        if (isFalseWord(word)) return false;
      }
      break;
    case Kind::Text: return pythonText(scalar);
    case Kind::Choice: {
      for (const auto& [choice, code] : type.choices) {
        if (text && (*text == choice || *text == type.name + "." + choice)) return choice;
        if (whole && *whole == code) return choice;
      }
      // Python's bools are whole numbers, its dict of an Enum's values takes 1.0 for 1.
      break;
    }
    default: break;
  }
  refuse(value, type, key);
}

ConfigKey keyOf(const ConfigKey& key, Kind kind, const std::string& fullKey) {
  const ConfigScalar& scalar = key.scalar();
  const bool isInt = std::holds_alternative<std::int64_t>(scalar), isBool = std::holds_alternative<bool>(scalar);
  switch (kind) {
    case Kind::Text:
      if (key.isText()) return key;
      break;
    // In Python a bool is an int.
    case Kind::Int:
      if (isInt || isBool) return key;
      break;
    case Kind::Float:
      if (std::holds_alternative<double>(scalar)) return key;
      break;
    case Kind::Bool:
      if (key == ConfigKey(ConfigScalar(false))) return ConfigKey(ConfigScalar(false));
      if (key == ConfigKey(ConfigScalar(true))) return ConfigKey(ConfigScalar(true));
      break;
    default: return key;
  }
  throw ConfigError(ConfigFault::KeyValidation,
                    fmt::format("Key {} is incompatible with ({})", key.text(), ConfigType::of(kind).text()), fullKey);
}

// Containers keep flags and origins.
ConfigNode emptyLike(const ConfigNode& node) {
  ConfigNode empty = node.isList() ? ConfigNode::list() : ConfigNode::dict();
  empty.structFlag = node.structFlag;
  empty.readonlyFlag = node.readonlyFlag;
  empty.origins = node.origins;
  return empty;
}

}  // namespace

ConfigType ConfigType::of(Kind kind) {
  ConfigType type;
  type.kind = kind;
  return type;
}

ConfigType ConfigType::optionally(ConfigType type) {
  type.optional = true;
  return type;
}

ConfigType ConfigType::listOf(ConfigType element) {
  ConfigType type = of(Kind::List);
  type.element = std::make_shared<const ConfigType>(std::move(element));
  return type;
}

ConfigType ConfigType::dictOf(Kind key, ConfigType element) {
  ConfigType type = of(Kind::Dict);
  type.key = key;
  type.element = std::make_shared<const ConfigType>(std::move(element));
  return type;
}

ConfigType ConfigType::choice(std::string name, const std::vector<std::string>& names) {
  ConfigType type = of(Kind::Choice);
  type.name = std::move(name);
  for (std::size_t i = 0; i < names.size(); ++i) type.choices.emplace_back(names[i], static_cast<std::int64_t>(i) + 1);
  return type;
}

std::string ConfigType::text() const {
  const auto inner = [this] { return element ? element->text() : "Any"; };
  const auto plain = [&]() -> std::string {
    switch (kind) {
      case Kind::Any: return "Any";
      case Kind::Bool: return "bool";
      case Kind::Int: return "int";
      case Kind::Float: return "float";
      case Kind::Text: return "str";
      case Kind::List: return fmt::format("List[{}]", inner());
      case Kind::Dict: return fmt::format("Dict[{}, {}]", of(key).text(), inner());
      default: return name;
    }
  };
  return optional && kind != Kind::Any ? fmt::format("Optional[{}]", plain()) : plain();
}

ConfigNode converted(ConfigNode value, const ConfigType& type, const std::string& fullKey) {
  if (type.kind == Kind::Any || value.isMissing()) return value;
  if (value.isText() && needsEvaluation(value.text())) return value;
  if (value.isNull()) {
    if (type.optional) return value;
    refuse(value, type, fullKey);
  }
  const bool wantsDict = type.kind == Kind::Dict || type.kind == Kind::Struct;
  if (wantsDict || type.kind == Kind::List) {
    if (wantsDict ? !value.isDict() : !value.isList()) refuse(value, type, fullKey);
    ConfigNode result = emptyLike(value);
    if (value.isList()) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        ConfigNode& item = value.items()[i];
        result.items().push_back(type.element
                                     ? converted(std::move(item), *type.element, fmt::format("{}[{}]", fullKey, i))
                                     : std::move(item));
      }
      return result;
    }
    for (const auto& member : value.members()) {
      const std::string below = extendedKey(fullKey, member.key.text());
      if (type.kind == Kind::Dict) {
        const ConfigKey key = keyOf(member.key, type.key, below);
        result[key] = type.element ? converted(member.value, *type.element, below) : member.value;
        continue;
      }
      const auto field = std::find_if(type.fields.begin(), type.fields.end(), [&](const ConfigType::Field& one) {
        return member.key.isText() && one.name == member.key.text();
      });
      if (field == type.fields.end()) {
        std::vector<std::string> known;
        for (const auto& one : type.fields) known.push_back(one.name);
        const std::string near = nearestWord(member.key.text(), known);
        throw ConfigError(ConfigFault::Key, fmt::format("Key '{}' not in '{}'", member.key.text(), type.name),
                          whereOf(below, &member.value), near.empty() ? "" : fmt::format("Do you mean \"{}\"?", near));
      }
      result[member.key] = converted(member.value, field->type, below);
    }
    return result;
  }
  if (value.isContainer()) refuse(value, type, fullKey);
  ConfigNode result(leafOf(value, type, fullKey));
  result.origins = std::move(value.origins);
  return result;
}

void mergeTyped(ConfigNode& dest, const ConfigNode& src, const ConfigType& type, const Resolvers* resolvers) {
  const ConfigNode checked = converted(src, type);
  merge(dest, checked, resolvers);
}

}  // namespace counterpoint
