// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/compose/apply_overrides.h"

#include "core/base/words.h"
#include "core/config/interpolation/evaluate.h"
#include "core/config/tree/access.h"
#include "core/config/tree/config_error.h"

#include <fmt/format.h>

#include <algorithm>

namespace counterpoint {
namespace {

[[noreturn]] void refuse(std::string what, const Override& override, std::string cure = {}) {
  throw ConfigError(ConfigFault::Composition, std::move(what), override.inputLine, std::move(cure));
}

// Python's ==: 1, 1.0 and true are equal.
bool pythonEquals(const ConfigNode& left, const ConfigNode& right) {
  const auto number = [](const ConfigNode& node) -> std::optional<double> {
    switch (node.kind()) {
      case ConfigNode::Kind::Bool: return std::get<bool>(node.scalar()) ? 1.0 : 0.0;
      case ConfigNode::Kind::Int: return static_cast<double>(std::get<std::int64_t>(node.scalar()));
      case ConfigNode::Kind::Float: return std::get<double>(node.scalar());
      default: return std::nullopt;
    }
  };
  if (left.isList() && right.isList()) {
    return std::equal(left.items().begin(), left.items().end(), right.items().begin(), right.items().end(),
                      pythonEquals);
  }
  if (left.isDict() && right.isDict()) {
    return left.size() == right.size() &&
           std::all_of(left.members().begin(), left.members().end(), [&](const ConfigNode::Member& member) {
             const ConfigNode* other = right.find(member.key);
             return other && pythonEquals(member.value, *other);
           });
  }
  const auto first = number(left), second = number(right);
  return first && second ? *first == *second : left == right;
}

void collectPaths(const ConfigNode& node, const std::string& prefix, std::vector<std::string>& paths) {
  if (!node.isDict()) return;
  for (const auto& member : node.members()) {
    const std::string path = prefix.empty() ? member.key.text() : prefix + "." + member.key.text();
    paths.push_back(path);
    collectPaths(member.value, path, paths);
  }
}

std::string didYouMean(const ConfigNode& root, const std::string& key) {
  std::vector<std::string> paths;
  collectPaths(root, {}, paths);
  const std::string near = nearestWord(key, paths);
  return near.empty() || near == key ? std::string() : fmt::format("Did you mean '{}'?", near);
}

// The declared type of a key below "hydra"; null where it has none.
const ConfigType* typeAt(const ConfigType& hydraType, const std::string& key) {
  const auto parts = splitKeyPath(key);
  if (parts.empty() || parts.front() != "hydra") return nullptr;
  const ConfigType* type = &hydraType;
  for (std::size_t i = 1; i < parts.size() && type; ++i) {
    if (type->kind == ConfigType::Kind::Struct) {
      const auto field = std::find_if(type->fields.begin(), type->fields.end(),
                                      [&](const ConfigType::Field& one) { return one.name == parts[i]; });
      type = field == type->fields.end() ? nullptr : &field->type;
    } else {
      type = type->element.get();
    }
  }
  return type;
}

class Applier {
 public:
  Applier(ConfigNode& root, const Resolvers& resolvers, const ConfigType& hydraType)
      : root_(root), resolvers_(resolvers), hydraType_(hydraType) {}

  void apply(const Override& override) {
    if (override.package) {
      refuse(fmt::format("Override {} looks like a config group override, but config group '{}' does not exist.",
                         override.inputLine, override.keyOrGroup),
             override);
    }
    try {
      if (override.isDelete()) {
        remove(override);
      } else {
        set(override);
      }
    } catch (const ConfigError& error) {
      if (error.fault() == ConfigFault::Composition) throw;
      refuse(fmt::format("Error merging override {}\n{}", override.inputLine, error.problem()), override, error.cure());
    }
  }

 private:
  // The value there, through interpolations; nothing for null, missing and absent ones.
  std::optional<ConfigNode> current(const std::string& key) const {
    std::optional<ConfigNode> value;
    try {
      value = selectResolved(root_, key, resolvers_);
    } catch (const ConfigError& error) {
      // Behind a leaf there is nothing.
      if (error.fault() != ConfigFault::Type) throw;
    }
    if (value && (value->isNull() || value->isMissing())) value.reset();
    return value;
  }

  void remove(const Override& override) {
    const std::string& key = override.keyOrGroup;
    const auto there = current(key);
    if (!there) {
      refuse(fmt::format("Could not delete from config. '{}' does not exist.", key), override, didYouMean(root_, key));
    }
    const ConfigNode value = override.node();
    if (!value.isNull() && !pythonEquals(value, *there)) {
      refuse(fmt::format("Could not delete from config. The value of '{}' is {} and not {}.", key, pythonStr(*there),
                         pythonStr(value)),
             override);
    }
    if (typeAt(hydraType_, key)) {
      refuse(fmt::format("Error merging override {}\nThe hydra node does not support deletion", override.inputLine),
             override);
    }
    const auto flag = root_.structFlag;
    root_.structFlag = false;
    erase(root_, key);
    root_.structFlag = flag;
  }

  void set(const Override& override) {
    const std::string& key = override.keyOrGroup;
    ConfigNode value = override.node();
    if (override.isAdd() && !value.isContainer() && current(key)) {
      refuse(
          fmt::format("Could not append to config. An item is already at '{}'.\nEither remove + prefix: '{}'\nOr add "
                      "a second + to add or override '{}': '+{}'\n",
                      key, override.inputLine.substr(1), key, override.inputLine),
          override);
    }
    if (const ConfigType* type = typeAt(hydraType_, key); type && type->kind != ConfigType::Kind::Any) {
      const ConfigType::Kind kind = type->kind;
      // A part of a struct or dict merges into what stands there; its keys are judged by struct mode.
      const bool isPart = value.isDict() && (kind == ConfigType::Kind::Struct || kind == ConfigType::Kind::Dict);
      if (!isPart) value = converted(std::move(value), *type, key);
    }
    addOrigin(value, {ConfigOrigin::Layer::Override, std::make_shared<const std::string>(override.inputLine), {}});
    UpdateOptions options;
    options.forceAdd = override.isAdd() || override.isForceAdd();
    options.resolvers = &resolvers_;
    try {
      update(root_, key, std::move(value), options);
    } catch (const ConfigError& error) {
      const bool isUnknown = error.fault() == ConfigFault::Key || error.fault() == ConfigFault::Attribute;
      if (!isUnknown || options.forceAdd) throw;
      refuse(fmt::format("Could not override '{}'.\nTo append to your config use +{}", key, override.inputLine),
             override, didYouMean(root_, key));
    }
  }

  ConfigNode& root_;
  const Resolvers& resolvers_;
  const ConfigType& hydraType_;
};

}  // namespace

void applyOverrides(ConfigNode& root, std::span<const Override> overrides, const Resolvers& resolvers,
                    const ConfigType& hydraType) {
  Applier applier(root, resolvers, hydraType);
  for (const auto& override : overrides) applier.apply(override);
}

}  // namespace counterpoint
