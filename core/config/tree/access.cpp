// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/tree/access.h"

#include "core/config/interpolation/grammar.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/tree_walk.h"
#include "core/config/tree/yaml_guard.h"

#include <fmt/format.h>

#include <algorithm>

namespace counterpoint {

std::vector<std::string> splitKeyPath(std::string_view path) {
  // The head: dots, then anything but "." and "[".
  std::size_t at = 0;
  while (at < path.size() && path[at] == '.') ++at;
  std::vector<std::string> keys(at);
  const auto nextMark = [&](std::size_t from) { return std::min(path.find_first_of(".[", from), path.size()); };
  std::size_t end = nextMark(at);
  keys.emplace_back(path.substr(at, end - at));
  if (end < path.size() && path[end] == '[' && keys.back().empty()) keys.pop_back();
  for (at = end; at < path.size();) {
    if (path[at] == '.') {
      end = nextMark(at + 1);
      keys.emplace_back(path.substr(at + 1, end - at - 1));
      at = end;
    } else if (const auto close = path[at] == '[' ? path.find(']', at) : std::string_view::npos;
               close != std::string_view::npos) {
      keys.emplace_back(path.substr(at + 1, close - at - 1));
      at = close + 1;
    } else {
      ++at;
    }
  }
  return keys;
}

std::string fullKeyOf(const std::vector<const ConfigNode*>& parents, const ConfigNode& node) {
  std::string key;
  for (std::size_t i = 0; i < parents.size(); ++i) {
    const ConfigNode& parent = *parents[i];
    const ConfigNode* child = i + 1 < parents.size() ? parents[i + 1] : &node;
    if (parent.isList()) {
      for (std::size_t j = 0; j < parent.size(); ++j) {
        if (&parent.items()[j] == child) key += fmt::format("[{}]", j);
      }
    } else if (parent.isDict()) {
      for (const auto& member : parent.members()) {
        if (&member.value == child) key = extendedKey(key, member.key.text());
      }
    }
  }
  return key;
}

std::string placeOf(const ConfigNode& node) {
  if (node.origins.empty()) return {};
  const ConfigOrigin& origin = node.origins.back();
  const std::string source = origin.source ? *origin.source : "";
  switch (origin.layer) {
    case ConfigOrigin::Layer::Override: return "override " + source;
    case ConfigOrigin::Layer::Environment: return "environment variable " + source;
    default: return placeOf(source, origin.position);
  }
}

std::string extendedKey(const std::string& parent, const std::string& key) {
  return parent.empty() ? key : parent + "." + key;
}

std::string whereOf(const std::string& fullKey, const ConfigNode* node) {
  const std::string place = node ? placeOf(*node) : "";
  if (fullKey.empty() || place.empty()) return fullKey + place;
  return place + ", " + fullKey;
}

std::optional<std::int64_t> listIndex(std::string_view key) {
  std::size_t at = !key.empty() && (key[0] == '-' || key[0] == '+') ? 1 : 0;
  const bool negative = at && key[0] == '-';
  std::int64_t value = 0;
  bool digit = false;
  for (; at < key.size(); ++at) {
    if (key[at] == '_' && digit && at + 1 < key.size()) {
      digit = false;
      continue;
    }
    if (key[at] < '0' || key[at] > '9' || value > 100'000'000) return std::nullopt;
    value = value * 10 + (key[at] - '0');
    digit = true;
  }
  if (!digit) return std::nullopt;
  return negative ? -value : value;
}

const ConfigNode* childOf(const ConfigNode& parent, std::string_view key) {
  if (parent.isDict()) return parent.find(ConfigKey(key));
  if (!parent.isList()) return nullptr;
  const auto index = listIndex(key);
  if (!index || *index < 0 || static_cast<std::size_t>(*index) >= parent.size()) return nullptr;
  return &parent.items()[static_cast<std::size_t>(*index)];
}

const ConfigNode* select(const ConfigNode& root, std::string_view path) {
  const ConfigNode* node = &root;
  if (path.empty()) return node;
  for (const auto& key : splitKeyPath(path)) {
    if (!(node = childOf(*node, key))) return nullptr;
  }
  return node;
}

ConfigNode* select(ConfigNode& root, std::string_view path) {
  return const_cast<ConfigNode*>(select(static_cast<const ConfigNode&>(root), path));
}

void Flags::enter(const ConfigNode& node) {
  if (node.structFlag) isStruct = *node.structFlag;
  if (node.readonlyFlag) isReadonly = *node.readonlyFlag;
}

void refuseUnknown(const std::string& key, const std::string& fullKey, const ConfigNode& parent, ConfigFault fault) {
  std::vector<std::string> known;
  for (const auto& member : parent.members()) known.push_back(member.key.text());
  const std::string near = nearestWord(key, known);
  throw ConfigError(fault,
                    fmt::format("Key '{}' is not in struct\n    full_key: {}\n    object_type=dict", key, fullKey),
                    placeOf(parent), near.empty() ? "" : fmt::format("Do you mean \"{}\"?", near));
}

const ConfigNode& get(const ConfigNode& root, std::string_view path) {
  const ConfigNode* node = &root;
  Flags flags;
  flags.enter(root);
  std::string full;
  for (const auto& key : splitKeyPath(path)) {
    if (node->isDict()) {
      full = extendedKey(full, key);
      const ConfigNode* child = node->find(ConfigKey(key));
      if (!child && flags.isStruct) refuseUnknown(key, full, *node, ConfigFault::Key);
      if (!child) throw ConfigError(ConfigFault::Key, fmt::format("Missing key {}", key), whereOf(full, node));
      node = child;
    } else if (node->isList()) {
      full += fmt::format("[{}]", key);
      node = &node->items()[checkedIndex(*node, key, full)];
    } else {
      throw ConfigError(ConfigFault::Type, fmt::format("'{}' is no container: '{}' cannot be in it", full, key),
                        whereOf(full, node));
    }
    flags.enter(*node);
    if (node->isMissing()) {
      throw ConfigError(ConfigFault::Missing, fmt::format("Missing mandatory value: {}", full), placeOf(*node),
                        fmt::format("Set {}=VALUE.", full));
    }
  }
  return *node;
}

std::size_t checkedIndex(const ConfigNode& list, std::string_view key, const std::string& fullKey) {
  const auto index = listIndex(key);
  if (!index) {
    throw ConfigError(ConfigFault::Type, fmt::format("the index '{}' of a list is no number", key),
                      whereOf(fullKey, &list));
  }
  const auto size = static_cast<std::int64_t>(list.size());
  if (*index < -size || *index >= size) {
    throw ConfigError(ConfigFault::Index, fmt::format("list index out of range: {} of {} items", *index, size),
                      whereOf(fullKey, &list));
  }
  return static_cast<std::size_t>(*index < 0 ? *index + size : *index);
}

void addOrigin(ConfigNode& node, const ConfigOrigin& origin) {
  node.origins.push_back(origin);
  if (node.isList()) {
    for (auto& item : node.items()) addOrigin(item, origin);
  } else if (node.isDict()) {
    for (const auto& member : node.members()) addOrigin(*node.find(member.key), origin);
  }
}

}  // namespace counterpoint
