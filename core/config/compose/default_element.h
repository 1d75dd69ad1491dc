// SPDX-License-Identifier: GPL-3.0-or-later
// One entry of a defaults list: which config it names and the package into which that goes, by Hydra 1.3's rules.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/config/tree/node.h"

namespace counterpoint {

// The behaviour that a tree was written for: Hydra's version_base.
struct VersionBase {
  int major = 1, minor = 3;

  bool atLeast(int wantedMinor) const { return major > 1 || minor >= wantedMinor; }
  std::string text() const;

  // "1.1", "1.2", "1.3"; empty is the newest. Throws ConfigError{Composition} for another text or one below 1.1.
  static VersionBase parse(const std::string& text);
  // What Hydra assumes for a program that states none.
  static VersionBase unspecified() { return {1, 1}; }
};

struct DefaultElement {
  enum class Kind { VirtualRoot, Config, Group };

  Kind kind = Kind::Config;
  std::string name;                                 // of a Config its path, of a Group the group
  std::optional<std::string> option;                // of a Group; null is a placeholder
  std::optional<std::vector<std::string>> options;  // of a Group with a list of options
  std::optional<std::string> package;               // as written behind '@'
  std::optional<std::string> header;                // the loaded file's "# @package", absolute
  std::string parentDirectory, parentPackage;
  bool primary = false, optional = false, override = false, deleted = false, externalAppend = false;
  std::string place;  // "conf/p.yaml, line 3", or the override as typed

  static DefaultElement virtualRoot();
  // Throw ConfigError{Composition} for "_self_@PACKAGE" and an empty group.
  static DefaultElement config(std::string path, std::optional<std::string> package = {});
  static DefaultElement group(std::string group, std::optional<std::string> option,
                              std::optional<std::string> package = {});

  bool isVirtual() const { return kind == Kind::VirtualRoot; }
  bool isGroup() const { return kind == Kind::Group; }
  bool isSelf() const;
  // The option is "???".
  bool isMissing() const;
  bool isInterpolation() const;

  void setParent(const std::string& directory, const std::string& package);
  // "_group_" in it keeps its older meaning, with a warning, whatever the version.
  void setHeader(const std::optional<std::string>& header, std::vector<std::string>& warnings);

  std::string groupPath() const;
  std::string configPath() const;
  std::string defaultPackage() const;
  std::string finalPackage(const VersionBase& version, bool withHeader = true) const;
  // The last part of a Config's path, or the option. nullopt for "group: null".
  std::optional<std::string> configName() const;
  // "db", "db@backup", "db@_global_".
  std::string overrideKey(const VersionBase& version) const;

 private:
  bool isAbsolute() const { return !name.empty() && name.front() == '/'; }
  std::string relativeName() const { return isAbsolute() ? name.substr(1) : name; }
  std::string relativeGroupPath() const;
};

// What stands in a file's own "defaults": by position in the list. `configPath` names it in errors, `place` is the
// file. Throws ConfigError{Composition}.
std::vector<DefaultElement> readDefaults(const ConfigNode& defaults, const std::string& configPath,
                                         const VersionBase& version, std::vector<std::string>& warnings);

// The package in the "# @KEY VALUE" lines at the beginning of a file, within its first 512 characters.
// Throws ConfigError{Composition} for a line of fewer or more words.
std::optional<std::string> packageHeader(std::string_view text);

}  // namespace counterpoint
