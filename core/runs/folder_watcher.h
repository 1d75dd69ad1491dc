// SPDX-License-Identifier: GPL-3.0-or-later
// Tells when something in a folder changed, by a descriptor for poll(2) or QSocketNotifier.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "core/base/files.h"

namespace counterpoint {

// Watches the files directly in one folder: by inotify, or on network file systems, which announce nothing, by looking
// at sizes and times each second.
class FolderWatcher {
 public:
  enum class Method { Automatic, Inotify, Polling };

  // Throws Error{Data} when there is no such folder.
  explicit FolderWatcher(std::filesystem::path folder, Method method = Method::Automatic);

  // Readable when changes() may have something to tell.
  int descriptor() const { return descriptor_.get(); }
  bool polls() const { return polls_; }

  // Names of files that came, went or changed since the last call; never blocks. "." stands for "look at everything".
  std::set<std::string> changes();
  // Waits at most `seconds` for changes.
  std::set<std::string> wait(double seconds);

 private:
  using Snapshot = std::map<std::string, std::pair<std::uint64_t, std::int64_t>>;
  Snapshot look() const;

  std::filesystem::path folder_;
  bool polls_ = false;
  FileDescriptor descriptor_;
  Snapshot seen_;
};

}  // namespace counterpoint
