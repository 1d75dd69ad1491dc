// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "core/base/error.h"
#include "core/base/files.h"

namespace counterpoint {

// SIGTERM, SIGINT and SIGHUP as a descriptor, as long as this lives. Children get an empty mask (core/base/process).
class SignalQueue {
 public:
  SignalQueue() {
    sigset_t wanted;
    ::sigemptyset(&wanted);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&wanted, signal);
    ::pthread_sigmask(SIG_BLOCK, &wanted, &before_);
    descriptor_ = FileDescriptor(::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!descriptor_) throw systemError(errno, "watch", "signals");
  }
  ~SignalQueue() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalQueue(const SignalQueue&) = delete;
  SignalQueue& operator=(const SignalQueue&) = delete;

  int descriptor() const { return descriptor_.get(); }
  // The next signal that came, 0 without one.
  int next() {
    struct signalfd_siginfo info {};
    return ::read(descriptor_.get(), &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
  }

 private:
  sigset_t before_;
  FileDescriptor descriptor_;
};

}  // namespace counterpoint
