// SPDX-License-Identifier: GPL-3.0-or-later
// counterpoint-worker serve, asked over its socket: the same answers as the command line's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/formats/npy.h"
#include "core/protocol/client.h"
#include "core/runs/folder_watcher.h"
#include "tests/system/trained_run.h"

namespace counterpoint {
namespace {

using ::testing::HasSubstr;

struct Serve : ::testing::Test {
  TrialWorkspace& place = phantoms();
  TemporaryFolder runtime;  // its path is short enough for a socket
  std::optional<ChildProcess> server;
  std::filesystem::path socket;
  std::string model, clip;

  void SetUp() override {
    ASSERT_TRUE(trainedRun().isReady()) << trainedRun().resume.err;
    model = trainedRun().name();
    // Retrieval searches the embeddings of an evaluated split; without them serve makes its own.
    const auto rows = jsonLines(trainedRun().folder / "results/val/clips.jsonl");
    clip = rows.at(0).at("clip");
    FolderWatcher watcher(runtime.path());
    server = place.start({"serve", "--model", model}, "serve.out", {{"XDG_RUNTIME_DIR", runtime.path().string()}});
    const double deadline = steadySeconds() + 60;
    std::string said;
    while (steadySeconds() < deadline && !server->poll() && said.find('\n') == std::string::npos) {
      server->wait(0.05);
      said = readFile(place / "serve.out");
    }
    ASSERT_THAT(said, HasSubstr("socket")) << readFile(place / "serve.out.err");
    socket = Json::parse(said).at("socket").get<std::string>();
    EXPECT_EQ(socket.parent_path(), runtime / "counterpoint");
    EXPECT_EQ(Json::parse(said).at("pid"), server->pid());
  }
  void TearDown() override {
    if (server && !server->poll()) {
      server->signalGroup(SIGKILL);
      server->wait(10);
    }
  }
  // Waits for the answer to request `id`, past notifications.
  static RpcMessage answerTo(LineSocket& line, std::int64_t id) {
    const double deadline = steadySeconds() + 60;
    while (steadySeconds() < deadline) {
      const auto text = line.receive(deadline - steadySeconds());
      if (!text) break;
      const RpcMessage message = parseRpc(*text);
      if (message.isAnswer() && message.id == id) return message;
    }
    throw environmentError("no answer", "request " + std::to_string(id));
  }
};

TEST_F(Serve, AnswersAsTheCommandLineDoes) {
  RpcClient client(socket);
  const Json about = client.call("describe", Json::object());
  EXPECT_EQ(about.at("recipe"), "echo_text");
  EXPECT_EQ(about.at("dimension"), 64);
  EXPECT_EQ(about.at("calibrated"), true);
  EXPECT_EQ(about.at("capabilities"), Json({"embed_text", "embed_clip", "caption", "retrieve"}));
  EXPECT_EQ(about.at("input").at("frames"), 16);
  EXPECT_EQ(std::filesystem::path(about.at("run").get<std::string>()).filename(), trainedRun().folder.filename());

  // embed: inline
  place.write("asked.txt", "Normal systolic function.\n");
  ASSERT_EQ(place.worker({"embed", "--model", model, "--kind", "text", "--input", "asked.txt", "--output", "asked.npy"})
                .status,
            0);
  const auto wanted = NpyArray::open(place / "asked.npy").floatRow(0);
  const Json embedded = client.call("embed", {{"kind", "text"}, {"inputs", {"Normal systolic function."}}});
  const auto row = embedded.at("embeddings").at(0).get<std::vector<float>>();
  ASSERT_EQ(row.size(), wanted.size());
  for (std::size_t i = 0; i < row.size(); ++i) EXPECT_NEAR(row[i], wanted[i], 1e-6);

  // embed: over 4 kB, as a file of the reader's
  std::vector<std::string> many(20, "Normal systolic function.");
  std::int64_t told = 0;
  const Json large =
      client.call("embed", {{"kind", "text"}, {"inputs", many}}, 60, [&](std::int64_t done, std::int64_t total) {
        told = done;
        EXPECT_EQ(total, 20);
      });
  EXPECT_EQ(told, 20);
  const std::filesystem::path file = large.at("file").get<std::string>();
  EXPECT_EQ(NpyArray::open(file).shape(), (std::vector<std::int64_t>{20, 64}));
  std::filesystem::remove(file);

  // caption
  const auto captioned = place.worker({"caption", "--model", model, clip, "--json"});
  ASSERT_EQ(captioned.status, 0) << captioned.err;
  const Json caption = client.call("caption", {{"clip", clip}});
  EXPECT_EQ(caption.at("caption").at("text"), captioned.json().at(0).at("caption").at("text"));
  EXPECT_EQ(caption.at("seen"), captioned.json().at(0).at("seen"));

  // retrieve
  const auto found =
      place.worker({"retrieve", "--model", model, "--text", "Subcostal view.", "--split", "val", "-k", "3", "--json"});
  ASSERT_EQ(found.status, 0) << found.err;
  const Json answer = client.call("retrieve", {{"text", "Subcostal view."}, {"split", "val"}, {"k", 3}});
  ASSERT_EQ(answer.at("hits").size(), 3);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(answer.at("hits")[i].at("id"), found.json().at("hits")[i].at("id"));
  // … with right answers as the asker names them
  const Json named = client.call("retrieve", {{"clip", clip}, {"split", "val"}, {"k", 2}, {"right", {clip}}});
  EXPECT_EQ(named.at("right_ranks").size(), 1);
  EXPECT_EQ(named.at("hits")[0].at("id"), clip);  // a clip is nearest to itself
  EXPECT_EQ(named.at("hits")[0].at("right"), true);
  EXPECT_TRUE(named.contains("seen"));
}

TEST_F(Serve, ErrorsKeepTheirKindAndTheServerGoesOn) {
  RpcClient client(socket);
  try {
    client.call("caption", {{"clip", "data/clips/none.mp4"}});
    FAIL() << "a clip that is not there was described";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Data);
    EXPECT_THAT(describe(error), HasSubstr("none.mp4"));
  }
  EXPECT_THROW(client.call("embed", {{"kind", "smell"}, {"inputs", {"x"}}}), Error);
  EXPECT_EQ(client.call("describe", Json::object()).at("dimension"), 64);
}

TEST_F(Serve, CancelsAndShutsDown) {
  auto line = LineSocket::connect(socket);
  // More clips than can be embedded before the next line is read.
  const std::vector<std::string> inputs(2000, clip);
  line.send(formatRpc(rpcRequest(5, "embed", {{"kind", "clip"}, {"inputs", inputs}})));
  line.send(formatRpc(rpcRequest(6, "cancel", {{"id", 5}})));
  const RpcMessage cancelled = answerTo(line, 5);
  EXPECT_EQ(cancelled.errorCode, RpcCode::Cancelled);
  line.send(formatRpc(rpcRequest(7, "describe", Json::object())));
  EXPECT_FALSE(answerTo(line, 7).errorCode);

  RpcClient client(socket);
  EXPECT_EQ(client.call("shutdown", Json::object()), Json::object());
  EXPECT_EQ(server->wait(20), 0);
  EXPECT_FALSE(std::filesystem::exists(socket));
}

TEST_F(Serve, EndsOnSigterm) {
  ::kill(server->pid(), SIGTERM);
  EXPECT_EQ(server->wait(20), 0);
  EXPECT_FALSE(std::filesystem::exists(socket));
}

}  // namespace
}  // namespace counterpoint
