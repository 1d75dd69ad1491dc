// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/end_signals.h"

#include <QSocketNotifier>

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <csignal>

namespace counterpoint {
namespace {

constexpr int kSignals[] = {SIGTERM, SIGINT, SIGHUP};

// A handler has no other way to know where to write.
std::atomic<int> pipeEnd = -1;

void onSignal(int) {
  const char byte = 1;
  const int end = pipeEnd.load();
  if (end >= 0) [[maybe_unused]]
    const ssize_t written = ::write(end, &byte, 1);
}

}  // namespace

EndSignals::EndSignals(std::function<void()> end) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return;
  read_ = FileDescriptor(ends[0]);
  write_ = FileDescriptor(ends[1]);
  pipeEnd = write_.get();
  notifier_ = std::make_unique<QSocketNotifier>(read_.get(), QSocketNotifier::Read);
  QObject::connect(notifier_.get(), &QSocketNotifier::activated, notifier_.get(), [this, end = std::move(end)] {
    char byte = 0;
    if (::read(read_.get(), &byte, 1) == 1) end();
  });
  struct sigaction action {};
  action.sa_handler = onSignal;
  action.sa_flags = SA_RESTART;
  for (const int signal : kSignals) ::sigaction(signal, &action, nullptr);
}

EndSignals::~EndSignals() {
  for (const int signal : kSignals) ::signal(signal, SIG_DFL);
  pipeEnd = -1;
}

}  // namespace counterpoint
