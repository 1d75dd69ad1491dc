// SPDX-License-Identifier: GPL-3.0-or-later
#include <signal.h>
#include <unistd.h>

#include <iostream>
#include <thread>

#include "app/rank/model_place.h"
#include "app/rank/work.h"
#include "core/base/error.h"
#include "core/device/device.h"
#include "core/protocol/line_socket.h"
#include "core/serve/server.h"

namespace counterpoint {

int runServe(const ServeOptions& options, const Context&) {
  // Blocked in every thread that is made from here on; one thread waits for them.
  sigset_t ends;
  ::sigemptyset(&ends);
  for (const int signal : {SIGINT, SIGTERM}) ::sigaddset(&ends, signal);
  ::pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  const auto service = openService(options.model, options.device);
  setThreads(options.threads);
  const std::filesystem::path socket = options.socket.empty()
                                           ? socketDirectory() / ("serve-" + std::to_string(::getpid()) + ".sock")
                                           : std::filesystem::path(options.socket);
  Server server(*service, socket, "counterpoint-rank");
  std::thread waiter([&] {
    int signal = 0;
    ::sigwait(&ends, &signal);
    server.stop();
  });
  // The line that whoever started us waits for.
  std::cout << Json({{"socket", socket.string()}, {"pid", ::getpid()}}).dump() << std::endl;
  server.run();
  ::kill(::getpid(), SIGTERM);  // wakes the waiter where "shutdown" ended the server
  waiter.join();
  return 0;
}

}  // namespace counterpoint
