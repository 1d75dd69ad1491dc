// SPDX-License-Identifier: GPL-3.0-or-later
// What a rank owes its launcher: to end with it, to stop when asked, and to say in one line why it failed.
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "core/base/files.h"
#include "core/runs/run_folder.h"
#include "core/runs/status.h"

namespace counterpoint {

// Environment of a rank (set by core/jobs, beside RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR and, where the user gave
// it, MASTER_PORT).
inline constexpr const char* kRunFolderVariable = "COUNTERPOINT_RUN_FOLDER";  // absolute path
inline constexpr const char* kAttemptVariable = "COUNTERPOINT_ATTEMPT";  // 0, 1, …; above 0: continue from `last`
inline constexpr const char* kRendezvousVariable = "COUNTERPOINT_RENDEZVOUS";  // file: rank 0 writes {"port": N}
inline constexpr const char* kDeviceVariable = "COUNTERPOINT_DEVICE";          // "cpu" or "cuda:0"
inline constexpr const char* kLifelineVariable = "COUNTERPOINT_LIFELINE";      // descriptor that ends with the launcher
inline constexpr const char* kRequestsVariable = "COUNTERPOINT_REQUESTS_FROM";  // byte offset in requests.jsonl

struct RankPlace {
  std::optional<RunFolder> folder;  // empty: not started by a launcher
  int attempt = 0;
  std::string device;  // empty: not said

  static RankPlace fromEnvironment();
};

// Watches the launcher's end of a pipe from a thread. When it closes, the launcher is gone: calls `onLost` once, then
// ends the process with status 7 after `graceSeconds` if it is still there. Does nothing where no lifeline was
// inherited.
class Lifeline {
 public:
  explicit Lifeline(std::function<void()> onLost, double graceSeconds = 10);
  ~Lifeline();
  Lifeline(const Lifeline&) = delete;
  Lifeline& operator=(const Lifeline&) = delete;

  bool watching() const { return thread_.joinable(); }

 private:
  void watch();

  std::function<void()> onLost_;
  double graceSeconds_;
  FileDescriptor line_, wakeRead_, wakeWrite_;
  std::thread thread_;
};

// SIGTERM and SIGINT: the first asks to stop after this step, the second ends the process at once (128 + signal). The
// handlers stay as long as this lives; one at a time in a process.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  bool requested() const;
};

// A line of rank_N.log from which the launcher takes the cause of a failure:
// counterpoint-error {"what", "where", "cure", "status"}
std::string errorLine(const std::exception& error);
std::optional<RunError> errorFromLine(std::string_view line);

}  // namespace counterpoint
