// SPDX-License-Identifier: GPL-3.0-or-later
// Nodes with a _target_ become calls of registered factories, as hydra.utils.instantiate makes them.
#pragma once

#include <any>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/config/interpolation/resolvers.h"
#include "core/config/tree/node.h"

namespace counterpoint {

class BoundFactory;

// What a factory gets and gives: a leaf or config (ConfigNode), an object of its own (std::any), a factory with some of
// its arguments, or a list or dict that holds such.
struct Instance {
  using List = std::vector<Instance>;
  using Dict = std::vector<std::pair<ConfigKey, Instance>>;
  using Content = std::variant<ConfigNode, std::any, std::shared_ptr<const BoundFactory>, List, Dict>;

  Content content = ConfigNode();
  bool plain = false;  // of containers: made by _convert_ all, partial or object

  bool isNull() const;
  const ConfigNode* node() const { return std::get_if<ConfigNode>(&content); }
  // The object, nullptr where it is none or of another type.
  template <typename Object>
  const Object* object() const {
    const auto* any = std::get_if<std::any>(&content);
    return any ? std::any_cast<Object>(any) : nullptr;
  }
};

struct FactoryArguments {
  std::vector<Instance> positional;
  std::vector<std::pair<std::string, Instance>> named;

  const Instance* find(std::string_view name) const;
};

// May throw what it likes: it becomes ConfigError{Instantiate} with the target and the full key.
using Factory = std::function<Instance(const FactoryArguments&)>;

class FactoryRegistry {
 public:
  // `word` is one of ours ("optimizer/adamw") or a name of its own. Throws Error{Bug} when it is taken.
  void add(const std::string& word, Factory factory);
  // By its word or any Python name that means it. Throws ConfigError{Instantiate} "Error locating target 'x'" naming
  // the nearest, and saying where the name is known but nothing here makes it.
  const Factory& find(const std::string& target) const;

 private:
  std::map<std::string, Factory, std::less<>> factories_;
};

// What _partial_ gives. Later positional arguments come behind, named ones replace.
class BoundFactory {
 public:
  BoundFactory(std::string target, Factory factory, FactoryArguments arguments)
      : target_(std::move(target)), factory_(std::move(factory)), arguments_(std::move(arguments)) {}

  const std::string& target() const { return target_; }
  const FactoryArguments& arguments() const { return arguments_; }
  Instance operator()(const FactoryArguments& more = {}) const;

 private:
  std::string target_;
  Factory factory_;
  FactoryArguments arguments_;
};

struct InstantiateRequest {
  const ConfigNode* root = nullptr;  // interpolations start here
  std::string path;                  // of the node; empty: the root itself
  // Of the call: positional ones replace _args_; named ConfigNodes merge over the node, objects replace.
  FactoryArguments arguments;
};

// Null gives null. Throws ConfigError{Instantiate} as above, {Missing} for a "???" that a call needs, and those of
// interpolations.
Instance instantiate(const FactoryRegistry& registry, const InstantiateRequest& request, const Resolvers& resolvers);

}  // namespace counterpoint
