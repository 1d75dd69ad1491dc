// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/interpolation/evaluate.h"
#include "core/config/interpolation/evaluator.h"
#include "core/config/tree/access.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/tree_walk.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace counterpoint {
namespace {

class Merger {
 public:
  Merger(ConfigNode& root, const Resolvers* resolvers) : root_(root), resolvers_(resolvers) {}

  // `dest` stands below `parents` in the root.
  void merge(ConfigNode& dest, const ConfigNode& src, std::vector<const ConfigNode*> parents, Flags flags) {
    flags.enter(dest);
    if (!dest.isContainer() || dest.kind() != src.kind()) {
      throw ConfigError(ConfigFault::Type, "Cannot merge DictConfig with ListConfig",
                        whereOf(fullKeyOf(parents, dest), &src), "Give a map for a map, a list for a list.");
    }
    if (dest.isList()) {
      if (src.size() > 0) checkWritable(dest, parents, flags);
      dest.items() = src.items();
    } else {
      for (const auto& member : src.members()) mergeMember(dest, member, parents, flags);
    }
    dest.origins.insert(dest.origins.end(), src.origins.begin(), src.origins.end());
    if (src.structFlag) dest.structFlag = src.structFlag;
    if (src.readonlyFlag) dest.readonlyFlag = src.readonlyFlag;
  }

  static void checkWritable(const ConfigNode& dest, const std::vector<const ConfigNode*>& parents, const Flags& flags) {
    if (!flags.isReadonly) return;
    throw ConfigError(ConfigFault::Readonly, "Cannot change read-only config container",
                      whereOf(fullKeyOf(parents, dest), &dest));
  }

 private:
  void mergeMember(ConfigNode& dest, const ConfigNode::Member& member, const std::vector<const ConfigNode*>& parents,
                   const Flags& flags) {
    const ConfigNode& src = member.value;
    ConfigNode* own = dest.find(member.key);
    if (!own) {
      const std::string key = member.key.text();
      if (flags.isStruct) {
        refuseUnknown(key, extendedKey(fullKeyOf(parents, dest), key), dest, ConfigFault::Key);
      }
      checkWritable(dest, parents, flags);
      dest[member.key] = src;
      return;
    }
    std::vector<const ConfigNode*> below = parents;
    below.push_back(&dest);
    if (auto target = containerBehind(*own, below)) {
      checkWritable(dest, parents, flags);
      target->origins = own->origins;
      *own = std::move(*target);
    }
    if (own->isContainer() && src.isContainer()) return merge(*own, src, std::move(below), flags);
    if (src.isMissing()) return;
    checkWritable(dest, parents, flags);
    std::vector<ConfigOrigin> origins = std::move(own->origins);
    origins.insert(origins.end(), src.origins.begin(), src.origins.end());
    *own = src;
    own->origins = std::move(origins);
  }

  // What an interpolation means, where that is a dict or a list.
  std::optional<ConfigNode> containerBehind(const ConfigNode& node, const std::vector<const ConfigNode*>& parents) {
    if (!node.isText() || !needsEvaluation(node.text())) return std::nullopt;
    try {
      const Resolvers standard;
      Evaluator evaluator(root_, resolvers_ ? *resolvers_ : standard);
      const PlacedNode found = evaluator.dereferenced({parents, &node});
      if (found.node->isContainer()) return *found.node;
    } catch (const ConfigError& error) {
      if (error.fault() == ConfigFault::Grammar) throw;
    }
    return std::nullopt;
  }

  ConfigNode& root_;
  const Resolvers* resolvers_;
};

// The child that an update goes through, made a dict where it is none.
ConfigNode& stepInto(ConfigNode& parent, const std::string& key, const std::string& full, const Flags& flags,
                     const UpdateOptions& options) {
  if (parent.isList() && !listIndex(key)) checkedIndex(parent, key, full);
  if (auto* child = const_cast<ConfigNode*>(childOf(parent, key)); child && child->isContainer()) return *child;
  const bool fresh = parent.isDict() && !parent.find(ConfigKey(key));
  if (fresh && flags.isStruct && !options.forceAdd) refuseUnknown(key, full, parent, ConfigFault::Key);
  Merger::checkWritable(parent, {}, flags);
  ConfigNode& child = parent.isDict() ? parent[ConfigKey(key)] : parent.items()[checkedIndex(parent, key, full)];
  child = ConfigNode::dict();
  return child;
}

}  // namespace

void merge(ConfigNode& dest, const ConfigNode& src, const Resolvers* resolvers) {
  Merger(dest, resolvers).merge(dest, src, {}, {});
}

void update(ConfigNode& root, std::string_view path, ConfigNode value, const UpdateOptions& options) {
  const auto keys = splitKeyPath(path);
  ConfigNode* parent = &root;
  std::vector<const ConfigNode*> parents;
  Flags flags;
  std::string full;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    flags.enter(*parent);
    full = parent->isList() ? fmt::format("{}[{}]", full, keys[i]) : extendedKey(full, keys[i]);
    if (i + 1 == keys.size()) break;
    ConfigNode& child = stepInto(*parent, keys[i], full, flags, options);
    parents.push_back(parent);
    parent = &child;
  }
  checkInterpolations(value, full);
  if (!parent->isContainer()) {
    throw ConfigError(ConfigFault::Type, "only a dict or a list has keys", whereOf(full, parent));
  }
  const std::string& key = keys.back();
  if (parent->isList() && !listIndex(key)) checkedIndex(*parent, key, full);
  if (parent->isList() && !(options.merge && value.isContainer())) Merger::checkWritable(*parent, parents, flags);
  ConfigNode* child = parent->isDict() ? parent->find(ConfigKey(key)) : nullptr;
  if (parent->isList()) child = &parent->items()[checkedIndex(*parent, key, full)];
  if (!child && flags.isStruct && !options.forceAdd) refuseUnknown(key, full, *parent, ConfigFault::Attribute);
  if (child && options.merge && value.isContainer() && child->isContainer()) {
    // The flag is lifted from the container that gets the key; what merges below it inherits that.
    if (options.forceAdd) flags.isStruct = false;
    parents.push_back(parent);
    return Merger(root, options.resolvers).merge(*child, value, parents, flags);
  }
  Merger::checkWritable(*parent, parents, flags);
  if (!child) child = &(*parent)[ConfigKey(key)];
  std::vector<ConfigOrigin> origins = std::move(child->origins);
  origins.insert(origins.end(), value.origins.begin(), value.origins.end());
  const auto structFlag = child->structFlag, readonlyFlag = child->readonlyFlag;
  const bool leaf = !child->isContainer() && !value.isContainer();
  *child = std::move(value);
  if (leaf) child->structFlag = structFlag, child->readonlyFlag = readonlyFlag;
  child->origins = std::move(origins);
}

void erase(ConfigNode& root, std::string_view path) {
  const auto keys = splitKeyPath(path);
  ConfigNode* parent = &root;
  Flags flags;
  std::string full;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    flags.enter(*parent);
    full = parent->isList() ? fmt::format("{}[{}]", full, keys[i]) : extendedKey(full, keys[i]);
    if (!parent->isContainer()) {
      throw ConfigError(ConfigFault::Type, "only a dict or a list has keys", whereOf(full, parent));
    }
    const bool last = i + 1 == keys.size();
    if (parent->isList() && !listIndex(keys[i])) checkedIndex(*parent, keys[i], full);
    if (last && flags.isReadonly) {
      throw ConfigError(ConfigFault::Readonly, "DictConfig in read-only mode does not support deletion",
                        whereOf(full, parent));
    }
    if (last && parent->isDict() && flags.isStruct) {
      throw ConfigError(ConfigFault::Type, "DictConfig in struct mode does not support deletion",
                        whereOf(full, parent));
    }
    if (parent->isList()) {
      auto& items = parent->items();
      const std::size_t index = checkedIndex(*parent, keys[i], full);
      if (last) {
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(index));
      } else {
        parent = &items[index];
      }
      continue;
    }
    ConfigNode* child = parent->find(ConfigKey(keys[i]));
    if (!child) throw ConfigError(ConfigFault::Key, fmt::format("Key not found: '{}'", keys[i]), whereOf(full, parent));
    if (!last && child->isMissing()) {
      throw ConfigError(ConfigFault::Missing, "Missing mandatory value: " + full, placeOf(*child));
    }
    if (last) {
      parent->erase(ConfigKey(keys[i]));
    } else {
      parent = child;
    }
  }
}

}  // namespace counterpoint
