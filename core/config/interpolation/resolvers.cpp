// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/interpolation/resolvers.h"

#include "core/base/words.h"
#include "core/config/interpolation/evaluate.h"
#include "core/config/tree/access.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/tree_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

namespace counterpoint {
namespace {

[[noreturn]] void fail(std::string what, std::string cure = {}) {
  throw ConfigError(ConfigFault::InterpolationResolution, std::move(what), {}, std::move(cure));
}

const std::string& keyArgument(const ResolverCall& call, std::string_view name) {
  const ConfigNode& key = call.arguments[0];
  if (!key.isText()) fail(fmt::format("`{}` requires a string as input, but obtained `{}`", name, pythonStr(key)));
  return key.text();
}

ResolverResult env(const ResolverCall& call) {
  const std::string name = keyArgument(call, "oc.env");
  if (const char* value = std::getenv(name.c_str())) return ConfigNode(ConfigScalar(std::string(value)));
  if (call.arguments.size() < 2) {
    fail(fmt::format("Environment variable '{}' not found", name),
         fmt::format("Set it, or write ${{oc.env:{},DEFAULT}}.", name));
  }
  const ConfigNode& fallback = call.arguments[1];
  return fallback.isNull() ? fallback : ConfigNode(ConfigScalar(pythonStr(fallback)));
}

ResolverResult decode(const ResolverCall& call) {
  const ConfigNode& text = call.arguments[0];
  if (text.isNull()) return text;
  if (!text.isText())
    fail(fmt::format("`oc.decode` can only take strings or None as input, but got `{}`", pythonStr(text)));
  return call.decode(text.text());
}

ResolverResult selectKey(const ResolverCall& call) {
  const std::string key = keyArgument(call, "oc.select");
  std::optional<PlacedNode> found;
  try {
    found = call.select(key, false);
  } catch (const ConfigError& error) {
    if (error.fault() != ConfigFault::Type) throw;
  }
  if (found && !found->node->isMissing()) return *found;
  return call.arguments.size() > 1 ? call.arguments[1] : ConfigNode();
}

PlacedNode dictAt(const ResolverCall& call, std::string_view name) {
  const std::string key = keyArgument(call, name);
  const auto found = call.select(key, true);
  if (!found) fail(fmt::format("ConfigKeyError raised while resolving interpolation: Key not found: '{}'", key));
  if (!found->node->isDict()) fail(fmt::format("`{}` cannot be applied to `{}`", name, pythonStr(*found->node)));
  return *found;
}

ResolverResult dictKeys(const ResolverCall& call) {
  ConfigNode list = ConfigNode::list();
  for (const auto& member : dictAt(call, "oc.dict.keys").node->members()) list.items().push_back(member.key.scalar());
  return list;
}

ResolverResult dictValues(const ResolverCall& call) {
  ConfigNode list = ConfigNode::list();
  std::string key = keyArgument(call, "oc.dict.values");
  const PlacedNode dict = dictAt(call, "oc.dict.values");
  // The list is one container more between the value and what a relative key starts from.
  if (key.starts_with('.')) key.insert(0, 1, '.');
  for (const auto& member : dict.node->members()) {
    list.items().push_back(ConfigScalar(fmt::format("${{{}.{}}}", key, member.key.text())));
  }
  return list;
}

std::string replaced(std::string text, std::string_view mark, const std::string& with) {
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + with.size())) {
    text.replace(at, mark.size(), with);
  }
  return text;
}

ResolverResult deprecated(const std::function<void(const std::string&)>& warn, const ResolverCall& call) {
  const std::string key = keyArgument(call, "oc.deprecated");
  std::string message = "'$OLD_KEY' is deprecated. Change your code and config to use '$NEW_KEY'";
  if (call.arguments.size() > 1) {
    if (!call.arguments[1].isText()) fail("oc.deprecated: interpolation message type is not a string");
    message = call.arguments[1].text();
  }
  const auto found = call.select(key, false);
  if (!found) fail(fmt::format("In oc.deprecated resolver at '{}': Key not found: '{}'", call.fullKey(), key));
  message = replaced(std::move(message), "$OLD_KEY", call.fullKey());
  if (warn) warn(replaced(std::move(message), "$NEW_KEY", fullKeyOf(found->parents, *found->node)));
  return *found;
}

}  // namespace

std::string ResolverCall::fullKey() const { return fullKeyOf(node.parents, *node.node); }

Resolvers::Resolvers(std::function<void(const std::string&)> warn) : warn_(std::move(warn)) {
  const auto entry = [](Function function, std::size_t fewest, std::size_t most) {
    return Entry{.function = std::move(function), .fewest = fewest, .most = most};
  };
  add("oc.env", entry(env, 1, 2));
  add("oc.decode", entry(decode, 1, 1));
  add("oc.select", entry(selectKey, 1, 2));
  add("oc.create", entry([](const ResolverCall& call) { return call.arguments[0]; }, 1, 1));
  add("oc.dict.keys", entry(dictKeys, 1, 1));
  add("oc.dict.values", entry(dictValues, 1, 1));
  add("oc.deprecated", entry([warn = warn_](const ResolverCall& call) { return deprecated(warn, call); }, 1, 2));
}

void Resolvers::add(const std::string& name, Entry entry, bool replace) {
  if (!replace && has(name)) throw Error(ErrorKind::Bug, fmt::format("the resolver {} is registered twice", name));
  entries_[name] = std::move(entry);
}

void Resolvers::warn(const std::string& text) const {
  if (warn_) warn_(text);
}

ResolverResult Resolvers::call(const std::string& name, const ResolverCall& call,
                               const std::vector<std::string>& texts) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) {
    std::vector<std::string> known;
    for (const auto& [other, entry] : entries_) known.push_back(other);
    const std::string near = nearestWord(name, known);
    throw ConfigError(ConfigFault::UnsupportedResolver, "Unsupported interpolation type " + name, {},
                      near.empty() ? "" : fmt::format("Do you mean {}?", near));
  }
  const Entry& entry = found->second;
  if (entry.cached) {
    const auto cached = cache_.find({name, texts});
    if (cached != cache_.end()) return cached->second;
  }
  const std::size_t count = call.arguments.size();
  if (count < entry.fewest || count > entry.most.value_or(count)) {
    fail(fmt::format("the resolver {} takes {} arguments, not {}", name,
                     entry.most == entry.fewest ? std::to_string(entry.fewest)
                     : entry.most               ? fmt::format("{} to {}", entry.fewest, *entry.most)
                                                : fmt::format("{} or more", entry.fewest),
                     count));
  }
  ResolverResult result;
  try {
    result = entry.function(call);
  } catch (const ConfigError& error) {
    switch (error.fault()) {
      case ConfigFault::InterpolationKey:
      case ConfigFault::InterpolationToMissing:
      case ConfigFault::InterpolationResolution:
      case ConfigFault::UnsupportedResolver: throw;
      default:
        throw ConfigError(
            ConfigFault::InterpolationResolution,
            fmt::format("{} raised while resolving interpolation: {}", pythonNameOf(error.fault()), error.problem()),
            error.where(), error.cure());
    }
  } catch (const std::exception& error) {
    fail(fmt::format("the resolver {} failed: {}", name, error.what()));
  }
  if (entry.cached) {
    const auto* own = std::get_if<ConfigNode>(&result);
    cache_[{name, texts}] = own ? *own : *std::get<PlacedNode>(result).node;
  }
  return result;
}

void addHydraResolvers(Resolvers& resolvers, const HydraResolverOptions& options) {
  const auto now = [clock = options.secondsSinceEpoch](const ResolverCall& call) -> ResolverResult {
    const std::time_t seconds = clock ? static_cast<std::time_t>(clock()) : std::time(nullptr);
    std::tm parts{};
    localtime_r(&seconds, &parts);
    const std::string format = keyArgument(call, "now");
    // strftime tells an empty result and a full buffer alike.
    std::string text(format.size() * 8 + 256, '\0');
    text.resize(std::strftime(text.data(), text.size(), format.c_str(), &parts));
    return ConfigNode(ConfigScalar(std::move(text)));
  };
  resolvers.add("now", {.function = now, .fewest = 1, .most = 1, .cached = true}, true);

  const auto hydra = [node = options.hydra](const ResolverCall& call) -> ResolverResult {
    const std::string path = keyArgument(call, "hydra");
    if (node) {
      Resolvers inner;
      addHydraResolvers(inner, {.secondsSinceEpoch = {}, .hydra = node});
      ConfigNode root = ConfigNode::dict();
      root["hydra"] = *node;
      return resolveValue(root, "hydra." + path, inner);
    }
    const auto found = call.select("hydra." + path, true);
    if (!found) fail(fmt::format("the hydra node has no \"{}\"", path));
    return *found;
  };
  resolvers.add("hydra", {.function = hydra, .fewest = 1, .most = 1}, true);

  const auto version = [text = options.pythonVersion](const ResolverCall& call) -> ResolverResult {
    const auto parts = split(text, '.');
    const std::string level = call.arguments.empty() ? "minor" : pythonStr(call.arguments[0]);
    const std::vector<std::string> levels = {"major", "minor", "micro"};
    const auto found = std::find(levels.begin(), levels.end(), level);
    if (found == levels.end()) fail(fmt::format("python_version knows major, minor, micro, not \"{}\"", level));
    const auto count = std::min<std::size_t>(static_cast<std::size_t>(found - levels.begin()) + 1, parts.size());
    return ConfigNode(ConfigScalar(join({parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(count)}, ".")));
  };
  resolvers.add("python_version", {.function = version, .fewest = 0, .most = 1, .cached = true}, true);
}

}  // namespace counterpoint
