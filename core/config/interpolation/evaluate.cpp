// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/interpolation/evaluate.h"

#include "core/config/interpolation/evaluator.h"
#include "core/config/interpolation/grammar.h"
#include "core/config/tree/access.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/tree_walk.h"

#include <fmt/format.h>

namespace counterpoint {
namespace {

// The tree below a node without interpolations. `depth` counts the containers entered on the way, as references may
// lead in circles of any length.
class Resolution {
 public:
  Resolution(const ConfigNode& root, const Resolvers& resolvers, const ResolveOptions& options)
      : evaluator_(root, resolvers), options_(options) {}

  Evaluator& evaluator() { return evaluator_; }

  ConfigNode resolved(const PlacedNode& at, std::size_t depth = 0) {
    evaluator_.spend(1);
    if (depth > kMostInterpolationDepth) {
      throw ConfigError(ConfigFault::InterpolationResolution,
                        "Recursive interpolation detected: it leads through more than " +
                            std::to_string(kMostInterpolationDepth) + " levels",
                        placeOf(*at.node));
    }
    PlacedNode found = at;
    try {
      found = evaluator_.dereferenced(at);
    } catch (const ConfigError& error) {
      if (error.fault() == ConfigFault::InterpolationToMissing && !options_.throwOnMissingTarget &&
          !options_.throwOnMissing) {
        return missingAt(*at.node);
      }
      throw;
    }
    const ConfigNode& node = *found.node;
    if (node.isMissing() && options_.throwOnMissing) {
      const std::string key = fullKeyOf(found.parents, node);
      throw ConfigError(ConfigFault::Missing, "Missing mandatory value: " + key, placeOf(node),
                        "Set " + key + "=VALUE.");
    }
    ConfigNode result;
    if (!node.isContainer()) {
      result = node;
      evaluator_.spendBytes(node.isText() ? node.text().size() : 0);
    } else {
      result = node.isList() ? ConfigNode::list() : ConfigNode::dict();
      std::vector<const ConfigNode*> parents = found.parents;
      parents.push_back(&node);
      if (node.isList()) {
        for (const auto& item : node.items()) result.items().push_back(resolved({parents, &item}, depth + 1));
      } else {
        for (const auto& member : node.members()) result[member.key] = resolved({parents, &member.value}, depth + 1);
      }
    }
    result.structFlag = at.node->structFlag;
    result.readonlyFlag = at.node->readonlyFlag;
    result.origins = at.node->origins;
    return result;
  }

 private:
  static ConfigNode missingAt(const ConfigNode& node) {
    ConfigNode missing("???");
    missing.origins = node.origins;
    return missing;
  }

  Evaluator evaluator_;
  const ResolveOptions& options_;
};

}  // namespace

ConfigNode resolveValue(const ConfigNode& root, std::string_view path, const Resolvers& resolvers,
                        const ResolveOptions& options) {
  ResolveOptions strict = options;
  strict.throwOnMissingTarget = true;
  Resolution resolution(root, resolvers, strict);
  const PlacedNode found = resolution.evaluator().strictly(path);
  // A leaf is final: what is left of an escaped "${" in it is text.
  return found.node->isContainer() ? resolution.resolved(found) : *found.node;
}

ConfigNode resolveAll(const ConfigNode& root, const Resolvers& resolvers, const ResolveOptions& options) {
  return Resolution(root, resolvers, options).resolved({{}, &root});
}

std::optional<ConfigNode> selectResolved(const ConfigNode& root, std::string_view path, const Resolvers& resolvers) {
  Evaluator evaluator(root, resolvers);
  const auto found = evaluator.select({{}, &root}, std::string(path), false);
  if (!found) return std::nullopt;
  return *found->node;
}

ConfigNode resolveText(const ConfigNode& root, std::string_view text, const Resolvers& resolvers) {
  const ConfigNode value{ConfigScalar(std::string(text))};
  const ResolveOptions strict{.throwOnMissingTarget = true};
  return Resolution(root, resolvers, strict).resolved({{&root}, &value});
}

void checkInterpolations(const ConfigNode& node, const std::string& key) {
  if (node.isText() && needsEvaluation(node.text())) {
    try {
      parseInterpolation(node.text());
    } catch (const ConfigError& error) {
      throw ConfigError(error.fault(), error.problem(), whereOf(key, &node), error.cure());
    }
  } else if (node.isList()) {
    for (std::size_t i = 0; i < node.size(); ++i) checkInterpolations(node.items()[i], fmt::format("{}[{}]", key, i));
  } else if (node.isDict()) {
    for (const auto& member : node.members()) checkInterpolations(member.value, extendedKey(key, member.key.text()));
  }
}

}  // namespace counterpoint
