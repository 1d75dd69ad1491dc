// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/compose/group_overrides.h"

#include "core/base/words.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/types.h"

#include <fmt/format.h>

#include <algorithm>

namespace counterpoint {
std::string GroupOverrides::Choice::valueText() const {
  if (!options) return option.value_or("None");
  std::vector<std::string> quoted;
  for (const auto& one : *options) quoted.push_back("'" + one + "'");
  return "[" + join(quoted, ", ") + "]";
}

GroupOverrides::GroupOverrides(const ConfigRepository& repository, std::span<const Override> overrides)
    : version_(repository.version()) {
  for (const auto& override : overrides) {
    if (override.isSweep()) continue;
    const ConfigNode value = override.node();
    if (value.isDict() || !repository.groupExists(override.keyOrGroup)) {
      valueOverrides.push_back(override);
    } else if (override.isForceAdd()) {
      throw ConfigError(ConfigFault::Composition,
                        fmt::format("force-add of config groups is not supported: '{}'", override.inputLine));
    } else if (override.isDelete()) {
      if (!value.isNull() && !value.isText()) {
        throw ConfigError(ConfigFault::Composition, "Config group override deletion value must be a string",
                          override.inputLine);
      }
      const std::string key = override.keyElement().substr(1);
      std::erase_if(deletions_, [&](const Deletion& deletion) { return deletion.key == key; });
      deletions_.push_back({key, override.inputLine, value.isText() ? std::optional(value.text()) : std::nullopt});
    } else {
      const Choice choice = choiceOf(override, value);
      if (override.isAdd()) {
        auto element = DefaultElement::group(override.keyOrGroup, choice.option, override.package);
        element.options = choice.options;
        element.externalAppend = true;
        element.place = override.inputLine;
        appended.push_back(std::move(element));
      } else if (Choice* earlier = find(choice.key)) {
        *earlier = choice;
      } else {
        choices_.push_back(choice);
      }
    }
  }
}

GroupOverrides::Choice GroupOverrides::choiceOf(const Override& override, const ConfigNode& value) const {
  Choice choice;
  choice.key = override.keyElement();
  choice.place = override.inputLine;
  if (value.isText()) {
    choice.option = value.text();
  } else if (value.isList()) {
    choice.options.emplace();
    for (const auto& item : value.items()) {
      if (!item.isText()) {
        throw ConfigError(ConfigFault::Composition, "the options of a config group must be strings", override.inputLine,
                          "Quote them.");
      }
      choice.options->push_back(item.text());
    }
  } else {
    throw ConfigError(ConfigFault::Composition,
                      fmt::format("Config group override must be a string or a list. Got {}", pythonTypeOf(value)),
                      override.inputLine, fmt::format("Choose an option: {}=OPTION.", choice.key));
  }
  return choice;
}

GroupOverrides::Choice* GroupOverrides::find(const std::string& key) {
  const auto found =
      std::find_if(choices_.begin(), choices_.end(), [&](const Choice& choice) { return choice.key == key; });
  return found == choices_.end() ? nullptr : &*found;
}

void GroupOverrides::add(const std::string& configPath, const DefaultElement& element) {
  const std::string key = element.overrideKey(version_);
  if (find(key)) return;
  choices_.push_back({key, element.option, element.options, configPath, element.place});
}

void GroupOverrides::applyTo(DefaultElement& element) {
  if (!element.isGroup()) return;
  Choice* choice = find(element.overrideKey(version_));
  if (!choice) return;
  element.option = choice->option;
  element.options = choice->options;
  element.place = choice->place;
  choice->used = true;
}

void GroupOverrides::setKnownChoice(const DefaultElement& element) {
  if (!element.isGroup()) return;
  const std::string key = element.overrideKey(version_);
  const auto known =
      std::find_if(knownChoices.begin(), knownChoices.end(), [&](const auto& choice) { return choice.first == key; });
  if (known == knownChoices.end()) {
    knownChoices.emplace_back(key, element.configName());
  } else if (known->second != element.configName()) {
    throw ConfigError(ConfigFault::Composition,
                      fmt::format("Multiple values for {0}. To override a value use 'override {0}: {1}'", key,
                                  known->second.value_or("None")),
                      element.place);
  }
  keysOfGroup_[element.groupPath()].insert(key);
}

bool GroupOverrides::isDeleted(const DefaultElement& element) const {
  if (!element.isGroup()) return false;
  const std::string key = element.overrideKey(version_);
  return std::any_of(deletions_.begin(), deletions_.end(), [&](const Deletion& deletion) {
    return deletion.key == key && (!deletion.option || deletion.option == element.configName());
  });
}

void GroupOverrides::markDeleted(DefaultElement& element) {
  element.deleted = true;
  const std::string key = element.overrideKey(version_);
  for (auto& deletion : deletions_) deletion.used = deletion.used || deletion.key == key;
}

void GroupOverrides::ensureUsed(const Choice& choice) const {
  const auto known = keysOfGroup_.find(choice.key.substr(0, choice.key.find('@')));
  std::string text = fmt::format("Could not override '{}'.", choice.key);
  if (known == keysOfGroup_.end()) {
    text += " No match in the defaults list.";
  } else {
    const std::vector<std::string> keys(known->second.begin(), known->second.end());
    text += fmt::format("\nDid you mean to override {}{}?", keys.size() > 1 ? "one of " : "", join(keys, ", "));
  }
  if (choice.configPath) {
    text = fmt::format("In '{}': {}", *choice.configPath, text);
  } else {
    text += fmt::format("\nTo append to your default list use +{}={}", choice.key, choice.valueText());
  }
  std::vector<std::string> groups;
  for (const auto& [key, option] : knownChoices) groups.push_back(key);
  const std::string near = known == keysOfGroup_.end() ? nearestWord(choice.key, groups) : std::string();
  throw ConfigError(ConfigFault::Composition, text, choice.place,
                    near.empty() ? std::string() : fmt::format("Did you mean '{}'?", near));
}

void GroupOverrides::ensureUsed() const {
  for (const auto& choice : choices_) {
    if (!choice.used) ensureUsed(choice);
  }
  for (const auto& deletion : deletions_) {
    if (deletion.used) continue;
    const std::string shown = deletion.option ? deletion.key + "=" + *deletion.option : deletion.key;
    throw ConfigError(ConfigFault::Composition,
                      fmt::format("Could not delete '{}'. No match in the defaults list", shown), deletion.place);
  }
}

}  // namespace counterpoint
