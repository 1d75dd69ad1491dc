// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/rank_side.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "core/base/any_error.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/secrets.h"

namespace counterpoint {
namespace {

constexpr std::string_view kErrorMark = "counterpoint-error ";

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// A signal handler can reach nothing but a static.
volatile sig_atomic_t stopRequested = 0;

extern "C" void takeStopSignal(int signal) {
  if (stopRequested) {
    ::signal(signal, SIG_DFL);
    ::raise(signal);  // delivered when this handler returns
  }
  stopRequested = 1;
}

void setHandler(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  ::sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGINT, &action, nullptr);
}

}  // namespace

RankPlace RankPlace::fromEnvironment() {
  RankPlace place;
  if (const auto folder = variable(kRunFolderVariable); !folder.empty()) place.folder = RunFolder(folder);
  place.attempt = std::atoi(variable(kAttemptVariable).c_str());
  place.device = variable(kDeviceVariable);
  return place;
}

Lifeline::Lifeline(std::function<void()> onLost, double graceSeconds)
    : onLost_(std::move(onLost)), graceSeconds_(graceSeconds) {
  const auto text = variable(kLifelineVariable);
  if (text.empty()) return;
  const int descriptor = std::atoi(text.c_str());
  if (::fcntl(descriptor, F_GETFD) < 0) return;
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  line_ = FileDescriptor(descriptor);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw systemError(errno, "make a pipe for", "the lifeline");
  wakeRead_ = FileDescriptor(ends[0]);
  wakeWrite_ = FileDescriptor(ends[1]);
  thread_ = std::thread([this] { watch(); });
}

Lifeline::~Lifeline() {
  wakeWrite_.reset();
  if (thread_.joinable()) thread_.join();
}

void Lifeline::watch() {
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);  // signals are the main thread's
  struct pollfd entries[2] = {{wakeRead_.get(), POLLIN, 0}, {line_.get(), POLLIN, 0}};
  while (::poll(entries, 2, -1) < 0 && errno == EINTR) {
  }
  if (entries[0].revents) return;
  if (onLost_) onLost_();
  // The process may end by itself in the meantime, which closes the wake pipe.
  if (::poll(entries, 1, static_cast<int>(graceSeconds_ * 1000)) == 0) ::_exit(static_cast<int>(ErrorKind::PeerLost));
}

StopSignals::StopSignals() {
  stopRequested = 0;
  setHandler(takeStopSignal);
}

StopSignals::~StopSignals() { setHandler(SIG_DFL); }

bool StopSignals::requested() const { return stopRequested != 0; }

std::string errorLine(const std::exception& error) {
  const Error known = asError(error);
  const Json json = {{"what", maskSecrets(known.problem())},
                     {"where", maskSecrets(known.where())},
                     {"cure", maskSecrets(known.cure())},
                     {"status", known.exitStatus()}};
  return std::string(kErrorMark) + json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<RunError> errorFromLine(std::string_view line) {
  const auto mark = line.find(kErrorMark);
  if (mark == std::string_view::npos) return std::nullopt;
  const Json json = Json::parse(line.substr(mark + kErrorMark.size()), nullptr, false);
  if (!json.is_object()) return std::nullopt;
  RunError error;
  error.what = json.value("what", "");
  error.where = json.value("where", "");
  error.cure = json.value("cure", "");
  error.status = json.value("status", 1);
  return error;
}

}  // namespace counterpoint
