// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/compose/default_element.h"

#include "core/base/words.h"
#include "core/config/tree/config_error.h"

#include <fmt/format.h>

#include <algorithm>

namespace counterpoint {
namespace {

constexpr std::string_view kGlobal = "_global_";

std::string replaceAll(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string dotted(std::string path) {
  std::replace(path.begin(), path.end(), '/', '.');
  return path;
}

std::string joined(const std::string& parent, const std::string& child, char separator) {
  if (parent.empty() || child.empty()) return parent + child;
  return parent + separator + child;
}

std::string folderOf(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

}  // namespace

std::string VersionBase::text() const { return fmt::format("{}.{}", major, minor); }

VersionBase VersionBase::parse(const std::string& text) {
  if (text.empty()) return {};
  const auto parts = split(text, '.');
  const auto isNumber = [](const std::string& part) {
    return !part.empty() && part.size() < 4 &&
           std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  if (parts.size() < 2 || !isNumber(parts[0]) || !isNumber(parts[1])) {
    throw ConfigError(ConfigFault::Composition, fmt::format("version_base '{}' is no version", text), {},
                      "Use 1.1, 1.2 or 1.3.");
  }
  const VersionBase version{std::stoi(parts[0]), std::stoi(parts[1])};
  if (version.major < 1 || (version.major == 1 && version.minor < 1)) {
    throw ConfigError(ConfigFault::Composition, "version_base must be >= \"1.1\"", {}, "Use 1.1, 1.2 or 1.3.");
  }
  return version;
}

DefaultElement DefaultElement::virtualRoot() {
  DefaultElement element;
  element.kind = Kind::VirtualRoot;
  return element;
}

DefaultElement DefaultElement::config(std::string path, std::optional<std::string> package) {
  DefaultElement element;
  element.name = std::move(path);
  element.package = std::move(package);
  if (element.isSelf() && element.package) {
    throw ConfigError(ConfigFault::Composition, "_self_@PACKAGE is not supported");
  }
  if (element.package == "_here_") element.package = "";
  return element;
}

DefaultElement DefaultElement::group(std::string group, std::optional<std::string> option,
                                     std::optional<std::string> package) {
  if (group.empty()) throw ConfigError(ConfigFault::Composition, "a defaults entry has an empty group");
  DefaultElement element;
  element.kind = Kind::Group;
  element.name = std::move(group);
  element.option = std::move(option);
  element.package = std::move(package);
  if (element.package == "_here_") element.package = "";
  return element;
}

bool DefaultElement::isSelf() const { return isGroup() ? option == "_self_" : !isVirtual() && name == "_self_"; }

bool DefaultElement::isMissing() const { return !isVirtual() && !options && configName() == "???"; }

bool DefaultElement::isInterpolation() const {
  if (isVirtual() || options) return false;
  if (isGroup()) return option && ConfigNode(*option).isInterpolation();
  return ConfigNode(configPath()).isInterpolation();
}

void DefaultElement::setParent(const std::string& directory, const std::string& parent) {
  parentDirectory = directory;
  parentPackage = parent;
  if (package && package->find("_group_") != std::string::npos) {
    package = "_global_." + replaceAll(*package, "_group_", defaultPackage());
  }
}

void DefaultElement::setHeader(const std::optional<std::string>& text, std::vector<std::string>& warnings) {
  if (!text) return;
  const bool hasKeyword = text->find("_group_") != std::string::npos || text->find("_name_") != std::string::npos;
  if (hasKeyword) {
    warnings.push_back(
        fmt::format("In '{}': Usage of deprecated keyword in package header '# @package {}'.", configPath(), *text));
  }
  if (*text == "_group_") return;
  std::string absolute = *text;
  if (absolute.empty()) {
    absolute = kGlobal;
  } else if (absolute != kGlobal && !absolute.starts_with("_global_.")) {
    absolute = "_global_." + absolute;
  }
  header = replaceAll(absolute, "_group_", defaultPackage());
}

std::string DefaultElement::groupPath() const {
  const std::string group = isGroup() ? relativeName() : folderOf(relativeName());
  return isAbsolute() ? group : joined(parentDirectory, group, '/');
}

std::string DefaultElement::configPath() const {
  if (isVirtual()) return "<root>";
  if (isGroup()) return groupPath() + "/" + option.value_or("None");
  return isAbsolute() || parentDirectory.empty() ? relativeName() : parentDirectory + "/" + name;
}

std::string DefaultElement::defaultPackage() const { return dotted(groupPath()); }

std::string DefaultElement::relativeGroupPath() const { return isGroup() ? relativeName() : folderOf(relativeName()); }

std::optional<std::string> DefaultElement::configName() const {
  if (isGroup()) return option;
  const auto slash = name.rfind('/');
  return slash == std::string::npos ? name : name.substr(slash + 1);
}

std::string DefaultElement::finalPackage(const VersionBase& version, bool withHeader) const {
  std::string own = package ? *package : withHeader && header ? *header : dotted(relativeGroupPath());
  const auto loaded = configName();
  if (!version.atLeast(2) && loaded && !options) own = replaceAll(own, "_name_", *loaded);
  const std::string whole = joined(parentPackage, own, '.');
  const auto last = whole.rfind(kGlobal);
  if (last == std::string::npos) return whole;
  return whole.substr(std::min(whole.size(), last + kGlobal.size() + 1));
}

std::string DefaultElement::overrideKey(const VersionBase& version) const {
  const std::string final = finalPackage(version, false);
  if (defaultPackage() == final) return groupPath();
  return groupPath() + "@" + (final.empty() ? std::string(kGlobal) : final);
}

std::optional<std::string> packageHeader(std::string_view text) {
  std::optional<std::string> package;
  // Only the beginning counts: bytes for characters, but never within one.
  std::size_t end = 0;
  for (int characters = 0; end < text.size(); ++end) {
    if ((static_cast<unsigned char>(text[end]) & 0xC0) != 0x80 && ++characters > 512) break;
  }
  text = text.substr(0, end);
  while (!text.empty()) {
    const auto newline = text.find_first_of("\r\n");
    const std::string_view line = trim(text.substr(0, newline));
    text = newline == std::string_view::npos ? std::string_view() : text.substr(newline + 1);
    if (line.empty()) continue;
    if (line.front() != '#' || !trim(line.substr(1)).starts_with('@')) break;
    std::vector<std::string> words;
    for (auto& word : split(trim(line.substr(1)), ' ')) {
      if (!word.empty()) words.push_back(std::move(word));
    }
    const std::string shown(trim(line.substr(1)));
    if (words.size() < 2) {
      throw ConfigError(ConfigFault::Composition, fmt::format("Expected header format: KEY VALUE, got '{}'", shown));
    }
    if (words.size() > 2) {
      throw ConfigError(ConfigFault::Composition, fmt::format("Too many components in '{}'", shown));
    }
    if (words[0] == "@package") package = std::string(trim(words[1]));
  }
  return package;
}

}  // namespace counterpoint
