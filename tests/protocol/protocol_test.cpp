// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <thread>

#include "core/protocol/client.h"
#include "core/protocol/messages.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

TEST(Messages, ACaptionSurvivesTheTrip) {
  Caption caption;
  caption.text = "LVEF about 35 percent.";
  caption.sentences = {{"LVEF about 35 percent.", 0.81, {{"35", 0.7}, {"percent", 0.99}}}};
  const Json json = toJson(caption);
  EXPECT_EQ(json["generated"], true);
  const Caption back = captionFromJson(json);
  ASSERT_EQ(back.sentences.size(), 1u);
  EXPECT_EQ(back.sentences[0].tokens[0].text, "35");
  EXPECT_DOUBLE_EQ(back.sentences[0].confidence, 0.81);
}

TEST(Messages, AMissingMemberIsNamed) {
  try {
    captionFromJson(Json{{"text", "x"}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("sentences"), std::string::npos);
  }
  EXPECT_THROW(seenFromJson(Json{{"clip", "a"}, {"frames", "no"}}), Error);
  EXPECT_THROW(seenFromJson(Json{{"clip", "a"}, {"frames", {0}}, {"crop", {0, 0, 1}}}), Error);
}

TEST(Rpc, BrokenLinesAreRefused) {
  for (const char* line :
       {"", "[]", "{", "{\"id\":1}", "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"a\"}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"params\":[1]}", "{\"jsonrpc\":\"2.0\",\"error\":3}"})
    EXPECT_THROW(parseRpc(line), Error) << line;
}

TEST(Rpc, AnErrorKeepsWhatWhereAndCure) {
  const auto line = formatRpc(rpcError(7, RpcCode::Failed, dataError("is damaged", "a.mp4", "Copy it again.")));
  const auto back = errorOf(parseRpc(line));
  EXPECT_EQ(back.kind(), ErrorKind::Data);
  EXPECT_EQ(back.where(), "a.mp4");
  EXPECT_EQ(back.cure(), "Copy it again.");
}

TEST(Rpc, ClientAndServerTalkOverASocket) {
  TemporaryFolder folder;
  LineListener listener(folder / "model.sock");
  std::thread server([&] {
    auto connection = listener.accept(10);
    ASSERT_TRUE(connection);
    for (int i = 0; i < 3; ++i) {
      const auto request = parseRpc(*connection->receive(10));
      if (request.method == "hello")
        connection->send(formatRpc(rpcResult(*request.id, {{"version", kProtocolVersion}})));
      if (request.method == "embed") {
        connection->send(formatRpc(rpcNotification("progress", {{"id", *request.id}, {"done", 1}, {"total", 2}})));
        connection->send(formatRpc(rpcResult(*request.id, {{"echo", request.parameters["inputs"]}})));
      }
      if (request.method == "caption")
        connection->send(formatRpc(rpcError(request.id, RpcCode::Failed, dataError("no such clip", "x.mp4"))));
    }
  });
  RpcClient client(folder / "model.sock");
  int progressed = 0;
  const auto answer = client.call("embed", {{"inputs", {"a"}}}, 10, [&](auto, auto) { ++progressed; });
  EXPECT_EQ(answer["echo"][0], "a");
  EXPECT_EQ(progressed, 1);
  EXPECT_THROW(client.call("caption", Json::object(), 10), Error);
  server.join();
}

TEST(Rpc, TheEndOfAConnectionIsSaid) {
  TemporaryFolder folder;
  LineListener listener(folder / "s");
  auto client = LineSocket::connect(folder / "s");
  { auto connection = listener.accept(10); }
  try {
    client.receive(10);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::PeerLost);
  }
}

TEST(Rpc, AStaleSocketIsReplacedALiveOneIsNot) {
  TemporaryFolder folder;
  const auto path = folder / "s";
  LineListener listener(path);
  EXPECT_THROW(LineListener second(path), Error);
}

}  // namespace
}  // namespace counterpoint
