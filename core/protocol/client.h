// SPDX-License-Identifier: GPL-3.0-or-later
// Asks a serving model, one request at a time; for programs that may wait. The window has its own client on its event
// loop.
#pragma once

#include <functional>

#include "core/protocol/line_socket.h"
#include "core/protocol/rpc.h"

namespace counterpoint {

class RpcClient {
 public:
  // Connects and agrees on the version. Throws Error{Environment} when the server speaks another one.
  explicit RpcClient(const std::filesystem::path& socket);

  using Progress = std::function<void(std::int64_t done, std::int64_t total)>;
  // Waits for the answer. Throws the server's own Error, or Error{Environment} after `seconds`.
  Json call(const std::string& method, const Json& parameters, double seconds = 60, const Progress& progress = {});

 private:
  LineSocket socket_;
  std::int64_t lastId_ = 0;
};

}  // namespace counterpoint
