// SPDX-License-Identifier: GPL-3.0-or-later
// A composed config as text: what `config show` prints, in the forms of Hydra's --cfg and --info.
#pragma once

#include <string>

#include "core/config/compose/compose.h"

namespace counterpoint {

struct ShowOptions {
  enum class Scope { Job, Hydra, All };
  Scope scope = Scope::Job;
  std::string package;  // "a.b": that sub-tree with its "# @package" line; empty or "_global_": all
  bool resolve = false;
};

// The chosen part; throws ConfigError{Key} "package 'x' not found in config".
ConfigNode shownNode(const Composed& composed, const ShowOptions& options);
std::string shownYaml(const Composed& composed, const ShowOptions& options);

// Tables with a heading each.
std::string searchPathText(const Composed& composed);
std::string defaultsTreeText(const Composed& composed);
std::string defaultsListText(const Composed& composed);

// "what": all, config, defaults, defaults-tree or searchpath. Throws ConfigError{Composition} for another word.
std::string infoText(const Composed& composed, const std::string& what);

// One line a leaf: key, value, the layer and place that set it, and the places whose values it replaced.
std::string sourcesText(const ConfigNode& node);

}  // namespace counterpoint
