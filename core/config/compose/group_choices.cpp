// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/compose/group_choices.h"

#include <algorithm>

namespace counterpoint {
namespace {

void collect(const DefaultsTree& tree, const Composed& composed, const ConfigRepository& repository,
             std::vector<GroupChoice>& choices) {
  const DefaultElement& element = tree.element;
  if (element.kind == DefaultElement::Kind::Config && element.configPath() == "hydra/config") return;
  if (element.isGroup() && !element.options && !element.deleted && !element.override) {
    const std::string key = element.overrideKey(composed.version);
    const bool known = std::any_of(choices.begin(), choices.end(), [&](const auto& one) { return one.key == key; });
    const std::string group = element.groupPath();
    if (!known && group != "hydra" && !group.starts_with("hydra/")) {
      choices.push_back({key, group, element.configName(), repository.options(group)});
    }
  }
  for (const auto& child : tree.children) collect(child, composed, repository, choices);
}

}  // namespace

std::vector<std::filesystem::path> configFoldersOf(const Composed& composed) {
  std::vector<std::filesystem::path> folders;
  for (const auto& source : composed.sources)
    if (source.scheme == "file") folders.emplace_back(source.path);
  return folders;
}

std::vector<GroupChoice> groupChoices(const Composed& composed) {
  const ConfigRepository repository(configFoldersOf(composed), composed.version, nullptr);
  std::vector<GroupChoice> choices;
  collect(composed.defaults.tree, composed, repository, choices);
  return choices;
}

}  // namespace counterpoint
