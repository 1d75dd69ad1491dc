// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dist/peers.h"

#include <c10/util/Exception.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <torch/csrc/distributed/c10d/Store.hpp>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/log.h"
#include "core/base/process.h"
#include "core/base/words.h"

namespace counterpoint {
namespace {

std::string keyOf(int rank) { return "counterpoint/peer/" + std::to_string(rank); }

bool isTimeout(const std::exception& error) {
  const std::string text = lowerAscii(error.what());
  return text.find("timed out") != std::string::npos || text.find("timeout") != std::string::npos;
}

// A descriptor that becomes readable when the process ends; none where it is not the process that announced itself
// (another machine, another pid namespace).
FileDescriptor watch(const Json& peer) {
  if (peer["boot"] != bootId() || startTicks(peer["pid"].get<pid_t>()) != peer["ticks"].get<std::uint64_t>()) return {};
  return FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, peer["pid"].get<pid_t>(), 0)));
}

}  // namespace

Peers::Peers(c10d::Store& store, int rank, int size, double seconds) {
  const Json self{{"host", hostName()}, {"boot", bootId()}, {"pid", ::getpid()}, {"ticks", startTicks(::getpid())}};
  const auto text = self.dump();
  store.set(keyOf(rank), std::vector<std::uint8_t>(text.begin(), text.end()));
  std::vector<std::string> keys;
  for (int i = 0; i < size; ++i) keys.push_back(keyOf(i));
  try {
    store.wait(keys, std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000)));
  } catch (const std::exception& error) {
    std::vector<std::string> missing;
    try {
      for (int i = 0; i < size; ++i) {
        if (!store.check({keyOf(i)})) missing.push_back(std::to_string(i));
      }
    } catch (const std::exception&) {
      missing = {"0"};  // the store lives in rank 0
    }
    throw Error(ErrorKind::PeerLost,
                "rank " + join(missing, ", ") + " of " + std::to_string(size) + " did not come within " +
                    std::to_string(static_cast<int>(seconds)) + " s",
                "joining the group", "See the log of that rank.");
  }
  for (int i = 0; i < size; ++i) {
    if (i == rank) continue;
    const auto bytes = store.get(keyOf(i));
    const auto peer = Json::parse(bytes.begin(), bytes.end());
    peers_.push_back({i, peer["host"].get<std::string>(), watch(peer)});
  }
}

std::string Peers::whoIsGone(double waitSeconds) const {
  std::vector<pollfd> descriptors;
  for (const auto& peer : peers_)
    descriptors.push_back({peer.process.get(), POLLIN, 0});  // negative ones are passed over
  ::poll(descriptors.data(), descriptors.size(), static_cast<int>(waitSeconds * 1000));
  std::vector<std::string> gone;
  for (std::size_t i = 0; i < peers_.size(); ++i) {
    if (descriptors[i].revents) gone.push_back(std::to_string(peers_[i].rank));
  }
  return join(gone, ", ");
}

void Peers::explain(const std::exception& error, std::string_view collective) const {
  if (!isConnectionFailure(error)) throw;
  logDebug("{}: {}", collective, error.what());
  const bool late = isTimeout(error);
  // The connection closes shortly before the process counts as ended.
  const auto gone = whoIsGone(late ? 0 : 2);
  const std::string where(collective);
  if (!gone.empty()) throw Error(ErrorKind::PeerLost, "rank " + gone + " is gone", where, "See the log of that rank.");
  std::vector<std::string> others;
  for (const auto& peer : peers_) others.push_back(std::to_string(peer.rank) + " on " + peer.host);
  throw Error(ErrorKind::PeerLost,
              late ? "no answer in time; the other ranks (" + join(others, ", ") + ") hang or do something else"
                   : "the connection to another rank (" + join(others, ", ") + ") broke",
              where, "See the logs of the other ranks.");
}

bool isConnectionFailure(const std::exception& error) {
  if (dynamic_cast<const c10::DistError*>(&error)) return true;
  constexpr std::array kSigns{"gloo/transport", "Connection closed by peer", "Connection reset by peer",
                              "Broken pipe",    "Timed out waiting",         "NCCL",
                              "Socket Timeout"};
  const std::string_view text = error.what();
  return std::any_of(kSigns.begin(), kSigns.end(),
                     [&](const char* sign) { return text.find(sign) != std::string_view::npos; });
}

}  // namespace counterpoint
