// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/client.h"

#include "core/base/clock.h"

namespace counterpoint {

RpcClient::RpcClient(const std::filesystem::path& socket) : socket_(LineSocket::connect(socket)) {
  const Json answer = call("hello", {{"version", kProtocolVersion}}, 10);
  if (answer.value("version", 0) != kProtocolVersion)
    throw environmentError("the server speaks another version", socket.string(), "Start the server of this version.");
}

Json RpcClient::call(const std::string& method, const Json& parameters, double seconds, const Progress& progress) {
  const std::int64_t id = ++lastId_;
  socket_.send(formatRpc(rpcRequest(id, method, parameters)));
  const double deadline = steadySeconds() + seconds;
  for (;;) {
    const double left = deadline - steadySeconds();
    const auto line = left > 0 ? socket_.receive(left) : std::nullopt;
    if (!line) throw environmentError("no answer to \"" + method + "\" in time", "serve");
    const RpcMessage message = parseRpc(*line);
    if (!message.isAnswer()) {
      const auto& values = message.parameters;
      if (progress && message.method == "progress" && values.value("id", std::int64_t{0}) == id)
        progress(values.value("done", std::int64_t{0}), values.value("total", std::int64_t{0}));
      continue;
    }
    if (message.id != id) continue;  // an answer to an earlier request that was given up
    if (message.errorCode) throw errorOf(message);
    return message.result;
  }
}

}  // namespace counterpoint
