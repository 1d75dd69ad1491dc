// SPDX-License-Identifier: GPL-3.0-or-later
// From a primary config and its overrides to the configs that are merged, in order, each with its package: Hydra 1.3's
// defaults list. Group choices come from the overrides, then from "override" entries of files.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/config/compose/default_element.h"
#include "core/config/compose/search_path.h"
#include "core/config/overrides/override.h"

namespace counterpoint {

// The tree of who names whom: of `--info defaults-tree` and the window's picture. A deleted or missing element stands
// in it, without children.
struct DefaultsTree {
  DefaultElement element;
  std::vector<DefaultsTree> children;

  // "db: mysql", "db@backup: null", "conf/path", "<root>".
  std::string label(const VersionBase& version) const;
};

struct ResultDefault {
  std::string configPath, package;
  std::optional<std::string> parent, overrideKey;
  bool isSelf = false, primary = false;
  std::string place;  // of the entry that asked for it

  bool operator==(const ResultDefault&) const = default;
};

struct DefaultsList {
  std::vector<ResultDefault> defaults;
  DefaultsTree tree;
  std::vector<Override> valueOverrides;  // those that are no group choice
  // Option of each group by override key, as hydra.runtime.choices holds them; null for "group: null".
  std::vector<std::pair<std::string, std::optional<std::string>>> choices;
};

struct DefaultsOptions {
  bool withHydra = true;     // hydra/config in front
  bool skipMissing = false;  // "group: ???" is left out: the master of a sweep
};

// Without a primary config (`name` empty) only hydra's and what the overrides add. Warnings go to the repository's.
// Throws ConfigError{Composition} or {MissingConfig} with Hydra's text and the place of the entry.
DefaultsList createDefaultsList(ConfigRepository& repository, const std::string& name,
                                std::span<const Override> overrides, const DefaultsOptions& options = {});

}  // namespace counterpoint
