// SPDX-License-Identifier: GPL-3.0-or-later
// A folder whose content appears all at once: it is written as a neighbour (".NAME.partial-…") and moved into place.
#pragma once

#include <filesystem>
#include <string>

namespace counterpoint {

class PartialFolder {
 public:
  // `wanted` must not exist or be an empty folder (Error{Usage}); its parents are made.
  explicit PartialFolder(const std::filesystem::path& wanted);
  ~PartialFolder();  // removes what was not moved into place
  PartialFolder(const PartialFolder&) = delete;
  PartialFolder& operator=(const PartialFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }      // write here
  const std::filesystem::path& wanted() const { return wanted_; }  // absolute
  std::string name() const { return wanted_.filename().string(); }
  void moveIntoPlace();

 private:
  std::filesystem::path wanted_, path_;
};

}  // namespace counterpoint
