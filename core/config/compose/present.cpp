// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/compose/present.h"

#include "core/base/words.h"
#include "core/config/compose/builtin.h"
#include "core/config/interpolation/evaluate.h"
#include "core/config/tree/access.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace counterpoint {
namespace {

std::string heading(const std::string& text, char filler) {
  return text + "\n" + std::string(text.size(), filler) + "\n";
}

template <std::size_t Columns>
using Rows = std::vector<std::array<std::string, Columns>>;

// The first row names the columns.
template <std::size_t Columns>
std::string table(const std::string& title, const Rows<Columns>& rows) {
  std::array<std::size_t, Columns> widths{};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < Columns; ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  const auto line = [&](const std::array<std::string, Columns>& row) {
    std::string text = "|";
    for (std::size_t i = 0; i < Columns; ++i) text += fmt::format(" {:<{}} |", row[i], widths[i]);
    return text;
  };
  std::string text = "\n" + heading(title, '*') + heading(line(rows.front()), '-');
  for (std::size_t i = 1; i < rows.size(); ++i) text += line(rows[i]) + "\n";
  return text + std::string(line(rows.front()).size(), '-') + "\n";
}

void addBranch(const DefaultsTree& tree, const VersionBase& version, int depth, std::string& text) {
  text += std::string(static_cast<std::size_t>(depth) * 2, ' ') + tree.label(version);
  text += tree.children.empty() ? "\n" : ":\n";
  for (const auto& child : tree.children) {
    if (!child.element.isSelf()) {
      addBranch(child, version, depth + 1, text);
    } else {
      text += std::string(static_cast<std::size_t>(depth) * 2 + 2, ' ') + "_self_\n";
    }
  }
}

std::string_view wordOf(ConfigOrigin::Layer layer) {
  switch (layer) {
    case ConfigOrigin::Layer::Default: return "default";
    case ConfigOrigin::Layer::File: return "file";
    case ConfigOrigin::Layer::Group: return "group";
    case ConfigOrigin::Layer::Override: return "override";
    case ConfigOrigin::Layer::Environment: return "environment";
  }
  return {};
}

std::string textOf(const ConfigOrigin& origin) {
  std::string text(wordOf(origin.layer));
  if (origin.source) text += " " + *origin.source;
  if (origin.position.line > 0) text += fmt::format(", line {}", origin.position.line);
  return text;
}

void addSources(const ConfigNode& node, const std::string& path, std::string& text) {
  if (node.isDict() && node.size() > 0) {
    for (const auto& member : node.members()) {
      addSources(member.value, path.empty() ? member.key.text() : path + "." + member.key.text(), text);
    }
    return;
  }
  std::string value = pythonStr(node);
  if (const auto newline = value.find('\n'); newline != std::string::npos) value = value.substr(0, newline) + "…";
  std::string place = node.origins.empty() ? "nowhere" : textOf(node.origins.back());
  std::vector<std::string> earlier;
  for (std::size_t i = node.origins.size(); i-- > 1;) earlier.push_back(textOf(node.origins[i - 1]));
  if (!earlier.empty()) place += " (over " + join(earlier, "; ") + ")";
  text += fmt::format("{:<36} {:<28} {}\n", path, value, place);
}

}  // namespace

ConfigNode shownNode(const Composed& composed, const ShowOptions& options) {
  ConfigNode node;
  if (options.scope == ShowOptions::Scope::Job) {
    node = options.resolve ? composed.resolvedTask() : composed.task;
  } else if (options.scope == ShowOptions::Scope::Hydra) {
    node = ConfigNode::dict();
    node["hydra"] = options.resolve ? composed.resolvedHydra() : composed.hydra;
  } else {
    node = options.resolve ? resolveAll(composed.whole(), composed.resolvers()) : composed.whole();
  }
  if (options.package.empty() || options.package == "_global_") return node;
  const ConfigNode* part = select(std::as_const(node), options.package);
  if (!part || part->isNull()) {
    throw ConfigError(ConfigFault::Key, fmt::format("package '{}' not found in config", options.package));
  }
  return *part;
}

std::string shownYaml(const Composed& composed, const ShowOptions& options) {
  const ConfigNode node = shownNode(composed, options);
  if (!node.isContainer()) return pythonStr(node) + "\n";
  const bool isPart = !options.package.empty() && options.package != "_global_";
  return (isPart ? fmt::format("# @package {}\n", options.package) : std::string()) + writeConfig(node);
}

std::string searchPathText(const Composed& composed) {
  Rows<2> rows{{"Provider", "Search path"}};
  for (const auto& source : composed.sources) rows.push_back({source.provider, source.scheme + "://" + source.path});
  return table("Config search path", rows);
}

std::string defaultsTreeText(const Composed& composed) {
  std::string text = "\n" + heading("Defaults Tree", '*');
  addBranch(composed.defaults.tree, composed.version, 0, text);
  return text;
}

std::string defaultsListText(const Composed& composed) {
  Rows<4> rows{{"Config path", "Package", "_self_", "Parent"}};
  for (const auto& one : composed.defaults.defaults) {
    rows.push_back({one.configPath, one.package, one.isSelf ? "True" : "False", one.parent.value_or("")});
  }
  return table("Defaults List", rows);
}

std::string infoText(const Composed& composed, const std::string& what) {
  const auto config = [&] {
    return searchPathText(composed) + defaultsTreeText(composed) + defaultsListText(composed) + heading("Config", '*') +
           writeConfig(composed.task);
  };
  if (what == "all") return heading(fmt::format("Hydra {}", kHydraVersion), '=') + config();
  if (what == "config") return config();
  if (what == "defaults") return defaultsListText(composed);
  if (what == "defaults-tree") return defaultsTreeText(composed);
  if (what == "searchpath") return searchPathText(composed);
  throw ConfigError(ConfigFault::Composition, fmt::format("--info knows no '{}'", what), {},
                    "Use all, config, defaults, defaults-tree or searchpath.");
}

std::string sourcesText(const ConfigNode& node) {
  std::string text;
  addSources(node, {}, text);
  return text;
}

}  // namespace counterpoint
