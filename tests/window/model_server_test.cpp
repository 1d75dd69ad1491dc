// SPDX-License-Identifier: GPL-3.0-or-later
// The window's client against a small server of the test's own, in a thread; the child process that ModelServer starts
// only tells where it listens, or does what a test wants of it.
#include <gtest/gtest.h>

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <csignal>
#include <memory>
#include <optional>
#include <thread>

#include "app/window/model_server.h"
#include "core/protocol/line_socket.h"
#include "core/protocol/rpc.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

// Answers until its socket is shut.
class FakeServer {
 public:
  explicit FakeServer(int version = kProtocolVersion, std::string run = "runs/one")
      : run_(std::move(run)), listener_(folder_ / "socket"), thread_([this, version] { serve(version); }) {}
  explicit FakeServer(std::string run) : FakeServer(kProtocolVersion, std::move(run)) {}
  ~FakeServer() {
    stop_ = true;
    thread_.join();
  }

  // The process stays as long as its standard input would: until it is ended.
  ServerCommand command(const QString& after = QStringLiteral("exec sleep 600")) const {
    const QString line =
        QStringLiteral("{\"socket\": \"%1\", \"pid\": 1}").arg(QString::fromStdString(listener_.path().string()));
    return {QStringLiteral("/bin/sh"), {QStringLiteral("-c"), QStringLiteral("echo '%1'; %2").arg(line, after)}, {}};
  }

 private:
  void serve(int version) {
    std::optional<LineSocket> socket;
    while (!socket && !stop_) {
      if (auto accepted = listener_.accept(0.05)) socket.emplace(std::move(*accepted));
    }
    if (!socket) return;
    std::optional<std::int64_t> held;  // a request that is only answered when it is cancelled
    try {
      while (!stop_) {
        const auto line = socket->receive(0.05);
        if (!line) continue;
        const RpcMessage message = parseRpc(*line);
        if (message.method == "hello") {
          socket->send(formatRpc(rpcResult(*message.id, {{"version", version}, {"program", "fake"}, {"pid", 1}})));
        } else if (message.method == "describe") {
          socket->send(formatRpc(rpcResult(*message.id, {{"run", run_}, {"step", 7}})));
        } else if (message.method == "retrieve") {
          for (int done = 1; done <= 3; ++done) {
            socket->send(formatRpc(rpcNotification("progress", {{"id", *message.id}, {"done", done}, {"total", 3}})));
          }
          socket->send(formatRpc(rpcResult(*message.id, message.parameters)));
        } else if (message.method == "caption") {
          held = message.id;
        } else if (message.method == "cancel") {
          if (held) socket->send(formatRpc(rpcError(held, RpcCode::Cancelled, dataError("cancelled"))));
          socket->send(formatRpc(rpcResult(*message.id, Json::object())));
        } else {
          socket->send(formatRpc(
              rpcError(message.id, RpcCode::Failed, dataError("is no clip", "a.mp4", "Choose another one."))));
        }
      }
    } catch (const Error&) {  // the window left
    }
  }

  std::string run_;
  TemporaryFolder folder_;
  LineListener listener_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

bool waitFor(const ModelServer& server, ModelLink::State state) {
  return QTest::qWaitFor([&] { return server.state() == state; }, 10'000);
}

TEST(ModelServer, ConnectsDescribesAndAnswersOutOfOrder) {
  FakeServer fake;
  ModelServer server;
  server.load(fake.command());
  EXPECT_EQ(server.state(), ModelLink::State::Starting);
  ASSERT_TRUE(waitFor(server, ModelLink::State::Ready)) << server.problem().toStdString();
  EXPECT_EQ(server.description().value("step", 0), 7);

  Json second;
  std::string failure;
  std::vector<qint64> progress;
  bool cancelled = false;
  ModelLink::Callbacks held;
  held.failed = [&](const Error&) { cancelled = true; };
  const qint64 slow = server.request("caption", {{"clip", "a.mp4"}}, held);
  ModelLink::Callbacks asked;
  asked.done = [&](const Json& result) { second = result; };
  asked.progress = [&](qint64 done, qint64) { progress.push_back(done); };
  server.request("retrieve", {{"text", "words"}, {"k", 5}}, asked);
  ModelLink::Callbacks wrong;
  wrong.failed = [&](const Error& error) { failure = describe(error); };
  server.request("nonsense", Json::object(), wrong);
  ASSERT_TRUE(QTest::qWaitFor([&] { return !failure.empty(); }));
  EXPECT_EQ(second, (Json{{"text", "words"}, {"k", 5}}));
  EXPECT_EQ(progress, (std::vector<qint64>{1, 2, 3}));
  EXPECT_EQ(failure, "a.mp4: is no clip. Choose another one.");
  EXPECT_FALSE(cancelled);
  server.cancel(slow);
  EXPECT_TRUE(QTest::qWaitFor([&] { return cancelled; }));
  EXPECT_TRUE(server.isReady());
}

TEST(ModelServer, DeathOfTheServerFailsWhatIsOpenAndItStartsAgain) {
  auto fake = std::make_unique<FakeServer>();
  ModelServer server;
  server.load(fake->command());
  ASSERT_TRUE(waitFor(server, ModelLink::State::Ready));
  std::string failure;
  ModelLink::Callbacks held;
  held.failed = [&](const Error& error) { failure = error.problem(); };
  server.request("caption", {{"clip", "a.mp4"}}, held);
  ASSERT_GT(server.processId(), 0);
  ::kill(static_cast<pid_t>(server.processId()), SIGKILL);
  ASSERT_TRUE(waitFor(server, ModelLink::State::Lost));
  EXPECT_NE(failure.find("killed"), std::string::npos) << failure;
  EXPECT_TRUE(server.description().empty());

  fake = std::make_unique<FakeServer>();
  server.setWanted([&] { return fake->command(); });
  server.load(fake->command());
  ASSERT_TRUE(waitFor(server, ModelLink::State::Ready));
  server.unload();
  EXPECT_EQ(server.state(), ModelLink::State::Off);
}

TEST(ModelServer, UnloadsWithoutAWordAndLoadsWhatIsWantedThen) {
  FakeServer one("runs/one"), two("runs/two"), three("runs/three");
  const FakeServer* wanted = &one;
  ModelServer server;
  server.setWanted([&] { return wanted->command(); });
  std::vector<ModelLink::State> states;
  QObject::connect(&server, &ModelServer::stateChanged, [&] { states.push_back(server.state()); });
  server.startNewest();
  ASSERT_TRUE(waitFor(server, ModelLink::State::Ready)) << server.problem().toStdString();
  EXPECT_EQ(server.description().value("run", ""), "runs/one");
  int failed = 0;
  ModelLink::Callbacks held;
  held.failed = [&](const Error&) { ++failed; };
  server.request("caption", {{"clip", "a.mp4"}}, held);
  server.unload();
  EXPECT_EQ(failed, 1);
  EXPECT_EQ(server.problem(), QString());

  // Another workspace, or another run that was chosen.
  wanted = &two;
  server.startNewest();
  ASSERT_TRUE(waitFor(server, ModelLink::State::Ready));
  EXPECT_EQ(server.description().value("run", ""), "runs/two");
  wanted = &three;
  server.startNewest();  // one is there already
  EXPECT_TRUE(server.isReady());
  server.request("caption", {{"clip", "a.mp4"}}, held);
  server.loadWanted();
  EXPECT_EQ(failed, 2);
  ASSERT_TRUE(waitFor(server, ModelLink::State::Ready));
  EXPECT_EQ(server.description().value("run", ""), "runs/three");
  using enum ModelLink::State;
  EXPECT_EQ(states, (std::vector{Starting, Ready, Off, Starting, Ready, Starting, Ready}));
}

TEST(ModelServer, SaysWhyItDidNotStart) {
  ModelServer server;
  server.load({QStringLiteral("/bin/sh"),
               {QStringLiteral("-c"), QStringLiteral("echo 'runs/one: has no checkpoint. Train it.' >&2; exit 3")},
               {}});
  ASSERT_TRUE(waitFor(server, ModelLink::State::Lost));
  EXPECT_EQ(server.problem(), QStringLiteral("runs/one: has no checkpoint. Train it."));
  server.load({QStringLiteral("/no/such/program"), {}, {}});
  ASSERT_TRUE(waitFor(server, ModelLink::State::Lost));
  EXPECT_TRUE(server.problem().contains(QStringLiteral("/no/such/program")));
  server.setStartLimit(50);
  server.load({QStringLiteral("/bin/sleep"), {QStringLiteral("600")}, {}});
  ASSERT_TRUE(waitFor(server, ModelLink::State::Lost));
  FakeServer other(kProtocolVersion + 1);
  server.setStartLimit(10'000);
  server.load(other.command());
  ASSERT_TRUE(waitFor(server, ModelLink::State::Lost));
  EXPECT_TRUE(server.problem().contains(QStringLiteral("version"))) << server.problem().toStdString();
}

TEST(ModelServer, WithoutAModelARequestFailsLaterNotNow) {
  ModelServer server;
  bool failed = false;
  ModelLink::Callbacks callbacks;
  callbacks.failed = [&](const Error&) { failed = true; };
  server.request("caption", Json::object(), callbacks);
  EXPECT_FALSE(failed);
  EXPECT_TRUE(QTest::qWaitFor([&] { return failed; }));
}

}  // namespace
}  // namespace counterpoint
