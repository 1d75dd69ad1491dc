// SPDX-License-Identifier: GPL-3.0-or-later
// Leaves a trace while a window lives and takes it away at the orderly end, so that the next start knows of a bad one.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/files.h"

namespace counterpoint {

class CrashSentinel {
 public:
  // `folder` is made if missing. Never throws: without a trace a crash is not noticed, that is all.
  explicit CrashSentinel(const std::filesystem::path& folder);
  ~CrashSentinel();
  CrashSentinel(const CrashSentinel&) = delete;
  CrashSentinel& operator=(const CrashSentinel&) = delete;

  // When windows that did not end were started, ISO times, oldest first. Their traces are taken away: it is told once.
  const std::vector<std::string>& badEnds() const { return badEnds_; }

  // $XDG_DATA_HOME/counterpoint/windows.
  static std::filesystem::path usualFolder();

 private:
  std::filesystem::path file_;
  std::optional<FileDescriptor> lock_;
  std::vector<std::string> badEnds_;
};

}  // namespace counterpoint
