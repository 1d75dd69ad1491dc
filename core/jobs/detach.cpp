// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/jobs/launcher.h"

namespace counterpoint {

bool detach(const std::filesystem::path& log, const std::function<void()>& takeOver) {
  FileDescriptor output(::open(log.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644));
  if (!output) throw systemError(errno, "write", log.string());
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw systemError(errno, "make a pipe for", "the detached launcher");
  FileDescriptor readEnd(ends[0]), writeEnd(ends[1]);
  std::fflush(nullptr);
  const pid_t first = ::fork();
  if (first < 0) throw systemError(errno, "start", "the detached launcher");
  char byte = 0;
  if (first > 0) {
    writeEnd.reset();
    while (::waitpid(first, nullptr, 0) < 0 && errno == EINTR) {
    }
    // One byte when the other has taken over, none when it ended before.
    ssize_t count;
    do count = ::read(readEnd.get(), &byte, 1);
    while (count < 0 && errno == EINTR);
    if (count != 1) throw environmentError("cannot start the detached launcher", log.string());
    return false;
  }
  ::setsid();
  if (::fork() != 0) ::_exit(0);
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(null, STDIN_FILENO);
  ::dup2(output.get(), STDOUT_FILENO);
  ::dup2(output.get(), STDERR_FILENO);
  takeOver();
  [[maybe_unused]] const auto ignored = ::write(writeEnd.get(), &byte, 1);
  return true;
}

}  // namespace counterpoint
