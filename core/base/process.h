// SPDX-License-Identifier: GPL-3.0-or-later
// Child processes in groups of their own, and who is alive.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/files.h"

namespace counterpoint {

struct ProcessOptions {
  std::vector<std::string> command;                // program (looked up in PATH when it has no slash) and arguments
  std::map<std::string, std::string> environment;  // set on top of ours
  std::vector<std::string> unsetEnvironment;
  std::filesystem::path outputFile;        // stdout and stderr are appended here; empty: inherited
  std::filesystem::path workingDirectory;  // empty: ours
  bool ownGroup = true;                    // a process group of its own, so that its children end with it
  bool ownSession = false;                 // setsid: outlives the terminal
  bool diesWithParent = false;             // SIGTERM when the parent's thread that started it ends
  int inheritedDescriptor = -1;            // kept open in the child under the same number
};

// A process that was started; it is not waited for by the destructor.
class ChildProcess {
 public:
  // Throws Error{Environment} naming the program when it cannot be started (exec failures included).
  static ChildProcess start(const ProcessOptions& options);

  pid_t pid() const { return pid_; }
  // The exit status (128 + signal when killed), or nothing while it runs. Reaps once, then remembers.
  std::optional<int> poll();
  // Waits at most `seconds`.
  std::optional<int> wait(double seconds);
  // To the whole group.
  void signalGroup(int signal) const;
  // Readable when the process has ended (pidfd), for poll(2).
  int descriptor() const { return pidDescriptor_.get(); }

 private:
  pid_t pid_ = -1;
  bool ownGroup_ = true;
  FileDescriptor pidDescriptor_;
  std::optional<int> status_;
};

// What tells one process from a later one with the same pid.
std::uint64_t startTicks(pid_t pid);  // field 22 of /proc/PID/stat; 0 when there is no such process
std::string bootId();
std::string hostName();

// True if `pid` runs, is no zombie, and was started at `ticks`.
bool isAlive(pid_t pid, std::uint64_t ticks);

// The folder of the running program, links resolved.
std::filesystem::path programDirectory();

// 128 + signal or the exit code of a wait(2) status.
int exitStatusOfWait(int waitStatus);

}  // namespace counterpoint
