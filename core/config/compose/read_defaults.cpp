// SPDX-License-Identifier: GPL-3.0-or-later
// From the "defaults" of a file to its elements.
#include "core/base/words.h"
#include "core/config/compose/default_element.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/types.h"

#include <fmt/format.h>

namespace counterpoint {
namespace {

std::string placeOf(const ConfigNode& node) {
  if (node.origins.empty() || !node.origins.back().source) return {};
  return fmt::format("{}, line {}", *node.origins.back().source, node.origins.back().position.line);
}

[[noreturn]] void refuse(std::string what, const ConfigNode& node, std::string cure = {}) {
  throw ConfigError(ConfigFault::Composition, std::move(what), placeOf(node), std::move(cure));
}

struct Named {
  std::string name;
  std::optional<std::string> package;
};

// "group@package" or "group@package:rename", whose second part Hydra reads and drops.
Named splitPackage(const std::string& text) {
  const auto at = text.find('@');
  if (at == std::string::npos) return {text, std::nullopt};
  const auto package = text.substr(at + 1);
  return {text.substr(0, at), package.substr(0, package.find(':'))};
}

class Reader {
 public:
  Reader(const std::string& path, const VersionBase& version, std::vector<std::string>& warnings)
      : path_(path), version_(version), warnings_(warnings) {}

  DefaultElement element(const ConfigNode& item) const {
    DefaultElement element = item.isDict() ? group(item) : config(item);
    element.place = placeOf(item);
    return element;
  }

 private:
  DefaultElement config(const ConfigNode& item) const {
    if (!item.isText()) refuse(fmt::format("Unsupported type in defaults : {}", pythonTypeOf(item)), item);
    const Named named = splitPackage(item.text());
    return DefaultElement::config(named.name, named.package);
  }

  DefaultElement group(const ConfigNode& item) const {
    bool optional = false;
    const ConfigNode::Member* member = nullptr;
    for (const auto& candidate : item.members()) {
      const bool isOldOptional = !version_.atLeast(2) && item.size() > 1 && candidate.key.text() == "optional";
      if (isOldOptional) {
        optional = candidate.value.kind() == ConfigNode::Kind::Bool && std::get<bool>(candidate.value.scalar());
        warnings_.push_back(
            fmt::format("In {}: 'optional: true' is deprecated. Use 'optional GROUP: OPTION' instead.", path_));
      } else if (member) {
        refuse(fmt::format("In {}: Too many keys in default item", path_), item, "Give each entry a dash of its own.");
      } else {
        member = &candidate;
      }
    }
    if (!member) refuse(fmt::format("In {}: Missing group name in {{}}", path_), item);
    if (!member->key.isText()) {
      refuse(fmt::format("In {}: the group {} is no text", path_, member->key.text()), item, "Quote it.");
    }
    const Named named = splitPackage(member->key.text());
    auto words = split(named.name, ' ');
    bool override = false;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
      if (words[i] == "optional") {
        optional = true;
      } else if (words[i] == "override") {
        override = true;
      } else {
        break;
      }
    }
    const ConfigNode& value = member->value;
    if (!value.isNull() && !value.isText() && !value.isList()) {
      refuse(fmt::format("Unsupported item value in defaults : {}. Supported: string or list",
                         value.isDict() ? "dict" : pythonTypeOf(value)),
             value.isDict() ? item : value, "Quote it.");
    }
    auto element =
        DefaultElement::group(words.back(), value.isText() ? std::optional(value.text()) : std::nullopt, named.package);
    if (value.isList()) element.options = optionsOf(value);
    element.optional = optional;
    element.override = override;
    return element;
  }

  static std::vector<std::string> optionsOf(const ConfigNode& list) {
    std::vector<std::string> options;
    for (const auto& option : list.items()) {
      if (!option.isText()) {
        refuse(fmt::format("Unsupported item value in defaults : {}, nested list items must be strings",
                           pythonTypeOf(option)),
               option, "Quote it.");
      }
      options.push_back(option.text());
    }
    return options;
  }

  const std::string& path_;
  const VersionBase& version_;
  std::vector<std::string>& warnings_;
};

}  // namespace

std::vector<DefaultElement> readDefaults(const ConfigNode& defaults, const std::string& configPath,
                                         const VersionBase& version, std::vector<std::string>& warnings) {
  if (!defaults.isList()) {
    refuse(fmt::format("Invalid defaults list in '{}', defaults must be a list (got {})", configPath,
                       defaults.isDict() ? "mapping" : pythonTypeOf(defaults)),
           defaults);
  }
  const Reader reader(configPath, version, warnings);
  std::vector<DefaultElement> elements;
  for (const auto& item : defaults.items()) elements.push_back(reader.element(item));
  return elements;
}

}  // namespace counterpoint
