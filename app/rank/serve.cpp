// SPDX-License-Identifier: GPL-3.0-or-later
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <iostream>

#include "app/rank/model_place.h"
#include "app/rank/work.h"
#include "core/base/error.h"
#include "core/device/device.h"
#include "core/protocol/line_socket.h"
#include "core/serve/server.h"

namespace counterpoint {
namespace {

// A handler, not sigwait: libraries start threads before main, which no mask of ours reaches.
std::atomic<Server*> served = nullptr;
static_assert(std::atomic<Server*>::is_always_lock_free);

void endServing(int) {
  if (Server* server = served.load()) server->stop();
}

struct EndsOnSignals {
  explicit EndsOnSignals(Server& server) {
    served = &server;
    set(endServing);
  }
  ~EndsOnSignals() {
    set(SIG_DFL);
    served = nullptr;
  }
  static void set(void (*handler)(int)) {
    struct sigaction action = {};
    action.sa_handler = handler;
    for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
  }
};

}  // namespace

int runServe(const ServeOptions& options, const Context&) {
  const auto service = openService(options.model, options.device);
  setThreads(options.threads);
  const std::filesystem::path socket = options.socket.empty()
                                           ? socketDirectory() / ("serve-" + std::to_string(::getpid()) + ".sock")
                                           : std::filesystem::path(options.socket);
  Server server([&](const std::string& method, const Json& parameters,
                    const RequestContext& request) { return service->answer(method, parameters, request); },
                socket, "counterpoint-rank");
  const EndsOnSignals signals(server);
  // The line that whoever started us waits for.
  std::cout << Json({{"socket", socket.string()}, {"pid", ::getpid()}}).dump() << std::endl;
  server.run();
  return 0;
}

}  // namespace counterpoint
