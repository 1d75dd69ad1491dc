// SPDX-License-Identifier: GPL-3.0-or-later
// The other ranks as processes: a broken connection does not say whose end it was, the kernel does.
#pragma once

#include <c10/util/intrusive_ptr.h>

#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/files.h"

namespace c10d {
class Store;
}

namespace counterpoint {

class Peers {
 public:
  // Announces this process in the store and waits for all others. Throws Error{PeerLost} naming the ranks that did not
  // come within `seconds`.
  Peers(c10d::Store& store, int rank, int size, double seconds);

  // What `error`, thrown by a collective, means. Rethrows errors that have nothing to do with other ranks.
  [[noreturn]] void explain(const std::exception& error, std::string_view collective) const;

 private:
  std::string whoIsGone(double waitSeconds) const;

  struct Peer {
    int rank;
    std::string host;
    FileDescriptor process;  // pidfd; none for other machines
  };
  std::vector<Peer> peers_;
};

// True for failures of the connection to other ranks.
bool isConnectionFailure(const std::exception& error);

}  // namespace counterpoint
