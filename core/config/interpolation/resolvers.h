// SPDX-License-Identifier: GPL-3.0-or-later
// The functions behind ${name:arguments}.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/config/tree/node.h"

namespace counterpoint {

// A node with the containers that hold it, from the root on. Valid while the tree (or the evaluation that made it) is.
struct PlacedNode {
  std::vector<const ConfigNode*> parents;
  const ConfigNode* node = nullptr;
};

// What a resolver is called with.
struct ResolverCall {
  PlacedNode node;                    // that holds the interpolation; parents.front() is the root
  std::vector<ConfigNode> arguments;  // typed, interpolations in them resolved
  // OmegaConf.select from the root, or from the node's container for a path that begins with a dot; follows
  // interpolations. nullopt: not there.
  std::function<std::optional<PlacedNode>(const std::string& path, bool throwOnMissing)> select;
  // Parses and evaluates an element (oc.decode).
  std::function<ConfigNode(const std::string& text)> decode;

  const ConfigNode& root() const { return node.parents.empty() ? *node.node : *node.parents.front(); }
  const ConfigNode& parent() const { return node.parents.empty() ? *node.node : *node.parents.back(); }
  std::string fullKey() const;
};

// A value of its own (paths in it start at the node that holds the interpolation), or a node of the tree.
using ResolverResult = std::variant<ConfigNode, PlacedNode>;

class Resolvers {
 public:
  using Function = std::function<ResolverResult(const ResolverCall&)>;
  struct Entry {
    Function function;
    std::size_t fewest = 0;
    std::optional<std::size_t> most;  // unset: any number
    bool cached = false;              // one result for a name and the texts of its arguments
  };

  // oc.env, oc.decode, oc.select, oc.create, oc.dict.keys, oc.dict.values, oc.deprecated. `warn` is told what
  // oc.deprecated says and of empty positions in argument lists.
  explicit Resolvers(std::function<void(const std::string&)> warn = {});

  // Throws Error{Bug} for a name taken, unless `replace`.
  void add(const std::string& name, Entry entry, bool replace = false);
  bool has(const std::string& name) const { return entries_.count(name) != 0; }

  // Throws ConfigError UnsupportedResolver for an unknown name, InterpolationResolution for a wrong number of arguments
  // and for whatever the function throws that is no interpolation error itself.
  ResolverResult call(const std::string& name, const ResolverCall& call, const std::vector<std::string>& texts) const;
  void clearCache() { cache_.clear(); }
  void warn(const std::string& text) const;

 private:
  std::map<std::string, Entry> entries_;
  mutable std::map<std::pair<std::string, std::vector<std::string>>, ConfigNode> cache_;
  std::function<void(const std::string&)> warn_;
};

// Hydra's: now (cached, of the clock given; local time), hydra:path (from the node given, "hydra" in the tree of the
// config otherwise), python_version. A sweep's jobs share the master's Resolvers, and so its cache.
struct HydraResolverOptions {
  std::function<std::int64_t()> secondsSinceEpoch;  // unset: the system's clock
  const ConfigNode* hydra = nullptr;                // the node under "hydra"; must outlive the Resolvers
  std::string pythonVersion = "3.11.2";  // what ${python_version:…} answers: configs print it, nothing runs it
};
void addHydraResolvers(Resolvers& resolvers, const HydraResolverOptions& options = {});

}  // namespace counterpoint
