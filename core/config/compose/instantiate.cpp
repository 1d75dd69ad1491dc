// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/compose/instantiate.h"

#include "core/base/error.h"
#include "core/base/words.h"
#include "core/config/compose/default_element.h"
#include "core/config/compose/targets.h"
#include "core/config/interpolation/evaluate.h"
#include "core/config/tree/access.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/types.h"

#include <fmt/format.h>

#include <algorithm>

namespace counterpoint {
namespace {

// How a node is treated; children take both from their parent.
struct Manner {
  std::string convert = "none";
  bool recursive = true;

  bool isPlain() const { return convert == "all" || convert == "partial" || convert == "object"; }
};

[[noreturn]] void refuse(std::string what, const std::string& fullKey, std::string cure = {}) {
  if (!fullKey.empty()) what += "\nfull_key: " + fullKey;
  throw ConfigError(ConfigFault::Instantiate, std::move(what), fullKey, std::move(cure));
}

bool boolAt(const ConfigNode& node, const char* key, bool otherwise, const std::string& fullKey) {
  const ConfigNode* flag = node.find(key);
  if (!flag) return otherwise;
  if (flag->kind() != ConfigNode::Kind::Bool) {
    refuse(fmt::format("Instantiation: {} flag must be a bool, got <class '{}'>", key, pythonTypeOf(*flag)), fullKey);
  }
  return std::get<bool>(flag->scalar());
}

std::string below(const std::string& fullKey, const std::string& key) {
  return fullKey.empty() ? key : fullKey + "." + key;
}

class Instantiator {
 public:
  explicit Instantiator(const FactoryRegistry& registry) : registry_(registry) {}

  // `positional` and `objects` are the caller's, for the topmost node only.
  Instance make(const ConfigNode& node, Manner manner, const std::string& fullKey,
                const FactoryArguments* call = nullptr) const {
    if (!node.isContainer()) return {node};
    if (node.isList()) return list(node, manner, fullKey);
    if (const ConfigNode* convert = node.find("_convert_")) manner.convert = pythonStr(*convert);
    manner.recursive = boolAt(node, "_recursive_", manner.recursive, fullKey);
    const bool partial = boolAt(node, "_partial_", false, fullKey);
    const ConfigNode* target = node.find("_target_");
    if (!target) return dict(node, manner, fullKey);
    if (target->isMissing()) {
      throw ConfigError(ConfigFault::Missing, "Missing mandatory value: _target_", below(fullKey, "_target_"));
    }
    if (!target->isText()) {
      refuse(
          fmt::format("Expected a callable target, got '{}' of type '{}'", pythonStr(*target), pythonTypeOf(*target)),
          fullKey);
    }
    return this->call(node, target->text(), manner, partial, fullKey, call);
  }

 private:
  Instance list(const ConfigNode& node, const Manner& manner, const std::string& fullKey) const {
    Instance::List items;
    for (std::size_t i = 0; i < node.size(); ++i) {
      if (node.items()[i].isMissing()) missing(fullKey, std::to_string(i));
      items.push_back(make(node.items()[i], manner, fmt::format("{}[{}]", fullKey, i)));
    }
    return {std::move(items), manner.isPlain()};
  }

  Instance dict(const ConfigNode& node, const Manner& manner, const std::string& fullKey) const {
    Instance::Dict members;
    for (const auto& member : node.members()) {
      if (member.value.isMissing()) missing(fullKey, member.key.text());
      members.emplace_back(member.key, make(member.value, manner, below(fullKey, member.key.text())));
    }
    return {std::move(members), manner.isPlain()};
  }

  [[noreturn]] static void missing(const std::string& fullKey, const std::string& key) {
    throw ConfigError(ConfigFault::Missing, "Missing mandatory value: " + below(fullKey, key), below(fullKey, key));
  }

  Instance call(const ConfigNode& node, const std::string& target, const Manner& manner, bool partial,
                const std::string& fullKey, const FactoryArguments* call) const {
    const Factory* factory = nullptr;
    try {
      factory = &registry_.find(target);
    } catch (const ConfigError& error) {
      refuse(error.problem(), fullKey, error.cure());
    }
    FactoryArguments arguments;
    for (const auto& member : node.members()) {
      const std::string key = member.key.text();
      if (key == "_target_" || key == "_convert_" || key == "_recursive_" || key == "_partial_") continue;
      if (member.value.isMissing()) {
        if (partial) continue;
        missing(fullKey, key);
      }
      Instance value{member.value, manner.isPlain()};
      if (manner.recursive) value = make(member.value, manner, below(fullKey, key));
      if (key == "_args_") {
        arguments.positional = positionalOf(member.value, value, target, fullKey);
      } else {
        arguments.named.emplace_back(key, std::move(value));
      }
    }
    if (call) {
      if (!call->positional.empty()) arguments.positional = call->positional;
      for (const auto& [name, value] : call->named) {
        if (!value.node()) arguments.named.emplace_back(name, value);
      }
    }
    if (partial) return {std::make_shared<const BoundFactory>(target, *factory, std::move(arguments))};
    try {
      return (*factory)(arguments);
    } catch (const std::exception& error) {
      refuse(fmt::format("Error in call to target '{}':\n{}", target, describe(error)), fullKey);
    }
  }

  static std::vector<Instance> positionalOf(const ConfigNode& written, const Instance& made, const std::string& target,
                                            const std::string& fullKey) {
    if (!written.isList()) {
      refuse(fmt::format("Error in collecting args and kwargs for '{}':\nUnsupported _args_ type: '{}'. value: '{}'",
                         target, pythonTypeOf(written), pythonStr(written)),
             fullKey, "_args_ is a list.");
    }
    if (const auto* items = std::get_if<Instance::List>(&made.content)) return *items;
    std::vector<Instance> items;
    for (const auto& item : written.items()) items.push_back({item, made.plain});
    return items;
  }

  const FactoryRegistry& registry_;
};

// The node with the call's config arguments over it. It stands beside the original, so that relative interpolations
// find its neighbours and absolute ones what was there before.
std::string mergeBeside(ConfigNode& root, const InstantiateRequest& request) {
  ConfigNode over = ConfigNode::dict();
  for (const auto& [name, value] : request.arguments.named) {
    if (const ConfigNode* node = value.node()) over[name] = *node;
  }
  const ConfigNode* original = request.path.empty() ? &root : select(std::as_const(root), request.path);
  if (!original || !original->isDict()) return request.path;
  ConfigNode merged = *original;
  merged.structFlag = false;
  merged.readonlyFlag = false;
  merge(merged, over);
  for (const auto& [name, value] : request.arguments.named) {
    if (!value.node()) merged.erase(name);
  }
  const auto parts = splitKeyPath(request.path);
  if (parts.empty() || request.path.empty()) {
    root = std::move(merged);
    return {};
  }
  std::vector<std::string> above(parts.begin(), parts.end() - 1);
  ConfigNode* parent = above.empty() ? &root : select(root, join(above, "."));
  std::string name;
  if (parent->isList()) {
    name = std::to_string(parent->size());
    parent->items().push_back(std::move(merged));
  } else {
    name = parts.back();
    while (parent->find(name)) name += "_";
    (*parent)[name] = std::move(merged);
  }
  above.push_back(name);
  return join(above, ".");
}

}  // namespace

bool Instance::isNull() const { return node() && node()->isNull(); }

const Instance* FactoryArguments::find(std::string_view name) const {
  const auto found = std::find_if(named.begin(), named.end(), [&](const auto& one) { return one.first == name; });
  return found == named.end() ? nullptr : &found->second;
}

void FactoryRegistry::add(const std::string& word, Factory factory) {
  if (!factories_.emplace(word, std::move(factory)).second) {
    throw Error(ErrorKind::Bug, "a factory is registered twice", word);
  }
}

const Factory& FactoryRegistry::find(const std::string& target) const {
  const auto word = ourTarget(target);
  auto found = factories_.find(target);
  if (found == factories_.end() && word) found = factories_.find(*word);
  if (found != factories_.end()) return found->second;
  const std::string text =
      fmt::format("Error locating target '{}', set env var HYDRA_FULL_ERROR=1 to see chained exception.", target);
  if (word) {
    throw ConfigError(ConfigFault::Instantiate, text, {},
                      fmt::format("It means {}, which cannot be made in this place.", *word));
  }
  std::vector<std::string> words;
  for (const auto& [known, factory] : factories_) words.push_back(known);
  std::string near = nearestWord(target, words);
  if (near.empty()) near = nearestTarget(target);
  throw ConfigError(ConfigFault::Instantiate, text, {},
                    near.empty() ? "Python objects cannot be made here." : fmt::format("Did you mean '{}'?", near));
}

Instance BoundFactory::operator()(const FactoryArguments& more) const {
  FactoryArguments all = arguments_;
  all.positional.insert(all.positional.end(), more.positional.begin(), more.positional.end());
  for (const auto& [name, value] : more.named) {
    std::erase_if(all.named, [&name = name](const auto& one) { return one.first == name; });
    all.named.emplace_back(name, value);
  }
  return factory_(all);
}

Instance instantiate(const FactoryRegistry& registry, const InstantiateRequest& request, const Resolvers& resolvers) {
  if (!request.root) throw Error(ErrorKind::Bug, "there is no config to instantiate");
  ConfigNode changed;
  const ConfigNode* root = request.root;
  std::string path = request.path;
  if (!request.arguments.named.empty()) {
    changed = *request.root;
    path = mergeBeside(changed, request);
    root = &changed;
  }
  const ConfigNode node = path.empty() ? resolveAll(*root, resolvers) : resolveValue(*root, path, resolvers);
  if (node.isNull()) return {node};
  if (!node.isContainer()) {
    refuse(fmt::format("Cannot instantiate config of type {}.\nTop level config must be an OmegaConf "
                       "DictConfig/ListConfig object, a plain dict/list, or a Structured Config class or instance.",
                       pythonTypeOf(node)),
           request.path);
  }
  if (node.isList() && request.arguments.find("_partial_")) {
    refuse("The _partial_ keyword is not compatible with top-level list instantiation", request.path);
  }
  return Instantiator(registry).make(node, {}, request.path, &request.arguments);
}

}  // namespace counterpoint
