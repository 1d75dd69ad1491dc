// SPDX-License-Identifier: GPL-3.0-or-later
// What overrides and "override" entries say about groups while a defaults list is made.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/config/compose/default_element.h"
#include "core/config/compose/search_path.h"
#include "core/config/overrides/override.h"

namespace counterpoint {

class GroupOverrides {
 public:
  // Throws ConfigError{Composition} for a group override whose value is neither text nor list.
  GroupOverrides(const ConfigRepository& repository, std::span<const Override> overrides);

  // An "override" entry of the file `configPath`. An earlier choice for the same key stays.
  void add(const std::string& configPath, const DefaultElement& element);
  // Puts the choice into `element` when there is one for its key.
  void applyTo(DefaultElement& element);

  // Throws ConfigError{Composition} when the group was chosen before with another option.
  void setKnownChoice(const DefaultElement& element);
  bool isDeleted(const DefaultElement& element) const;
  void markDeleted(DefaultElement& element);

  // Throws ConfigError{Composition} for the first that touched nothing.
  void ensureUsed() const;

  std::vector<DefaultElement> appended;  // "+group=option"
  std::vector<Override> valueOverrides;  // of no group
  std::vector<std::pair<std::string, std::optional<std::string>>> knownChoices;

 private:
  struct Choice {
    std::string key;
    std::optional<std::string> option;
    std::optional<std::vector<std::string>> options;
    std::optional<std::string> configPath;  // of the file that holds it; none: given from outside
    std::string place;
    bool used = false;

    std::string valueText() const;
  };
  struct Deletion {
    std::string key, place;
    std::optional<std::string> option;
    bool used = false;
  };

  Choice* find(const std::string& key);
  Choice choiceOf(const Override& override, const ConfigNode& value) const;
  void ensureUsed(const Choice& choice) const;

  VersionBase version_;
  std::vector<Choice> choices_;
  std::vector<Deletion> deletions_;
  std::map<std::string, std::set<std::string>> keysOfGroup_;
};

}  // namespace counterpoint
