// SPDX-License-Identifier: GPL-3.0-or-later
// Between YAML text and typed values. Numbers follow YAML 1.2's core schema, so that 1e-3 is a number.
#include "core/base/error.h"
#include "core/base/words.h"
#include "core/config/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace counterpoint {
namespace {

bool isNullWord(std::string_view text) {
  return text.empty() || text == "null" || text == "Null" || text == "NULL" || text == "~";
}

std::optional<bool> boolOf(std::string_view text) {
  const std::string lower = lowerAscii(text);
  if (lower == "true" || lower == "yes" || lower == "on") return true;
  if (lower == "false" || lower == "no" || lower == "off") return false;
  return std::nullopt;
}

template <typename Number>
std::optional<Number> numberOf(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> finiteOf(std::string_view text) {
  const auto value = numberOf<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
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

std::string lookOf(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::Null: return "empty";
    case YamlNode::Kind::Scalar: return node.text;
    case YamlNode::Kind::List: return "a list";
    case YamlNode::Kind::Map: return "a section";
  }
  return {};
}

// A value without a schema: maps and their items.
Json freeValue(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::Null: return nullptr;
    case YamlNode::Kind::List: {
      Json list = Json::array();
      for (const auto& item : node.items) list.push_back(freeValue(item));
      return list;
    }
    case YamlNode::Kind::Map: {
      Json map = Json::object();
      for (const auto& member : node.members) map[member.key] = freeValue(member.value);
      return map;
    }
    case YamlNode::Kind::Scalar: break;
  }
  if (node.quoted) return node.text;
  if (isNullWord(node.text)) return nullptr;
  if (node.text == "true" || node.text == "false") return node.text == "true";
  if (const auto whole = numberOf<std::int64_t>(node.text)) return *whole;
  if (const auto number = finiteOf(node.text)) return *number;
  return node.text;
}

Json scalarOf(const SchemaKey& key, ValueType type, const YamlNode& node) {
  if (type == ValueType::Map) {
    if (node.kind != YamlNode::Kind::Map) failType(key, type, lookOf(node));
    return freeValue(node);
  }
  if (node.kind != YamlNode::Kind::Scalar) {
    if (node.kind == YamlNode::Kind::Null && (type == ValueType::Text || type == ValueType::Path)) return "";
    failType(key, type, lookOf(node));
  }
  switch (type) {
    case ValueType::Bool:
      if (const auto value = boolOf(node.text); value && !node.quoted) return *value;
      break;
    case ValueType::Int:
      if (const auto value = numberOf<std::int64_t>(node.text); value && !node.quoted) return *value;
      break;
    case ValueType::Float:
      if (const auto value = finiteOf(node.text); value && !node.quoted) return *value;
      break;
    default: return node.text;
  }
  failType(key, type, node.text);
}

bool looksLikeAnother(const std::string& text) {
  if (isNullWord(text) || boolOf(text) || numberOf<double>(text)) return true;
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

Json valueOf(const SchemaKey& key, const YamlNode& node) {
  const bool isNull = node.kind == YamlNode::Kind::Null ||
                      (node.kind == YamlNode::Kind::Scalar && !node.quoted && isNullWord(node.text));
  if (isNull && key.nullable) return nullptr;
  Json value;
  if (key.type == ValueType::List) {
    if (node.kind != YamlNode::Kind::List) failType(key, key.type, lookOf(node));
    value = Json::array();
    for (const auto& item : node.items) value.push_back(scalarOf(key, key.itemType, item));
  } else if (key.type == ValueType::Map) {
    if (isNull) return Json::object();
    if (node.kind != YamlNode::Kind::Map) failType(key, key.type, lookOf(node));
    value = Json::object();
    for (const auto& member : node.members) value[member.key] = scalarOf(key, key.itemType, member.value);
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
