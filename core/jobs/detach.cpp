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

bool detach(const std::filesystem::path& log) {
  FileDescriptor output(::open(log.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644));
  if (!output) throw systemError(errno, "write", log.string());
  std::fflush(nullptr);
  const pid_t first = ::fork();
  if (first < 0) throw systemError(errno, "start", "the detached launcher");
  if (first > 0) {
    int status = 0;
    while (::waitpid(first, &status, 0) < 0 && errno == EINTR) {
    }
    if (status != 0) throw environmentError("cannot start the detached launcher");
    return false;
  }
  ::setsid();
  const pid_t second = ::fork();
  if (second != 0) ::_exit(second < 0 ? 1 : 0);
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(null, STDIN_FILENO);
  ::dup2(output.get(), STDOUT_FILENO);
  ::dup2(output.get(), STDERR_FILENO);
  return true;
}

}  // namespace counterpoint
