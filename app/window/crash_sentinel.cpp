// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/crash_sentinel.h"

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/words.h"

#include <QStandardPaths>

#include <unistd.h>

#include <algorithm>

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLockEnding = ".lock";
constexpr const char* kTimeEnding = ".started";
constexpr std::uint64_t kMostBytes = 4096;

}  // namespace

fs::path CrashSentinel::usualFolder() {
  const QString data = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
  return fs::path(data.toStdString()) / "counterpoint" / "windows";
}

CrashSentinel::CrashSentinel(const fs::path& folder) {
  std::error_code code;
  fs::create_directories(folder, code);
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (entry.path().extension() != kLockEnding) continue;
    try {
      // A lock that can be had is a dead window's; the system let it go.
      const auto dead = tryLockFile(entry.path());
      if (!dead) continue;
      fs::path time = entry.path();
      time.replace_extension(kTimeEnding);
      if (fs::exists(time, code)) badEnds_.emplace_back(trim(readFile(time, kMostBytes)));
      fs::remove(time, code);
      fs::remove(entry.path(), code);
    } catch (const Error&) {
      continue;  // another window took it away just now
    }
  }
  std::sort(badEnds_.begin(), badEnds_.end());
  try {
    const std::string name = std::to_string(::getpid());
    file_ = folder / (name + kLockEnding);
    lock_ = tryLockFile(file_);
    if (lock_) writeFileAtomically(folder / (name + kTimeEnding), isoTime(wallSeconds()) + "\n");
  } catch (const Error&) {
    lock_.reset();
  }
}

CrashSentinel::~CrashSentinel() {
  if (!lock_) return;
  std::error_code ignored;
  fs::remove(fs::path(file_).replace_extension(kTimeEnding), ignored);
  fs::remove(file_, ignored);
}

}  // namespace counterpoint
