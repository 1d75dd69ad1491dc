// SPDX-License-Identifier: GPL-3.0-or-later
// Reading and changing a config tree by key paths, as OmegaConf 2.3 does: struct mode, read-only, missing values.
// Nothing here follows interpolations but merge(); see interpolation/evaluate.h for reading through them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/tree/node.h"

namespace counterpoint {

class Resolvers;

// "a.b", "a[b]", "[a].b", "a.0", "a[0]" -> its keys. ".a" -> "", "a".
std::vector<std::string> splitKeyPath(std::string_view path);

// The full key of a node below another, for messages: "a.b[0].c".
std::string fullKeyOf(const std::vector<const ConfigNode*>& parents, const ConfigNode& node);

// The last place that set it: "FILE, line L, column C", "override NAME"; empty where it has none.
std::string placeOf(const ConfigNode& node);

// The node at a path, nullptr when it is not there. A list takes 0 ... size - 1.
const ConfigNode* select(const ConfigNode& root, std::string_view path);
ConfigNode* select(ConfigNode& root, std::string_view path);

// As cfg["a"]["b"]: throws ConfigError Key (not there, with the struct-mode text where the flag says so), Missing,
// Index (negative counts from the end), Type (through a leaf; a list's index that is no number).
const ConfigNode& get(const ConfigNode& root, std::string_view path);

struct UpdateOptions {
  bool merge = true;      // a dict or list merges into the container that stands there; false replaces it
  bool forceAdd = false;  // adds keys in spite of struct mode
  const Resolvers* resolvers = nullptr;
};
// OmegaConf.update: makes dicts on the way (a leaf in the way is replaced), then sets or merges. Throws ConfigError
// Attribute (struct mode), Readonly, Index, Type, Grammar.
void update(ConfigNode& root, std::string_view path, ConfigNode value, const UpdateOptions& options = {});

// del cfg["a"]["b"]: throws ConfigError Type "DictConfig in struct mode does not support deletion", Readonly, Key,
// Index.
void erase(ConfigNode& root, std::string_view path);

// OmegaConf.merge(dest, src) into dest: dicts deep, lists replaced, null sets null, "???" keeps what dest has, an
// interpolation of dest that means a dict is written out before a dict merges into it. Origins of src come behind those
// of dest. Throws ConfigError Type (a dict with a list), Key (struct mode of dest), Readonly.
void merge(ConfigNode& dest, const ConfigNode& src, const Resolvers* resolvers = nullptr);

// Sets `origin` behind the origins of the node and of all below it.
void addOrigin(ConfigNode& node, const ConfigOrigin& origin);

}  // namespace counterpoint
