// SPDX-License-Identifier: GPL-3.0-or-later
// The server with a model that counts: what clients send, right or wrong, has its answer and ends nothing.
#include "core/serve/server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/protocol/line_socket.h"
#include "core/protocol/rpc.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

class ServerTest : public ::testing::Test {
 protected:
  ~ServerTest() override {
    server_.stop();
    thread_.join();
  }
  // "wait" answers once it is cancelled, "echo" with its parameters.
  static Json answer(const std::string& method, const Json& parameters, const RequestContext& context) {
    if (method == "echo") return parameters;
    if (method != "wait") throw usageError("no such method", method);
    while (!context.cancelled()) std::this_thread::yield();
    throw RequestCancelled();
  }
  RpcMessage ask(const std::string& text) {
    client_.send(text);
    return parseRpc(*client_.receive(10));
  }
  RpcMessage ask(std::int64_t id, const std::string& method, const Json& parameters) {
    return ask(formatRpc(rpcRequest(id, method, parameters)));
  }

  TemporaryFolder folder_;
  Server server_{answer, folder_ / "s", "test"};
  std::thread thread_{[this] { server_.run(); }};
  LineSocket client_ = LineSocket::connect(folder_ / "s");
};

TEST_F(ServerTest, AWrongIdInCancelIsAnsweredAndHurtsNobody) {
  for (const char* parameters : {R"({"id":"7"})", "{}", R"({"id":null})", R"({"id":1.5})", R"({"id":[1]})"}) {
    const auto reply = ask(std::string(R"({"jsonrpc":"2.0","id":3,"method":"cancel","params":)") + parameters + "}");
    EXPECT_EQ(reply.id, 3) << parameters;
    EXPECT_EQ(reply.errorCode, RpcCode::InvalidParameters) << parameters;
  }
  EXPECT_EQ(ask("no JSON at all").errorCode, RpcCode::InvalidRequest);
  EXPECT_EQ(ask(4, "echo", {{"a", 1}}).result, (Json{{"a", 1}}));
}

TEST_F(ServerTest, ACancelledIdMayComeAgain) {
  client_.send(formatRpc(rpcRequest(5, "wait", Json::object())));
  client_.send(formatRpc(rpcRequest(6, "cancel", {{"id", 5}})));
  bool cancelled = false;
  for (int i = 0; i < 2; ++i) {
    const auto reply = parseRpc(*client_.receive(10));
    cancelled = cancelled || (reply.id == 5 && reply.errorCode == RpcCode::Cancelled);
  }
  EXPECT_TRUE(cancelled);
  EXPECT_EQ(ask(5, "echo", {{"b", 2}}).result, (Json{{"b", 2}}));
  // Cancelling what has its answer, or never was, cancels nothing that comes later.
  EXPECT_FALSE(ask(7, "cancel", {{"id", 8}}).errorCode);
  EXPECT_EQ(ask(8, "echo", {{"c", 3}}).result, (Json{{"c", 3}}));
}

TEST_F(ServerTest, AnIdThatWaitsIsRefused) {
  client_.send(formatRpc(rpcRequest(9, "wait", Json::object())));
  EXPECT_EQ(ask(9, "echo", Json::object()).errorCode, RpcCode::InvalidParameters);
  client_.send(formatRpc(rpcRequest(10, "cancel", {{"id", 9}})));
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(client_.receive(10));
}

}  // namespace
}  // namespace counterpoint
