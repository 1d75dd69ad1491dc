// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <sstream>

#include "core/base/clock.h"
#include "core/base/error.h"

extern char** environ;

namespace counterpoint {
namespace {

std::vector<std::string> childEnvironment(const ProcessOptions& options) {
  std::map<std::string, std::string> merged;
  for (char** entry = environ; *entry; ++entry) {
    const std::string text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string::npos) merged[text.substr(0, equals)] = text.substr(equals + 1);
  }
  for (const auto& name : options.unsetEnvironment) merged.erase(name);
  for (const auto& [name, value] : options.environment) merged[name] = value;
  std::vector<std::string> lines;
  lines.reserve(merged.size());
  for (const auto& [name, value] : merged) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (auto& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// Runs between fork and exec: only calls that are safe there.
[[noreturn]] void becomeChild(const ProcessOptions& options, char* const* arguments, char* const* environment,
                              int output, int errorPipe) {
  const auto fail = [&] {
    const int code = errno;
    [[maybe_unused]] const auto ignored = ::write(errorPipe, &code, sizeof code);
    ::_exit(127);
  };
  if (options.ownSession) {
    ::setsid();
  } else if (options.ownGroup) {
    ::setpgid(0, 0);
  }
  if (options.diesWithParent) ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGHUP, SIGCHLD, SIGUSR1}) ::signal(signal, SIG_DFL);
  const int null = ::open("/dev/null", O_RDONLY);
  if (null >= 0) ::dup2(null, STDIN_FILENO);
  if (output >= 0 && (::dup2(output, STDOUT_FILENO) < 0 || ::dup2(output, STDERR_FILENO) < 0)) fail();
  if (options.inheritedDescriptor >= 0) ::fcntl(options.inheritedDescriptor, F_SETFD, 0);
  if (!options.workingDirectory.empty() && ::chdir(options.workingDirectory.c_str()) != 0) fail();
  ::execvpe(arguments[0], arguments, environment);
  fail();
  ::_exit(127);
}

}  // namespace

ChildProcess ChildProcess::start(const ProcessOptions& options) {
  if (options.command.empty()) throw Error(ErrorKind::Bug, "no program to start");
  auto arguments = options.command;
  auto environment = childEnvironment(options);
  const auto argumentPointers = pointers(arguments);
  const auto environmentPointers = pointers(environment);
  FileDescriptor output;
  if (!options.outputFile.empty()) {
    output = FileDescriptor(::open(options.outputFile.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644));
    if (!output) throw systemError(errno, "write", options.outputFile.string());
  }
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw systemError(errno, "make a pipe for", options.command[0]);
  FileDescriptor readEnd(ends[0]), writeEnd(ends[1]);

  const pid_t pid = ::fork();
  if (pid < 0) throw systemError(errno, "start", options.command[0]);
  if (pid == 0) becomeChild(options, argumentPointers.data(), environmentPointers.data(), output.get(), writeEnd.get());
  // Also in the parent, so that a signal to the group cannot come before the group exists.
  if (options.ownGroup && !options.ownSession) ::setpgid(pid, pid);
  writeEnd.reset();
  int code = 0;
  ssize_t count;
  do count = ::read(readEnd.get(), &code, sizeof code);
  while (count < 0 && errno == EINTR);
  if (count > 0) {
    int status;
    ::waitpid(pid, &status, 0);
    throw environmentError(std::string("cannot start: ") + std::strerror(code), options.command[0],
                           "Check that it is installed.");
  }
  ChildProcess child;
  child.pid_ = pid;
  child.ownGroup_ = options.ownGroup || options.ownSession;
  child.pidDescriptor_ = FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  return child;
}

std::optional<int> ChildProcess::poll() {
  if (status_ || pid_ < 0) return status_;
  int status = 0;
  const pid_t result = ::waitpid(pid_, &status, WNOHANG);
  if (result == pid_) status_ = exitStatusOfWait(status);
  return status_;
}

std::optional<int> ChildProcess::wait(double seconds) {
  const double deadline = steadySeconds() + seconds;
  while (!poll()) {
    const double left = deadline - steadySeconds();
    if (left <= 0) return std::nullopt;
    struct pollfd entry = {pidDescriptor_.get(), POLLIN, 0};
    ::poll(&entry, 1, static_cast<int>(std::ceil(std::min(left, 3600.0) * 1000)));
  }
  return status_;
}

void ChildProcess::signalGroup(int signal) const {
  if (pid_ > 0) ::kill(ownGroup_ ? -pid_ : pid_, signal);
}

std::uint64_t startTicks(pid_t pid) {
  std::string text;
  try {
    text = readFile("/proc/" + std::to_string(pid) + "/stat");
  } catch (const Error&) {
    return 0;
  }
  const auto nameEnd = text.rfind(')');  // the name may hold blanks and brackets
  if (nameEnd == std::string::npos) return 0;
  std::istringstream fields(text.substr(nameEnd + 1));
  std::string field;
  for (int index = 3; index <= 22 && fields >> field; ++index) {
    if (index == 3 && (field == "Z" || field == "X")) return 0;
  }
  return std::strtoull(field.c_str(), nullptr, 10);
}

std::string bootId() {
  try {
    std::string id = readFile("/proc/sys/kernel/random/boot_id");
    while (!id.empty() && id.back() == '\n') id.pop_back();
    return id;
  } catch (const Error&) {
    return "unknown";
  }
}

std::string hostName() {
  char name[256] = {};
  ::gethostname(name, sizeof name - 1);
  return name;
}

bool isAlive(pid_t pid, std::uint64_t ticks) { return pid > 0 && ticks != 0 && startTicks(pid) == ticks; }

std::filesystem::path programDirectory() { return std::filesystem::read_symlink("/proc/self/exe").parent_path(); }

int exitStatusOfWait(int waitStatus) {
  return WIFSIGNALED(waitStatus) ? 128 + WTERMSIG(waitStatus) : WEXITSTATUS(waitStatus);
}

}  // namespace counterpoint
