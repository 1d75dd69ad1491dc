// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/interpolation/evaluator.h"

#include "core/config/interpolation/evaluate.h"
#include "core/config/tree/access.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/tree_walk.h"

#include <fmt/format.h>

#include <algorithm>

namespace counterpoint {
namespace {

[[noreturn]] void fail(ConfigFault fault, std::string what, std::string cure = {}) {
  throw ConfigError(fault, std::move(what), {}, std::move(cure));
}

// Undoes one level of nesting, whatever ends it.
template <typename Undo>
struct AtEnd {
  Undo undo;
  ~AtEnd() { undo(); }
};
template <typename Undo>
AtEnd(Undo) -> AtEnd<Undo>;

}  // namespace

// A node that is in the tree already, or a value without a place.
struct Evaluator::Value {
  std::optional<PlacedNode> placed;
  ConfigNode own = {};
  const ConfigNode& node() const { return placed ? *placed->node : own; }
};

void Evaluator::spend(std::size_t nodes) {
  if ((nodes_ += nodes) > kMostInterpolationNodes) {
    fail(ConfigFault::InterpolationResolution,
         fmt::format("interpolations make more than {} values", kMostInterpolationNodes));
  }
}

void Evaluator::spendBytes(std::size_t bytes) {
  if ((bytes_ += bytes) > kMostInterpolationBytes) {
    fail(ConfigFault::InterpolationResolution,
         fmt::format("interpolations make more than {} MB of text", kMostInterpolationBytes >> 20));
  }
}

const InterpolationSyntax& Evaluator::parsed(const std::string& text) {
  const auto found = syntax_.find(text);
  if (found != syntax_.end()) return found->second;
  return syntax_.emplace(text, parseInterpolation(text)).first->second;
}

PlacedNode Evaluator::placed(Value value, const PlacedNode& at) {
  if (value.placed) return std::move(*value.placed);
  made_.push_back(std::move(value.own));
  final_.insert(&made_.back());
  return {at.parents, &made_.back()};
}

PlacedNode Evaluator::dereferenced(const PlacedNode& at) {
  // What an interpolation gave is a value, whatever it looks like.
  if (!at.node->isText() || !needsEvaluation(at.node->text()) || final_.count(at.node) != 0) return at;
  spend(1);
  if (++depth_ > kMostInterpolationDepth) {
    --depth_;
    fail(ConfigFault::InterpolationResolution, "Recursive interpolation detected: a chain of more than " +
                                                   std::to_string(kMostInterpolationDepth) + " references");
  }
  const AtEnd leave{[this] { --depth_; }};
  try {
    return placed(evaluate(parsed(at.node->text()), at), at);
  } catch (const ConfigError& error) {
    // The innermost node that fails is the one to mend.
    if (!error.where().empty()) throw;
    throw ConfigError(error.fault(), error.problem(), whereOf(fullKeyOf(at.parents, *at.node), at.node), error.cure());
  }
}

std::string Evaluator::joinedText(const InterpolationSyntax& syntax, const PlacedNode& at) {
  std::string text;
  for (const auto& part : syntax.parts) {
    const std::string piece =
        part.kind == InterpolationSyntax::Kind::Literal ? pythonText(part.value) : pythonStr(evaluate(part, at).node());
    spendBytes(piece.size());
    text += piece;
  }
  return text;
}

Evaluator::Value Evaluator::evaluate(const InterpolationSyntax& syntax, const PlacedNode& at) {
  using Kind = InterpolationSyntax::Kind;
  switch (syntax.kind) {
    case Kind::Literal: return {{}, syntax.value};
    case Kind::Node: return evaluateNode(syntax, at);
    case Kind::Resolver: return evaluateResolver(syntax, at);
    case Kind::Quoted: return {{}, ConfigScalar(joinedText(syntax, at))};
    case Kind::Text:
      if (syntax.parts.size() == 1 && syntax.parts[0].kind != Kind::Literal) return evaluate(syntax.parts[0], at);
      return {{}, ConfigScalar(joinedText(syntax, at))};
    case Kind::List: {
      ConfigNode list = ConfigNode::list();
      for (const auto& item : syntax.arguments) list.items().push_back(evaluate(item, at).node());
      return {{}, std::move(list)};
    }
    case Kind::Dict: {
      ConfigNode dict = ConfigNode::dict();
      for (std::size_t i = 0; i < syntax.keys.size(); ++i) {
        const ConfigNode key = evaluate(syntax.keys[i], at).node();
        if (key.isNull()) fail(ConfigFault::KeyValidation, "null is no key", "Write it in quotes.");
        dict[ConfigKey(key.scalar())] = evaluate(syntax.arguments[i], at).node();
      }
      return {{}, std::move(dict)};
    }
  }
  return {};
}

std::string Evaluator::keyText(const InterpolationSyntax& syntax, const PlacedNode& at, std::string_view use) {
  const Value value = evaluate(syntax, at);
  if (!value.node().isText()) {
    fail(ConfigFault::InterpolationResolution,
         fmt::format("{} should be a string, but {} is `{}`", use, syntax.source, pythonStr(value.node())));
  }
  return value.node().text();
}

Evaluator::Value Evaluator::evaluateNode(const InterpolationSyntax& syntax, const PlacedNode& at) {
  std::string path;
  for (std::size_t i = 0; i < syntax.parts.size(); ++i) {
    path += syntax.joins[i] + keyText(syntax.parts[i], at, "a config key");
  }
  path += syntax.joins.back();

  PlacedNode container = at;
  if (!at.parents.empty()) {
    container.node = at.parents.back();
    container.parents.pop_back();
  }
  std::optional<PlacedNode> found;
  try {
    found = select(container, path, true);
  } catch (const ConfigError& error) {
    if (error.fault() == ConfigFault::Missing) {
      throw ConfigError(ConfigFault::InterpolationToMissing,
                        "MissingMandatoryValue while resolving interpolation: " + error.problem(), {}, error.cure());
    }
    if (error.fault() == ConfigFault::Key) {
      throw ConfigError(ConfigFault::InterpolationKey,
                        "ConfigKeyError while resolving interpolation: " + error.problem());
    }
    if (error.fault() == ConfigFault::Type) {
      throw ConfigError(ConfigFault::InterpolationResolution,
                        "ConfigTypeError raised while resolving interpolation: " + error.problem());
    }
    throw;
  }
  if (!found) {
    const auto begin = path.find_first_not_of('.');
    fail(ConfigFault::InterpolationKey,
         fmt::format("Interpolation key '{}' not found", begin == std::string::npos ? path : path.substr(begin)));
  }
  if (found->node == container.node ||
      std::find(container.parents.begin(), container.parents.end(), found->node) != container.parents.end()) {
    fail(ConfigFault::InterpolationResolution, "Interpolation to parent node detected");
  }
  return {std::move(*found), {}};
}

Evaluator::Value Evaluator::evaluateResolver(const InterpolationSyntax& syntax, const PlacedNode& at) {
  std::string name;
  for (const auto& part : syntax.parts) {
    if (!name.empty()) name += '.';
    name += keyText(part, at, "the name of a resolver");
  }
  ResolverCall call{.node = at, .arguments = {}, .select = {}, .decode = {}};
  std::vector<std::string> texts;
  for (const auto& argument : syntax.arguments) {
    call.arguments.push_back(evaluate(argument, at).node());
    texts.push_back(argument.source);
    if (argument.source.empty()) {
      resolvers_.warn(fmt::format("In {} some elements are missing: write empty quotes for them", syntax.source));
    }
  }
  PlacedNode container = at;
  if (!at.parents.empty()) {
    container.node = at.parents.back();
    container.parents.pop_back();
  }
  call.select = [&](const std::string& path, bool throwOnMissing) { return select(container, path, throwOnMissing); };
  call.decode = [&](const std::string& text) { return evaluate(parseElement(text), at).node(); };
  spend(1);
  ResolverResult result = resolvers_.call(name, call, texts);
  if (auto* node = std::get_if<PlacedNode>(&result)) return {std::move(*node), {}};
  return {{}, std::move(std::get<ConfigNode>(result))};
}

std::optional<PlacedNode> Evaluator::select(const PlacedNode& from, const std::string& path, bool throwOnMissing) {
  if (!path.starts_with('.')) return walk({{}, &root_}, path, throwOnMissing);
  PlacedNode container = from;
  std::size_t at = 1;
  for (; at < path.size() && path[at] == '.'; ++at) {
    if (container.parents.empty()) fail(ConfigFault::Key, fmt::format("Error resolving key '{}'", path));
    container.node = container.parents.back();
    container.parents.pop_back();
  }
  return walk(std::move(container), path.substr(at), throwOnMissing);
}

std::optional<PlacedNode> Evaluator::walk(PlacedNode from, const std::string& path, bool throwOnMissing) {
  if (path.empty()) return from;
  const auto keys = splitKeyPath(path);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (from.node->isNull() || from.node->isMissing()) return std::nullopt;
    if (!from.node->isContainer()) {
      const std::vector<std::string> before(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(i));
      fail(ConfigFault::Type,
           fmt::format("Error trying to access {}: node `{}` is not a container and thus cannot contain `{}`", path,
                       join(before, "."), keys[i]));
    }
    if (from.node->isList() && !listIndex(keys[i])) {
      fail(ConfigFault::InterpolationResolution,
           fmt::format("TypeError raised while resolving interpolation: Index '{}' (str) is not an int", keys[i]));
    }
    const ConfigNode* child = childOf(*from.node, keys[i]);
    if (!child) return std::nullopt;
    from.parents.push_back(from.node);
    from.node = child;
    if (child->isMissing()) {
      if (throwOnMissing) {
        fail(ConfigFault::Missing, "Missing mandatory value: " + fullKeyOf(from.parents, *child));
      }
      return i + 1 == keys.size() ? std::optional(from) : std::nullopt;
    }
    const bool last = i + 1 == keys.size();
    if (last && std::find(pending_.begin(), pending_.end(), child) != pending_.end()) {
      fail(ConfigFault::InterpolationResolution, "Recursive interpolation detected");
    }
    if (last) pending_.push_back(child);
    const AtEnd leave{[&] {
      if (last) pending_.pop_back();
    }};
    from = dereferenced(from);
  }
  return from;
}

PlacedNode Evaluator::strictly(std::string_view path) {
  PlacedNode at{{}, &root_};
  if (path.empty()) return at;
  Flags flags;
  for (const auto& key : splitKeyPath(path)) {
    flags.enter(*at.node);
    const std::string full = extendedKey(fullKeyOf(at.parents, *at.node), key);
    const ConfigNode* child = nullptr;
    if (at.node->isList()) {
      child = &at.node->items()[checkedIndex(*at.node, key, full)];
    } else if (at.node->isDict()) {
      child = at.node->find(ConfigKey(key));
      if (!child && flags.isStruct) refuseUnknown(key, full, *at.node, ConfigFault::Key);
      if (!child) throw ConfigError(ConfigFault::Key, "Missing key " + key, whereOf(full, at.node));
    } else {
      throw ConfigError(ConfigFault::Type, fmt::format("'{}' is no container", fullKeyOf(at.parents, *at.node)),
                        whereOf(full, at.node));
    }
    at.parents.push_back(at.node);
    at.node = child;
    if (child->isMissing()) {
      throw ConfigError(ConfigFault::Missing, "Missing mandatory value: " + fullKeyOf(at.parents, *child),
                        placeOf(*child), fmt::format("Set {}=VALUE.", full));
    }
    at = dereferenced(at);
  }
  return at;
}

}  // namespace counterpoint
