// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/compose/defaults_list.h"

#include "core/base/words.h"
#include "core/config/compose/choice_text.h"
#include "core/config/compose/group_overrides.h"
#include "core/config/tree/config_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace counterpoint {
namespace {

// A config that names itself, directly or not, would go on for ever.
constexpr int kMaxDepth = 100;

[[noreturn]] void refuse(std::string what, const DefaultElement& element, std::string cure = {}) {
  throw ConfigError(ConfigFault::Composition, std::move(what), element.place, std::move(cure));
}

std::string optionText(const DefaultElement& element) { return element.configName().value_or("None"); }

// What a file's own content adds to its defaults: `_self_` where it is not written.
bool addSelf(std::vector<DefaultElement>& defaults, const DefaultElement& owner, bool hasContent,
             std::vector<std::string>& warnings) {
  const auto selves = std::count_if(defaults.begin(), defaults.end(), [](const auto& one) { return one.isSelf(); });
  if (selves > 1) {
    refuse(fmt::format("Duplicate _self_ defined in {}", owner.configPath()), owner, "Keep one of them.");
  }
  const bool hasChoice = std::any_of(defaults.begin(), defaults.end(), [](const auto& one) { return !one.override; });
  if (defaults.empty() || (selves == 0 && hasChoice)) {
    if (owner.primary && hasContent && hasChoice) {
      warnings.push_back(
          fmt::format("In '{}': Defaults list is missing `_self_`. Its own values come last, over all "
                      "that the list names; write _self_ where they belong.",
                      owner.configPath()));
    }
    defaults.push_back(DefaultElement::config("_self_"));
  }
  return selves == 0;
}

class TreeBuilder {
 public:
  TreeBuilder(ConfigRepository& repository, GroupOverrides& overrides, bool skipMissing)
      : repository_(repository), version_(repository.version()), overrides_(overrides), skipMissing_(skipMissing) {}

  void expandRoot(DefaultsTree& root) {
    for (auto child = root.children.rbegin(); child != root.children.rend(); ++child) {
      child->element.setParent("", "");
      expand(*child, &root, child->element.primary, false);
    }
  }

 private:
  void expand(DefaultsTree& node, const DefaultsTree* parent, bool isRoot, bool interpolated) {
    struct Depth {
      explicit Depth(int& level) : level(++level) {}
      ~Depth() { --level; }
      int& level;
    } depth(depth_);
    DefaultElement& owner = node.element;
    if (depth_ > kMaxDepth) {
      refuse(fmt::format("Defaults lists nest more than {} deep at '{}'", kMaxDepth, owner.configPath()), owner,
             "A config must not name itself, directly or through others.");
    }
    if (isRoot && !repository_.configExists(owner.configPath())) notFound(owner, parent);
    if (!owner.isMissing()) {
      if (const auto* found = repository_.load(owner.configPath())) {
        owner.setHeader(found->loaded->header, repository_.warnings());
      }
    }
    if (overrides_.isDeleted(owner)) return overrides_.markDeleted(owner);
    overrides_.setKnownChoice(owner);
    if (!owner.configName() || isUnchosen(owner)) return;
    const auto* found = repository_.load(owner.configPath());
    if (!found) {
      if (!owner.optional) notFound(owner, parent);
      owner.deleted = true;
      return;
    }
    std::vector<DefaultElement> defaults = found->defaults;
    bool selfAdded = false;
    if (!defaults.empty() || (isRoot && !overrides_.appended.empty())) {
      selfAdded = addSelf(defaults, owner, hasContent(found->loaded->content), repository_.warnings());
    }
    if (isRoot) defaults.insert(defaults.end(), overrides_.appended.begin(), overrides_.appended.end());
    registerOverrides(defaults, owner, interpolated);
    addChildren(node, defaults, interpolated);
    expandInterpolations(node, defaults, selfAdded);
    std::reverse(node.children.begin(), node.children.end());
  }

  static bool hasContent(const ConfigNode& content) {
    if (!content.isDict()) return false;
    return std::any_of(content.members().begin(), content.members().end(),
                       [](const auto& member) { return !member.value.isMissing(); });
  }

  // Children from the last to the first, as choices are registered in that order.
  void addChildren(DefaultsTree& node, std::vector<DefaultElement>& defaults, bool interpolated) {
    const DefaultElement& owner = node.element;
    for (auto one = defaults.rbegin(); one != defaults.rend(); ++one) {
      if (one->isSelf()) {
        node.children.push_back({*one, {}});
        continue;
      }
      if (one->override) continue;
      setParent(*one, owner);
      overrides_.applyTo(*one);
      if (one->options) {
        for (auto option = one->options->rbegin(); option != one->options->rend(); ++option) {
          addChild(node, elementOf(*one, *option, owner), interpolated);
        }
      } else if (one->isInterpolation()) {
        node.children.push_back({*one, {}});
      } else {
        addChild(node, *one, interpolated);
      }
    }
  }

  DefaultElement elementOf(const DefaultElement& group, const std::string& option, const DefaultElement& owner) const {
    if (option.find("${") != std::string::npos) {
      refuse(fmt::format("In '{}': Defaults List interpolation is not supported in options list items",
                         owner.configPath()),
             group);
    }
    auto element = DefaultElement::config(group.name + "/" + option, group.package);
    element.optional = group.optional;
    element.place = group.place;
    setParent(element, owner);
    return element;
  }

  void addChild(DefaultsTree& node, DefaultElement element, bool interpolated) {
    DefaultsTree child{std::move(element), {}};
    expand(child, &node, false, interpolated);
    node.children.push_back(std::move(child));
  }

  void setParent(DefaultElement& element, const DefaultElement& owner) const {
    element.setParent(owner.groupPath(), owner.finalPackage(version_));
  }

  void expandInterpolations(DefaultsTree& node, const std::vector<DefaultElement>& defaults, bool selfAdded) {
    const auto isOpen = [](const DefaultsTree& child) {
      return child.children.empty() && !child.element.isSelf() && child.element.isInterpolation();
    };
    if (std::none_of(node.children.begin(), node.children.end(), isOpen)) return;
    const ConfigNode known = knownChoices(defaults, selfAdded);
    for (auto& child : node.children) {
      if (!isOpen(child)) continue;
      DefaultElement& element = child.element;
      const std::string text = element.isGroup() ? *element.option : element.configPath();
      if (element.isGroup() && isLegacyInterpolation(text)) {
        const auto legacy = fmt::format("Defaults list element '{}={}' is using a deprecated interpolation form.",
                                        element.overrideKey(version_), text);
        if (version_.atLeast(2)) refuse(legacy, element, "Name the group instead: ${GROUP}.");
        repository_.warnings().push_back(legacy);
      }
      const std::string chosen = choiceText(text, known, element.place);
      if (element.isGroup()) {
        element.option = chosen;
      } else {
        element.name = chosen;
      }
      setParent(element, node.element);
      expand(child, &node, false, true);
    }
  }

  static bool isLegacyInterpolation(const std::string& text) {
    constexpr std::string_view kStart = "${defaults.";
    return text.starts_with(kStart) && text.size() > kStart.size() + 1 && std::isdigit(text[kStart.size()]) &&
           text[kStart.size() + 1] == '.';
  }

  ConfigNode knownChoices(const std::vector<DefaultElement>& defaults, bool selfAdded) const {
    ConfigNode known = ConfigNode::dict();
    for (const auto& [key, option] : overrides_.knownChoices) {
      known[key] = option ? ConfigNode(ConfigScalar(*option)) : ConfigNode();
    }
    ConfigNode list = ConfigNode::list();
    for (const auto& one : defaults) {
      if (selfAdded && one.isSelf()) continue;
      ConfigNode item;
      if (!one.isGroup()) {
        item = ConfigNode(ConfigScalar(one.configPath()));
      } else {
        item = ConfigNode::dict();
        item[one.overrideKey(version_)] = one.option ? ConfigNode(ConfigScalar(*one.option)) : ConfigNode();
      }
      list.items().push_back(std::move(item));
    }
    known["defaults"] = std::move(list);
    return known;
  }

  void registerOverrides(std::vector<DefaultElement>& defaults, const DefaultElement& owner, bool interpolated) {
    const DefaultElement* last = nullptr;
    bool seen = false;
    for (auto& one : defaults) {
      if (one.isSelf()) continue;
      setParent(one, owner);
      const bool legacy = one.isGroup() && !version_.atLeast(2) && !one.override && one.name.starts_with("hydra/");
      if (seen && !one.override && !one.externalAppend && !legacy) {
        refuse(fmt::format("In {}: Override '{} : {}' is defined before '{}: {}'.\nOverrides must be at the end of the "
                           "defaults list",
                           owner.configPath(), last->overrideKey(version_), optionText(*last),
                           one.overrideKey(version_), optionText(one)),
               one);
      }
      if (!one.isGroup()) continue;
      if (legacy) {
        one.override = true;
        repository_.warnings().push_back(
            fmt::format("In {}: Invalid overriding of {}: Default list overrides requires 'override' keyword.",
                        owner.configPath(), one.name));
      }
      if (!one.override) continue;
      seen = seen || !legacy;
      last = &one;
      if (interpolated) {
        refuse(fmt::format("{}: Default List Overrides are not allowed in the subtree\nof an in interpolated config "
                           "group (override {}={}).",
                           owner.configPath(), one.overrideKey(version_), optionText(one)),
               one);
      }
      overrides_.add(owner.configPath(), one);
    }
  }

  bool isUnchosen(const DefaultElement& element) const {
    if (!element.configPath().ends_with("???")) return false;
    if (skipMissing_) return true;
    if (!element.isGroup()) {
      refuse(fmt::format("Missing ConfigDefault is not supported : {}", element.configPath()), element);
    }
    const std::string key = element.overrideKey(version_);
    std::string text = fmt::format("You must specify '{0}', e.g, {0}=<OPTION>\nAvailable options:", key);
    for (const auto& option : repository_.options(element.groupPath())) text += "\n\t" + option;
    refuse(text, element);
  }

  [[noreturn]] void notFound(const DefaultElement& element, const DefaultsTree* parent) const {
    const std::string path = element.configPath();
    const std::string group = element.groupPath();
    const auto options = repository_.options(group);
    std::string text, cure;
    if (element.primary) {
      text = fmt::format("Cannot find primary config '{}'. Check that it's in your config search path.\n", path);
    } else if (element.isGroup()) {
      text = fmt::format("Could not find '{}'\n", path);
      if (!options.empty()) text += fmt::format("\nAvailable options in '{}':\n\t{}", group, join(options, "\n\t"));
    } else {
      text = fmt::format("Could not load '{}'.\n", path);
    }
    if (!element.primary && parent) text = fmt::format("In '{}': {}", parent->element.configPath(), text);
    text += "\nConfig search path:";
    for (const auto& source : repository_.sources()) text += "\n\t" + source.text();
    const std::string near = nearestWord(element.configName().value_or(""), options);
    if (!near.empty()) cure = fmt::format("Did you mean '{}'?", near);
    throw ConfigError(ConfigFault::MissingConfig, text, element.place, cure);
  }

  ConfigRepository& repository_;
  VersionBase version_;
  GroupOverrides& overrides_;
  bool skipMissing_;
  int depth_ = 0;
};

void collect(const DefaultsTree& node, const DefaultsTree* parent, const DefaultsTree* grandparent,
             const VersionBase& version, std::vector<ResultDefault>& list) {
  if (!node.children.empty()) {
    for (const auto& child : node.children) collect(child, &node, parent, version, list);
    return;
  }
  const DefaultElement& element = node.element;
  if (element.isVirtual() || element.deleted || element.isMissing() || !element.configName()) return;
  ResultDefault result;
  const DefaultElement& loaded = element.isSelf() ? parent->element : element;
  const DefaultsTree* asker = element.isSelf() ? grandparent : parent;
  result.configPath = loaded.configPath();
  result.package = loaded.finalPackage(version);
  if (asker) result.parent = asker->element.configPath();
  if (!element.isSelf() && element.isGroup()) result.overrideKey = element.overrideKey(version);
  result.isSelf = element.isSelf();
  result.primary = loaded.primary;
  result.place = loaded.place;
  list.push_back(std::move(result));
}

}  // namespace

std::string DefaultsTree::label(const VersionBase& version) const {
  if (!element.isGroup()) return element.configPath();
  return element.overrideKey(version) + ": " + element.configName().value_or("null");
}

DefaultsList createDefaultsList(ConfigRepository& repository, const std::string& name,
                                std::span<const Override> overrides, const DefaultsOptions& options) {
  constexpr const char* kNoConfig = "_dummy_empty_config_";
  if (name.empty()) {
    LoadedConfig empty;
    empty.content = ConfigNode::dict();
    repository.replace(kNoConfig, empty);
  }
  GroupOverrides groups(repository, overrides);
  DefaultsList made;
  made.tree.element = DefaultElement::virtualRoot();
  if (options.withHydra) made.tree.children.push_back({DefaultElement::config("hydra/config"), {}});
  auto primary = DefaultElement::config(name.empty() ? kNoConfig : name);
  primary.primary = true;
  made.tree.children.push_back({primary, {}});
  TreeBuilder(repository, groups, options.skipMissing).expandRoot(made.tree);
  collect(made.tree, nullptr, nullptr, repository.version(), made.defaults);
  std::erase_if(made.defaults, [&](const ResultDefault& one) { return one.configPath == kNoConfig; });
  std::set<std::string> seen;
  for (const auto& one : made.defaults) {
    if (one.overrideKey && !seen.insert(*one.overrideKey).second) {
      throw ConfigError(ConfigFault::Composition,
                        fmt::format("{} appears more than once in the final defaults list", *one.overrideKey),
                        one.place, "Choose it once; another package tells two of them apart: group@name.");
    }
  }
  groups.ensureUsed();
  made.valueOverrides = std::move(groups.valueOverrides);
  made.choices = std::move(groups.knownChoices);
  return made;
}

}  // namespace counterpoint
