// SPDX-License-Identifier: GPL-3.0-or-later
// Where configs are looked up: the folders of Hydra's search path in order, and what we bring along.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/config/compose/default_element.h"
#include "core/config/tree/node.h"

namespace counterpoint {

struct ConfigSource {
  enum class Kind { Builtin, Schema, Folder, Unavailable };

  Kind kind = Kind::Folder;
  std::string provider;          // "hydra", "main", "command-line", "hydra.searchpath in main", "schema"
  std::filesystem::path folder;  // absolute, of a Folder
  std::string path, scheme;      // as Hydra shows them: "file" "/conf", "pkg" "hydra.conf", "structured" ""

  std::string text() const { return "provider=" + provider + ", path=" + scheme + "://" + path; }
};

// A file as read: kept as long as neither its time nor its size changes.
struct LoadedConfig {
  ConfigNode content;  // without "defaults"
  std::optional<std::string> header;
  std::optional<ConfigNode> rawDefaults;
  std::string file;  // "/conf/db/mysql.yaml"; "builtin hydra/output/default"
};

// Parsed files, shared by repositories so that composing again reads only what has changed. Thread-safe.
class ConfigFileCache {
 public:
  // Throws Error{Data} or ConfigError for a file that cannot be read.
  std::shared_ptr<const LoadedConfig> load(const std::filesystem::path& file);
  // The same for a text of ours.
  std::shared_ptr<const LoadedConfig> builtin(std::string_view path, std::string_view text);

 private:
  struct Entry {
    std::filesystem::file_time_type time;
    std::uintmax_t size = 0;
    std::shared_ptr<const LoadedConfig> config;
  };
  std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;
};

// Text of a config as LoadedConfig; `file` is its name in errors and origins.
LoadedConfig readConfigText(std::string_view text, const std::string& file);

class ConfigRepository {
 public:
  struct Found {
    std::shared_ptr<const LoadedConfig> loaded;
    std::vector<DefaultElement> defaults;
  };

  // `folders`: the main config dir, then that of --config-dir.
  ConfigRepository(const std::vector<std::filesystem::path>& folders, VersionBase version,
                   std::shared_ptr<ConfigFileCache> cache);

  // Entries of hydra.searchpath: "file://DIR", a plain path (relative to `base`) or "pkg://MODULE", which no folder
  // here can answer. What is not there gives a warning.
  void addSearchPath(const std::vector<std::string>& entries, const std::string& provider,
                     const std::filesystem::path& base);

  // nullptr when no source has it. Loaded once. Throws ConfigError for a file that is wrong.
  const Found* load(const std::string& configPath);
  // The config's text given by the caller instead of a file's.
  void replace(const std::string& configPath, const LoadedConfig& config);

  bool configExists(const std::string& configPath) const;
  bool groupExists(const std::string& group) const;
  // Sorted union over all sources: names without their ending.
  std::vector<std::string> options(const std::string& group) const;
  // Groups directly below `group` ("" is the top).
  std::vector<std::string> groups(const std::string& group) const;

  const std::vector<ConfigSource>& sources() const { return sources_; }
  const VersionBase& version() const { return version_; }
  std::vector<std::string>& warnings() { return warnings_; }

 private:
  std::string fileName(const std::string& configPath) const;
  const ConfigSource* sourceOf(const std::string& configPath) const;
  bool isConfig(const ConfigSource& source, const std::string& configPath) const;
  bool isGroup(const ConfigSource& source, const std::string& group) const;
  Found read(const ConfigSource& source, const std::string& configPath);
  std::vector<std::string> entries(const std::string& group, bool groups) const;

  std::vector<ConfigSource> sources_;
  VersionBase version_;
  std::shared_ptr<ConfigFileCache> cache_;
  std::map<std::string, std::optional<Found>> found_;
  std::vector<std::string> warnings_;
};

}  // namespace counterpoint
