// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/failure_cause.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/secrets.h"
#include "core/base/words.h"
#include "core/jobs/rank_program.h"
#include "core/runs/events.h"
#include "core/runs/rank_side.h"

namespace counterpoint {
namespace {

constexpr std::uint64_t kTail = 256 << 10;

std::uint64_t sizeOf(const std::filesystem::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
}

// The last lines of a file, not from before `from`. Never throws.
std::vector<std::string> lastLines(const std::filesystem::path& path, std::uint64_t from) {
  const std::uint64_t end = sizeOf(path);
  if (end <= from) return {};
  const std::uint64_t begin = std::max(from, end > kTail ? end - kTail : 0);
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text(static_cast<std::size_t>(end - begin), '\0');
  const ssize_t count = file ? ::pread(file.get(), text.data(), text.size(), static_cast<off_t>(begin)) : 0;
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  std::vector<std::string> lines;
  for (const auto& line : split(text, '\n'))
    if (!trim(line).empty()) lines.push_back(std::string(trim(line)));
  return lines;
}

std::optional<RunError> lastErrorEvent(const RunFolder& folder, std::uint64_t from) {
  const auto lines = lastLines(folder.events(), from);
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    if (line->find("\"error\"") == std::string::npos) continue;
    try {
      const RunEvent event = eventFromLine(*line);
      if (event.kind != "error") continue;
      return RunError{event.members.value("what", ""), event.members.value("where", ""),
                      event.members.value("cure", ""), event.members.value("status", 1), 0};
    } catch (const std::exception&) {
      continue;
    }
  }
  return std::nullopt;
}

bool diskIsFull(const RunFolder& folder) {
  struct statvfs status {};
  return ::statvfs(folder.path().c_str(), &status) == 0 && status.f_bavail * status.f_frsize < (64 << 10);
}

RunError fromSignal(const RunFolder& folder, int rank, int signal, const std::vector<std::string>& lines) {
  RunError error;
  const char* name = ::sigabbrev_np(signal);
  error.what = "rank " + std::to_string(rank) + " was killed by SIG" + (name ? name : std::to_string(signal));
  if (signal == SIGKILL) {
    error.cure = "Where nobody did so by hand, memory ran out: use a smaller batch or fewer workers.";
  } else if (!lines.empty()) {
    error.what += " after: " + lines.back();
  }
  error.where = folder.rankLog(rank).filename().string();
  return error;
}

}  // namespace

AttemptStart AttemptStart::of(const RunFolder& folder, int ranks) {
  AttemptStart start;
  start.events = sizeOf(folder.events());
  for (int rank = 0; rank < ranks; ++rank) start.logs.push_back(sizeOf(folder.rankLog(rank)));
  return start;
}

RunError findCause(const RunFolder& folder, const AttemptStart& start, int rank, int exitStatus) {
  const auto logStart =
      static_cast<std::size_t>(rank) < start.logs.size() ? start.logs[static_cast<std::size_t>(rank)] : 0;
  const auto lines = lastLines(folder.rankLog(rank), logStart);
  RunError error;
  const auto finish = [&] {
    error.status = exitStatus;
    error.rank = rank;
    error.what = maskSecrets(error.what);
    return error;
  };
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    if (const auto said = errorFromLine(*line)) {
      error = *said;
      return finish();
    }
  }
  if (rank == 0) {
    if (const auto said = lastErrorEvent(folder, start.events)) {
      error = *said;
      return finish();
    }
  }
  if (exitStatus > 128 && exitStatus <= 128 + 64) {
    error = fromSignal(folder, rank, exitStatus - 128, lines);
    return finish();
  }
  error.where = folder.rankLog(rank).filename().string();
  for (const auto& line : lines) {
    if (exitStatus == 127 && line.find("error while loading shared libraries") != std::string::npos) {
      error.what = line.substr(line.find("error while"));
      error.cure = kSetUpCure;
      return finish();
    }
  }
  if (exitStatus == static_cast<int>(ErrorKind::Environment) && diskIsFull(folder)) {
    error.what = "the disk is full";
    error.cure = "Free some space and resume the run.";
    return finish();
  }
  error.what = "rank " + std::to_string(rank) + " ended with status " + std::to_string(exitStatus);
  if (!lines.empty()) {
    const auto first = lines.end() - std::min<std::ptrdiff_t>(3, static_cast<std::ptrdiff_t>(lines.size()));
    error.what += ", its last words: " + join(std::vector<std::string>(first, lines.end()), " | ");
  }
  return finish();
}

}  // namespace counterpoint
