// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/schema.h"

#include "core/base/error.h"
#include "core/base/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace counterpoint {

std::string_view wordOf(ValueType type) {
  switch (type) {
    case ValueType::Bool: return "true or false";
    case ValueType::Int: return "whole number";
    case ValueType::Float: return "number";
    case ValueType::Text: return "text";
    case ValueType::Choice: return "one of a list";
    case ValueType::List: return "list";
    case ValueType::Map: return "map";
    case ValueType::Path: return "path";
  }
  return "value";
}

std::string SchemaKey::group() const {
  const auto point = path.rfind('.');
  return point == std::string::npos ? "run" : path.substr(0, point);
}

std::string SchemaKey::name() const { return path.substr(path.rfind('.') + 1); }

std::string SchemaKey::rangeText() const {
  std::vector<std::string> parts;
  if (least && aboveLeast) parts.push_back(fmt::format("above {}", *least));
  if (least && !aboveLeast) parts.push_back(fmt::format("at least {}", *least));
  if (most) parts.push_back(fmt::format("at most {}", *most));
  return join(parts, ", ");
}

Schema::Schema(std::string recipe, std::string title, std::vector<SchemaKey> keys, std::vector<KeyRule> rules,
               std::vector<OldName> oldNames)
    : recipe_(std::move(recipe)),
      title_(std::move(title)),
      keys_(std::move(keys)),
      rules_(std::move(rules)),
      oldNames_(std::move(oldNames)) {
  for (const auto& rule : rules_) {
    for (const auto& path : {rule.key, rule.other, rule.when})
      if (!path.empty() && !find(path)) throw Error(ErrorKind::Bug, "a rule names no key of " + recipe_, path);
  }
  for (const auto& key : keys_) {
    if (key.fallback.is_null() && !key.nullable && !key.required) {
      throw Error(ErrorKind::Bug, "a key needs a default, or must be nullable or required", key.path);
    }
    if (!key.fallback.is_null()) checkValue(key, key.fallback);
  }
  checkOldNames();
}

// An old name is looked up alone, so it can mean one key only.
void Schema::checkOldNames() const {
  std::set<std::string_view> seen;
  for (const auto& old : oldNames_) {
    const auto* key = find(old.key);
    if (!key || key->path != old.key) throw Error(ErrorKind::Bug, "an old name of no key of " + recipe_, old.name);
    if (find(old.name)) throw Error(ErrorKind::Bug, "an old name is a key of " + recipe_, old.name);
    if (!seen.insert(old.name).second) throw Error(ErrorKind::Bug, "an old name twice in " + recipe_, old.name);
  }
}

const OldName* Schema::findOldName(std::string_view path) const {
  const auto found =
      std::find_if(oldNames_.begin(), oldNames_.end(), [path](const OldName& old) { return old.name == path; });
  return found == oldNames_.end() ? nullptr : &*found;
}

std::vector<const OldName*> Schema::oldNamesOf(std::string_view key) const {
  std::vector<const OldName*> found;
  for (const auto& old : oldNames_) {
    if (old.key == key) found.push_back(&old);
  }
  return found;
}

bool Schema::isOldSection(std::string_view path) const {
  return std::any_of(oldNames_.begin(), oldNames_.end(), [path](const OldName& old) {
    return old.name.size() > path.size() && old.name.starts_with(path) && old.name[path.size()] == '.';
  });
}

void requireTrainable(const Schema& schema) {
  if (schema.trainable()) return;
  std::vector<std::string> known;
  for (const auto& one : allSchemas()) {
    if (one.trainable()) known.push_back(one.recipe());
  }
  throw usageError("this version cannot train " + schema.recipe() + " yet", "recipe",
                   "Its configs can be imported, checked and compared. It trains: " + join(known, ", ") + ".");
}

std::vector<std::string> Schema::groups() const {
  std::vector<std::string> found;
  for (const auto& key : keys_) {
    if (std::find(found.begin(), found.end(), key.group()) == found.end()) found.push_back(key.group());
  }
  return found;
}

const SchemaKey* Schema::find(std::string_view path) const {
  for (const auto& key : keys_) {
    if (key.path == path) return &key;
    if (key.type == ValueType::Map && path.size() > key.path.size() && path.starts_with(key.path) &&
        path[key.path.size()] == '.') {
      return &key;
    }
  }
  return nullptr;
}

bool Schema::isSection(std::string_view path) const {
  return std::any_of(keys_.begin(), keys_.end(), [path](const SchemaKey& key) {
    return key.path.size() > path.size() && key.path.starts_with(path) && key.path[path.size()] == '.';
  });
}

std::string Schema::nearest(std::string_view path) const {
  std::vector<std::string> known;
  for (const auto& key : keys_) known.push_back(key.path);
  std::string near = nearestWord(path, known);
  if (!near.empty()) return near;
  // A key in the wrong section, or its name alone.
  const std::string name(path.substr(path.rfind('.') + 1));
  std::vector<std::string> names;
  for (const auto& key : keys_) names.push_back(key.name());
  const std::string nearName = nearestWord(name, names);
  for (const auto& key : keys_) {
    if (!nearName.empty() && key.name() == nearName) return key.path;
  }
  return {};
}

const Schema* schemaOf(std::string_view recipe) {
  for (const auto& schema : allSchemas()) {
    if (schema.recipe() == recipe) return &schema;
  }
  return nullptr;
}

namespace {

std::string oldNamesText(const Schema& schema, const SchemaKey& key) {
  std::vector<std::string> names;
  for (const auto* old : schema.oldNamesOf(key.path)) {
    names.push_back(old->system.empty() ? old->name : fmt::format("{} ({})", old->name, old->system));
  }
  return join(names, ", ");
}

std::string referenceOf(const Schema& schema, const SchemaKey& key) {
  const std::string value = key.required ? "required" : "default " + yamlText(key.fallback);
  std::string text = fmt::format("  {:<34} {}{}; {}\n      {}\n", key.path, wordOf(key.type),
                                 key.unit.empty() ? "" : " [" + key.unit + "]", value, key.help);
  if (const auto range = key.rangeText(); !range.empty()) text += fmt::format("      {}.\n", range);
  for (const auto& choice : key.choices) text += fmt::format("      {}: {}\n", choice.name, choice.meaning);
  if (const auto names = oldNamesText(schema, key); !names.empty()) text += "      Also read: " + names + ".\n";
  return text;
}

}  // namespace

std::string schemaReference(const Schema& schema) {
  std::string page = fmt::format("{}: {}\n", schema.recipe(), schema.title());
  if (!schema.trainable()) page += "This version checks its configs and cannot train it yet.\n";
  for (const auto& group : schema.groups()) {
    page += fmt::format("\n{}\n", group);
    for (const auto& key : schema.keys()) {
      if (key.group() == group) page += referenceOf(schema, key);
    }
  }
  return page;
}

}  // namespace counterpoint
