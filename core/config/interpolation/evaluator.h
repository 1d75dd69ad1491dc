// SPDX-License-Identifier: GPL-3.0-or-later
// Follows interpolations of one tree. Keeps parsed texts and the values made on the way; lives for one question.
#pragma once

#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/config/interpolation/grammar.h"
#include "core/config/interpolation/resolvers.h"

namespace counterpoint {

class Evaluator {
 public:
  Evaluator(const ConfigNode& root, const Resolvers& resolvers) : root_(root), resolvers_(resolvers) {}

  // The node itself, or what its interpolation means: a node of the tree or one made here. Throws ConfigError with the
  // full key and place of the node that holds the interpolation.
  PlacedNode dereferenced(const PlacedNode& at);
  // cfg["a"]["b"], through interpolations.
  PlacedNode strictly(std::string_view path);
  // OmegaConf.select: from the root of the tree, for leading dots from `from`, which must be a container.
  std::optional<PlacedNode> select(const PlacedNode& from, const std::string& path, bool throwOnMissing);

  // Count what is made; throw ConfigError{InterpolationResolution} when a bound is passed.
  void spend(std::size_t nodes);
  void spendBytes(std::size_t bytes);

 private:
  struct Value;

  Value evaluate(const InterpolationSyntax& syntax, const PlacedNode& at);
  Value evaluateNode(const InterpolationSyntax& syntax, const PlacedNode& at);
  Value evaluateResolver(const InterpolationSyntax& syntax, const PlacedNode& at);
  std::string joinedText(const InterpolationSyntax& syntax, const PlacedNode& at);
  std::string keyText(const InterpolationSyntax& syntax, const PlacedNode& at, std::string_view use);
  std::optional<PlacedNode> walk(PlacedNode from, const std::string& path, bool throwOnMissing);
  const InterpolationSyntax& parsed(const std::string& text);
  PlacedNode placed(Value value, const PlacedNode& at);

  const ConfigNode& root_;
  const Resolvers& resolvers_;
  std::unordered_map<std::string, InterpolationSyntax> syntax_;
  std::list<ConfigNode> made_;
  std::unordered_set<const ConfigNode*> final_;  // those of made_
  std::vector<const ConfigNode*> pending_;  // nodes whose values are being worked out
  std::size_t nodes_ = 0, bytes_ = 0, depth_ = 0;
};

}  // namespace counterpoint
