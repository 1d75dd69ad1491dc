// SPDX-License-Identifier: GPL-3.0-or-later
// A temporary folder of config files for tests of composition.
#pragma once

#include "core/config/compose/compose.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace counterpoint {

// A folder of files that goes away.
class ConfigTree {
 public:
  explicit ConfigTree(const Json& files) {
    std::string name = (std::filesystem::temp_directory_path() / "counterpoint-compose-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    root_ = name;
    for (const auto& [path, text] : files.items()) write(path, text.get<std::string>());
  }
  ~ConfigTree() { std::filesystem::remove_all(root_); }
  ConfigTree(const ConfigTree&) = delete;
  ConfigTree& operator=(const ConfigTree&) = delete;

  void write(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  const std::filesystem::path& root() const { return root_; }
  ComposeRequest request(const std::string& name = "p", std::vector<std::string> overrides = {}) const {
    ComposeRequest request;
    request.configDirectories = {root_};
    request.configName = name;
    request.overrides = std::move(overrides);
    request.versionBase = VersionBase::parse("1.3");
    request.jobName = "app";
    return request;
  }

 private:
  std::filesystem::path root_;
};

}  // namespace counterpoint
