// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/rpc.h"
#include "core/base/any_error.h"

#include <utility>

namespace counterpoint {

RpcMessage rpcRequest(std::int64_t id, std::string method, Json parameters) {
  RpcMessage message;
  message.id = id;
  message.method = std::move(method);
  message.parameters = std::move(parameters);
  return message;
}

RpcMessage rpcNotification(std::string method, Json parameters) {
  RpcMessage message;
  message.method = std::move(method);
  message.parameters = std::move(parameters);
  return message;
}

RpcMessage rpcResult(std::int64_t id, Json result) {
  RpcMessage message;
  message.id = id;
  message.result = std::move(result);
  return message;
}

RpcMessage rpcError(std::optional<std::int64_t> id, RpcCode code, const std::exception& error) {
  RpcMessage message;
  message.id = id;
  message.errorCode = code;
  const Error known = asError(error);
  message.errorText = known.what();
  message.errorData = {
      {"what", known.problem()}, {"where", known.where()}, {"cure", known.cure()}, {"status", known.exitStatus()}};
  return message;
}

std::string formatRpc(const RpcMessage& message) {
  Json line = {{"jsonrpc", "2.0"}};
  if (message.id) line["id"] = *message.id;
  if (!message.isAnswer()) {
    line["method"] = message.method;
    line["params"] = message.parameters;
  } else if (message.errorCode) {
    if (!message.id) line["id"] = nullptr;
    line["error"] = {
        {"code", static_cast<int>(*message.errorCode)}, {"message", message.errorText}, {"data", message.errorData}};
  } else {
    line["result"] = message.result;
  }
  return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

RpcMessage parseRpc(std::string_view text) {
  const Json line = Json::parse(text, nullptr, false);
  if (line.is_discarded() || !line.is_object()) throw dataError("not a JSON object");
  if (line.value("jsonrpc", Json()) != "2.0") throw dataError("not JSON-RPC 2.0: member \"jsonrpc\" must be \"2.0\"");
  RpcMessage message;
  if (const auto id = line.find("id"); id != line.end() && !id->is_null()) {
    if (!id->is_number_integer()) throw dataError("member \"id\" must be a whole number");
    message.id = id->get<std::int64_t>();
  }
  if (const auto method = line.find("method"); method != line.end()) {
    if (!method->is_string() || method->get_ref<const std::string&>().empty())
      throw dataError("member \"method\" must be a name");
    message.method = *method;
    if (const auto parameters = line.find("params"); parameters != line.end()) {
      if (!parameters->is_object()) throw dataError("member \"params\" must be an object");
      message.parameters = *parameters;
    }
    return message;
  }
  if (const auto error = line.find("error"); error != line.end()) {
    if (!error->is_object() || !error->contains("code") || !error->at("code").is_number_integer())
      throw dataError("member \"error\" must be an object with a code");
    message.errorCode = static_cast<RpcCode>(error->at("code").get<int>());
    if (error->contains("message") && error->at("message").is_string()) message.errorText = error->at("message");
    message.errorData = error->value("data", Json());
    return message;
  }
  if (!line.contains("result")) throw dataError("neither method, result nor error");
  message.result = line.at("result");
  return message;
}

Error errorOf(const RpcMessage& message) {
  const auto text = [&](const char* name) {
    const auto& data = message.errorData;
    return data.is_object() && data.contains(name) && data.at(name).is_string() ? data.at(name).get<std::string>()
                                                                                : std::string();
  };
  int status = static_cast<int>(ErrorKind::Bug);
  if (message.errorData.is_object() && message.errorData.contains("status") &&
      message.errorData.at("status").is_number_integer())
    status = message.errorData.at("status");
  const std::string what = text("what").empty() ? message.errorText : text("what");
  return {static_cast<ErrorKind>(status), what, text("where"), text("cure")};
}

}  // namespace counterpoint
