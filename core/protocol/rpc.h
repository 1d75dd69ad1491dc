// SPDX-License-Identifier: GPL-3.0-or-later
// JSON-RPC 2.0, one object a line: the envelope of serve's requests and answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/base/json.h"

namespace counterpoint {

inline constexpr int kProtocolVersion = 1;
inline constexpr std::size_t kLongestLine = 16u << 20;

// Codes of JSON-RPC 2.0 and, for a cancelled request, of the Language Server Protocol.
enum class RpcCode {
  ParseError = -32700,
  InvalidRequest = -32600,
  UnknownMethod = -32601,
  InvalidParameters = -32602,
  Failed = -32000,
  Cancelled = -32800
};

// A request (id set), a notification (no id), a result or an error.
struct RpcMessage {
  std::optional<std::int64_t> id;
  std::string method;  // empty in answers
  Json parameters = Json::object();
  Json result;  // in answers without an error
  std::optional<RpcCode> errorCode;
  std::string errorText;
  Json errorData;  // {"what", "where", "cure", "status"}

  bool isAnswer() const { return method.empty(); }
};

RpcMessage rpcRequest(std::int64_t id, std::string method, Json parameters);
RpcMessage rpcNotification(std::string method, Json parameters);
RpcMessage rpcResult(std::int64_t id, Json result);
RpcMessage rpcError(std::optional<std::int64_t> id, RpcCode code, const std::exception& error);

// One line without its newline, and back. parseRpc throws Error{Data} for anything that is no JSON-RPC 2.0 object.
std::string formatRpc(const RpcMessage& message);
RpcMessage parseRpc(std::string_view line);

// The Error that an error answer carries, as it was thrown on the other side.
Error errorOf(const RpcMessage& message);

}  // namespace counterpoint
