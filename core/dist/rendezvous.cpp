// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dist/rendezvous.h"

#include <chrono>
#include <thread>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/json.h"

namespace counterpoint {
namespace {

// The file may come from another machine over a network file system, which announces nothing: look again and again.
int waitForPort(const std::filesystem::path& file, double deadline) {
  while (true) {
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) {
      const auto value = readJsonFile(file);
      if (value.contains("port") && value["port"].is_number_integer()) return value["port"].get<int>();
      throw environmentError("holds no port", file.string(), "Give each start a new rendezvous file.");
    }
    if (steadySeconds() > deadline) {
      throw Error(ErrorKind::PeerLost, "rank 0 did not come: its rendezvous file does not appear", file.string(),
                  "See rank 0's log.");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

bool isPortTaken(const std::exception& error) {
  const std::string text = error.what();
  return text.find("EADDRINUSE") != std::string::npos || text.find("ddress already in use") != std::string::npos;
}

}  // namespace

c10::intrusive_ptr<c10d::Store> openStore(const GroupEnvironment& environment, double seconds) {
  const double deadline = steadySeconds() + seconds;
  c10d::TCPStoreOptions options;
  options.isServer = environment.rank == 0;
  options.numWorkers = static_cast<std::size_t>(environment.size);
  options.waitWorkers = false;  // a server that waited in its constructor could not announce its port
  options.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  options.port = static_cast<std::uint16_t>(environment.masterPort);
  const bool byFile = !environment.rendezvous.empty();
  if (byFile && !options.isServer)
    options.port = static_cast<std::uint16_t>(waitForPort(environment.rendezvous, deadline));
  const auto place = environment.masterAddress + ":" + std::to_string(options.port);
  try {
    auto store = c10::make_intrusive<c10d::TCPStore>(environment.masterAddress, options);
    if (byFile && options.isServer) writeJsonFile(environment.rendezvous, Json{{"port", store->getPort()}});
    return store;
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    if (options.isServer && isPortTaken(error)) {
      throw environmentError("the port is taken", place, "Set MASTER_PORT to another, or use COUNTERPOINT_RENDEZVOUS.");
    }
    if (options.isServer) throw environmentError("cannot listen: " + describe(error), place);
    throw Error(ErrorKind::PeerLost,
                "rank 0 does not answer within " + std::to_string(static_cast<int>(seconds)) + " s", place,
                "See rank 0's log.");
  }
}

}  // namespace counterpoint
