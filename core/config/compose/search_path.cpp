// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/compose/search_path.h"

#include "core/base/files.h"
#include "core/base/words.h"
#include "core/config/compose/builtin.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/reader.h"
#include "core/config/tree/yaml_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

const BuiltinConfig* builtinAt(const ConfigSource& source, std::string_view path) {
  const std::string_view wanted = source.kind == ConfigSource::Kind::Schema ? "schema" : "hydra";
  for (const auto& config : builtinConfigs()) {
    if (config.path == path && config.source == wanted) return &config;
  }
  return nullptr;
}

// "db/mysql" of "db/mysql.yaml"; Hydra takes both for the name of a config.
std::string_view withoutEnding(std::string_view name) {
  return name.ends_with(".yaml") ? name.substr(0, name.size() - 5) : name;
}

}  // namespace

LoadedConfig readConfigText(std::string_view text, const std::string& file) {
  LoadedConfig loaded;
  loaded.file = file;
  try {
    loaded.header = packageHeader(text);
  } catch (const ConfigError& error) {
    throw ConfigError(error.fault(), error.problem(), file, "A header is one line: # @package NAME.");
  }
  ReadOptions options;
  options.dialect = dialectOf(text, file);
  loaded.content = readConfig(text, file, options);
  if (loaded.content.isDict()) {
    if (const ConfigNode* defaults = loaded.content.find("defaults")) {
      loaded.rawDefaults = *defaults;
      loaded.content.erase("defaults");
    }
  }
  return loaded;
}

std::shared_ptr<const LoadedConfig> ConfigFileCache::load(const fs::path& file) {
  std::error_code failed;
  const auto time = fs::last_write_time(file, failed);
  const auto size = failed ? 0 : fs::file_size(file, failed);
  const std::string key = file.string();
  {
    const std::lock_guard lock(mutex_);
    const auto entry = entries_.find(key);
    if (!failed && entry != entries_.end() && entry->second.time == time && entry->second.size == size) {
      return entry->second.config;
    }
  }
  auto config = std::make_shared<const LoadedConfig>(readConfigText(readFile(file, kMostYamlBytes), key));
  const std::lock_guard lock(mutex_);
  entries_[key] = {time, size, config};
  return config;
}

std::shared_ptr<const LoadedConfig> ConfigFileCache::builtin(std::string_view path, std::string_view text) {
  const std::string key = "builtin " + std::string(path);
  const std::lock_guard lock(mutex_);
  auto& entry = entries_[key];
  if (!entry.config) {
    auto loaded = readConfigText(text, key);
    entry.config = std::make_shared<const LoadedConfig>(std::move(loaded));
  }
  return entry.config;
}

ConfigRepository::ConfigRepository(const std::vector<fs::path>& folders, VersionBase version,
                                   std::shared_ptr<ConfigFileCache> cache)
    : version_(version), cache_(cache ? std::move(cache) : std::make_shared<ConfigFileCache>()) {
  sources_.push_back({ConfigSource::Kind::Builtin, "hydra", {}, "hydra.conf", "pkg"});
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const auto folder = fs::absolute(folders[i]).lexically_normal();
    sources_.push_back({ConfigSource::Kind::Folder, i == 0 ? "main" : "command-line", folder, folder.string(), "file"});
  }
  sources_.push_back({ConfigSource::Kind::Schema, "schema", {}, "", "structured"});
}

void ConfigRepository::addSearchPath(const std::vector<std::string>& entries, const std::string& provider,
                                     const fs::path& base) {
  for (const auto& entry : entries) {
    const auto colon = entry.find("://");
    const std::string scheme = colon == std::string::npos ? "file" : entry.substr(0, colon);
    const std::string path = colon == std::string::npos ? entry : entry.substr(colon + 3);
    ConfigSource source{ConfigSource::Kind::Folder, provider, {}, path, scheme};
    if (scheme == "file") {
      source.folder = fs::absolute(base / path).lexically_normal();
      if (!fs::is_directory(source.folder)) {
        warnings_.push_back(fmt::format("provider={}, path={} is not available.", provider, path));
      }
    } else if (scheme == "pkg") {
      source.kind = ConfigSource::Kind::Unavailable;
      warnings_.push_back(
          fmt::format("provider={}, path={} is not available: it lies in a Python package. Give its "
                      "folder instead, as file://FOLDER.",
                      provider, path));
    } else {
      throw ConfigError(ConfigFault::Composition, fmt::format("No config source registered for schema {}", scheme),
                        entry, "hydra.searchpath takes folders and file://FOLDER.");
    }
    sources_.insert(sources_.end() - 1, source);
  }
}

std::string ConfigRepository::fileName(const std::string& configPath) const {
  if (configPath.ends_with(".yaml")) return configPath;
  return !version_.atLeast(2) && configPath.ends_with(".yml") ? configPath : configPath + ".yaml";
}

bool ConfigRepository::isConfig(const ConfigSource& source, const std::string& configPath) const {
  if (source.kind == ConfigSource::Kind::Folder) {
    std::error_code ignored;
    return fs::is_regular_file(source.folder / fileName(configPath), ignored);
  }
  return builtinAt(source, withoutEnding(configPath)) != nullptr;
}

bool ConfigRepository::isGroup(const ConfigSource& source, const std::string& group) const {
  if (source.kind == ConfigSource::Kind::Folder) {
    std::error_code ignored;
    return fs::is_directory(source.folder / group, ignored);
  }
  if (source.kind == ConfigSource::Kind::Unavailable) return false;
  const std::string_view wanted = source.kind == ConfigSource::Kind::Schema ? "schema" : "hydra";
  return std::any_of(builtinConfigs().begin(), builtinConfigs().end(), [&](const BuiltinConfig& config) {
    return config.source == wanted && (group.empty() || config.path.starts_with(group + "/"));
  });
}

const ConfigSource* ConfigRepository::sourceOf(const std::string& configPath) const {
  const auto found = std::find_if(sources_.begin(), sources_.end(),
                                  [&](const ConfigSource& source) { return isConfig(source, configPath); });
  return found == sources_.end() ? nullptr : &*found;
}

ConfigRepository::Found ConfigRepository::read(const ConfigSource& source, const std::string& configPath) {
  Found found;
  if (source.kind == ConfigSource::Kind::Folder) {
    found.loaded = cache_->load(source.folder / fileName(configPath));
  } else {
    const auto* config = builtinAt(source, withoutEnding(configPath));
    found.loaded = cache_->builtin(config->path, config->text);
  }
  if (!version_.atLeast(2) && configPath.ends_with(".yml")) {
    warnings_.push_back("Support for .yml files is deprecated. Use .yaml extension for Hydra config files");
  }
  return found;
}

const ConfigRepository::Found* ConfigRepository::load(const std::string& configPath) {
  auto known = found_.find(configPath);
  if (known == found_.end()) {
    std::optional<Found> found;
    if (const auto* source = sourceOf(configPath)) found = read(*source, configPath);
    if (found && found->loaded->rawDefaults) {
      found->defaults = readDefaults(*found->loaded->rawDefaults, configPath, version_, warnings_);
    }
    known = found_.emplace(configPath, std::move(found)).first;
  }
  return known->second ? &*known->second : nullptr;
}

void ConfigRepository::replace(const std::string& configPath, const LoadedConfig& config) {
  Found found;
  found.loaded = std::make_shared<const LoadedConfig>(config);
  if (config.rawDefaults) found.defaults = readDefaults(*config.rawDefaults, configPath, version_, warnings_);
  found_[configPath] = std::move(found);
}

bool ConfigRepository::configExists(const std::string& configPath) const {
  const auto known = found_.find(configPath);
  return (known != found_.end() && known->second) || sourceOf(configPath);
}

bool ConfigRepository::groupExists(const std::string& group) const {
  return std::any_of(sources_.begin(), sources_.end(),
                     [&](const ConfigSource& source) { return isGroup(source, group); });
}

std::vector<std::string> ConfigRepository::entries(const std::string& group, bool groups) const {
  std::set<std::string> names;
  const std::string prefix = group.empty() ? "" : group + "/";
  for (const auto& source : sources_) {
    if (source.kind == ConfigSource::Kind::Folder) {
      std::error_code failed;
      for (const auto& entry : fs::directory_iterator(source.folder / group, failed)) {
        const std::string name = entry.path().filename().string();
        const bool isYaml = name.ends_with(".yaml") || (!version_.atLeast(2) && name.ends_with(".yml"));
        if (groups && entry.is_directory() && name != "__pycache__") names.insert(name);
        if (!groups && isYaml && entry.is_regular_file()) names.insert(name.substr(0, name.rfind('.')));
      }
      continue;
    }
    const std::string_view wanted = source.kind == ConfigSource::Kind::Schema ? "schema" : "hydra";
    for (const auto& config : builtinConfigs()) {
      if (source.kind == ConfigSource::Kind::Unavailable || config.source != wanted) continue;
      if (!config.path.starts_with(prefix)) continue;
      const std::string_view rest = config.path.substr(prefix.size());
      const auto slash = rest.find('/');
      if (groups == (slash != std::string_view::npos)) names.emplace(rest.substr(0, slash));
    }
  }
  return {names.begin(), names.end()};
}

std::vector<std::string> ConfigRepository::options(const std::string& group) const { return entries(group, false); }

std::vector<std::string> ConfigRepository::groups(const std::string& group) const { return entries(group, true); }

}  // namespace counterpoint
