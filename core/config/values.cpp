// SPDX-License-Identifier: GPL-3.0-or-later
// Between a config's tree and the values that a recipe reads.
#include "core/base/error.h"
#include "core/base/words.h"
#include "core/config/schema.h"
#include "core/config/tree/node.h"
#include "core/config/tree/scalars.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace counterpoint {
namespace {

std::optional<bool> boolOf(std::string_view text) {
  const std::string lower = lowerAscii(text);
  if (lower == "true" || lower == "yes" || lower == "on") return true;
  if (lower == "false" || lower == "no" || lower == "off") return false;
  return std::nullopt;
}

[[noreturn]] void failType(const SchemaKey& key, ValueType wanted, const std::string& got) {
  std::string cure;
  if (wanted == ValueType::List) cure = "Write it as [a, b].";
  if (wanted == ValueType::Choice) {
    std::vector<std::string> names;
    for (const auto& choice : key.choices) names.push_back(choice.name);
    const auto near = nearestWord(got, names);
    cure = near.empty() ? "Use " + join(names, ", ") + "." : "Did you mean " + near + "?";
  }
  throw usageError(fmt::format("{} must be {}{}, not {}", key.path, wanted == ValueType::Bool ? "" : "a ",
                               wordOf(wanted), got.empty() ? "empty" : got),
                   {}, cure);
}

std::string lookOf(const ConfigNode& node) {
  if (node.isNull()) return "empty";
  if (node.isList()) return "a list";
  if (node.isDict()) return "a section";
  return pythonText(node.scalar());
}

// Texts convert as OmegaConf's typed nodes convert them: "7" is a whole number.
std::optional<ConfigScalar> numberIn(const ConfigNode& node) {
  if (node.kind() == ConfigNode::Kind::Int || node.kind() == ConfigNode::Kind::Float) return node.scalar();
  if (!node.isText()) return std::nullopt;
  const auto scalar = grammarScalar(trim(node.text()));
  const bool number =
      scalar && (std::holds_alternative<std::int64_t>(*scalar) || std::holds_alternative<double>(*scalar));
  return number ? scalar : std::nullopt;
}

std::optional<bool> boolIn(const ConfigNode& node) {
  if (node.kind() == ConfigNode::Kind::Bool) return std::get<bool>(node.scalar());
  return node.isText() ? boolOf(node.text()) : std::nullopt;
}

// YAML 1.1 reads on, off, yes and no as truths, though a choice may be named so.
std::string choiceIn(const SchemaKey& key, const ConfigNode& node) {
  if (node.kind() != ConfigNode::Kind::Bool) return pythonText(node.scalar());
  const bool truth = std::get<bool>(node.scalar());
  for (const auto& choice : key.choices)
    if (boolOf(choice.name) == truth) return choice.name;
  return truth ? "true" : "false";
}

Json scalarOf(const SchemaKey& key, ValueType type, const ConfigNode& node) {
  if (type == ValueType::Map || type == ValueType::List) {
    if (type == ValueType::Map ? !node.isDict() : !node.isList()) failType(key, type, lookOf(node));
    return toJson(node);
  }
  if (node.isNull() && (type == ValueType::Text || type == ValueType::Path)) return "";
  if (node.isContainer() || node.isNull()) failType(key, type, lookOf(node));
  switch (type) {
    case ValueType::Bool:
      if (const auto truth = boolIn(node)) return *truth;
      break;
    case ValueType::Int:
      if (const auto number = numberIn(node); number && std::holds_alternative<std::int64_t>(*number))
        return std::get<std::int64_t>(*number);
      break;
    case ValueType::Float:
      if (const auto number = numberIn(node)) {
        const double value = std::holds_alternative<double>(*number)
                                 ? std::get<double>(*number)
                                 : static_cast<double>(std::get<std::int64_t>(*number));
        if (std::isfinite(value)) return value;
      }
      break;
    case ValueType::Choice: return choiceIn(key, node);
    default: return pythonText(node.scalar());
  }
  failType(key, type, lookOf(node));
}

// Of a word that is a number too long for us, the text.
ConfigScalar scalarIn(const std::string& text) {
  try {
    return yamlScalar(text);
  } catch (const Error&) {
    return nullptr;
  }
}

bool looksLikeAnother(const std::string& text) {
  if (!std::holds_alternative<std::string>(scalarIn(text)) || boolOf(text) || grammarScalar(text)) return true;
  if (text.front() == ' ' || text.back() == ' ' || text.back() == ':') return true;
  if (std::string_view("-?:,[]{}#&*!|>'\"%@`").find(text.front()) != std::string_view::npos) return true;
  return text.find(": ") != std::string::npos || text.find(" #") != std::string::npos ||
         text.find_first_of(",[]{}\n\t\r") != std::string::npos ||
         std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

std::string quotedText(const std::string& text) {
  // JSON's escapes are YAML's in double quotes; single quotes keep backslashes of patterns readable.
  const bool plain =
      std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (!plain) return Json(text).dump();
  if (text.find('\\') == std::string::npos && text.find('"') == std::string::npos) return '"' + text + '"';
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

std::string numberYaml(double value) {
  std::string text = fmt::format("{}", value);
  // A whole double keeps its point, so that it stays a number with a fraction for every other YAML reader.
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

Json valueOf(const SchemaKey& key, const ConfigNode& node) {
  if (node.isNull() && key.nullable) return nullptr;
  Json value;
  if (key.type == ValueType::List) {
    if (!node.isList()) failType(key, key.type, lookOf(node));
    value = Json::array();
    for (const auto& item : node.items()) value.push_back(scalarOf(key, key.itemType, item));
  } else if (key.type == ValueType::Map) {
    if (node.isNull()) return Json::object();
    if (!node.isDict()) failType(key, key.type, lookOf(node));
    value = Json::object();
    for (const auto& member : node.members()) value[member.key.text()] = scalarOf(key, key.itemType, member.value);
  } else {
    value = scalarOf(key, key.type, node);
  }
  checkValue(key, value);
  return value;
}

void checkValue(const SchemaKey& key, const Json& value) {
  if (value.is_null()) {
    if (!key.nullable) throw usageError(key.path + " must not be null");
    return;
  }
  if (key.type == ValueType::Choice) {
    const std::string name = value.get<std::string>();
    const bool known = std::any_of(key.choices.begin(), key.choices.end(),
                                   [&name](const SchemaChoice& choice) { return choice.name == name; });
    if (!known) failType(key, ValueType::Choice, name);
  }
  if (key.type == ValueType::List && key.listSize > 0 && static_cast<int>(value.size()) != key.listSize) {
    throw usageError(fmt::format("{} needs {} values, not {}", key.path, key.listSize, value.size()));
  }
  const auto check = [&key](const Json& item) {
    if (!item.is_number()) return;
    const double number = item.get<double>();
    const bool low = key.least && (number < *key.least || (key.aboveLeast && number == *key.least));
    if (low || (key.most && number > *key.most)) {
      throw usageError(fmt::format("{} must be {}, not {}", key.path, key.rangeText(), number));
    }
  };
  if (value.is_array() || value.is_object()) {
    for (const auto& item : value) check(item);
  } else {
    check(value);
  }
}

std::string yamlText(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null: return "null";
    case Json::value_t::boolean: return value.get<bool>() ? "true" : "false";
    case Json::value_t::number_float: return numberYaml(value.get<double>());
    case Json::value_t::string: {
      const std::string text = value.get<std::string>();
      return text.empty() || looksLikeAnother(text) ? quotedText(text) : text;
    }
    case Json::value_t::array: {
      std::vector<std::string> parts;
      for (const auto& item : value) parts.push_back(yamlText(item));
      return "[" + join(parts, ", ") + "]";
    }
    case Json::value_t::object: {
      std::vector<std::string> parts;
      for (const auto& [name, item] : value.items()) parts.push_back(yamlText(name) + ": " + yamlText(item));
      return "{" + join(parts, ", ") + "}";
    }
    default: return value.dump();
  }
}

}  // namespace counterpoint
