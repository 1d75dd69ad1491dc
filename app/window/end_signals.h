// SPDX-License-Identifier: GPL-3.0-or-later
// SIGTERM, SIGINT and SIGHUP end the window as its close button does: the session is saved and the end is an orderly
// one.
#pragma once

#include <functional>
#include <memory>

#include "core/base/files.h"

class QSocketNotifier;

namespace counterpoint {

class EndSignals {
 public:
  // One at a time. `end` runs on the event loop.
  explicit EndSignals(std::function<void()> end);
  ~EndSignals();
  EndSignals(const EndSignals&) = delete;
  EndSignals& operator=(const EndSignals&) = delete;

 private:
  FileDescriptor read_, write_;
  std::unique_ptr<QSocketNotifier> notifier_;
};

}  // namespace counterpoint
