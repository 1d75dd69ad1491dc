// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serve/server.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <list>
#include <map>
#include <mutex>
#include <thread>

#include "core/base/any_error.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/protocol/line_socket.h"
#include "core/protocol/rpc.h"

namespace counterpoint {
namespace {

struct Connection {
  explicit Connection(LineSocket accepted) : socket(std::move(accepted)) {}
  LineSocket socket;
  std::mutex mutex;
  std::map<std::int64_t, bool> pending;  // id of a request that has no answer yet, whether it was cancelled
  bool closed = false;                   // nobody reads answers any more

  // False where a request of this id waits already.
  bool begin(std::int64_t id) {
    const std::lock_guard lock(mutex);
    return pending.emplace(id, false).second;
  }
  void end(std::int64_t id) {
    const std::lock_guard lock(mutex);
    pending.erase(id);
  }
  // One that has its answer already is past cancelling, and its id may come again.
  void cancel(std::int64_t id) {
    const std::lock_guard lock(mutex);
    if (const auto found = pending.find(id); found != pending.end()) found->second = true;
  }
  bool isCancelled(std::int64_t id) {
    const std::lock_guard lock(mutex);
    const auto found = pending.find(id);
    return closed || (found != pending.end() && found->second);
  }
  // A client that is gone needs no answer.
  void send(const RpcMessage& message) {
    try {
      socket.send(formatRpc(message));
    } catch (const Error&) {
      const std::lock_guard lock(mutex);
      closed = true;
    }
  }
};

struct Work {
  std::shared_ptr<Connection> connection;
  RpcMessage request;
};

void nameThread(const char* name) { ::pthread_setname_np(::pthread_self(), name); }

}  // namespace

struct Server::State {
  State(AnswerRequest model, const std::filesystem::path& path, std::string programName)
      : ask(std::move(model)), listener(path), program(std::move(programName)) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) throw systemError(errno, "make a pipe for", path.string());
    wakeRead = FileDescriptor(ends[0]);
    wakeWrite = FileDescriptor(ends[1]);
  }

  AnswerRequest ask;
  LineListener listener;
  std::string program;
  FileDescriptor wakeRead, wakeWrite;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Work> queue;
  bool stopping = false;
  int connected = 0;
  double lastLeft = steadySeconds();

  void read(const std::shared_ptr<Connection>& connection);
  void takeLine(const std::shared_ptr<Connection>& connection, const std::string& line);
  void take(const std::shared_ptr<Connection>& connection, RpcMessage request);
  void work();
  void answer(const Work& item);
};

Server::Server(AnswerRequest answer, const std::filesystem::path& socket, std::string program)
    : state_(std::make_unique<State>(std::move(answer), socket, std::move(program))) {}

Server::~Server() = default;

void Server::stop() {
  const char byte = 0;
  [[maybe_unused]] const auto ignored = ::write(state_->wakeWrite.get(), &byte, 1);
}

void Server::State::take(const std::shared_ptr<Connection>& connection, RpcMessage request) {
  const std::int64_t id = request.id.value_or(0);
  if (request.method == "hello") {
    connection->send(rpcResult(id, {{"version", kProtocolVersion}, {"program", program}, {"pid", ::getpid()}}));
    return;
  }
  if (request.method == "cancel") {
    const auto target = request.parameters.find("id");
    if (target == request.parameters.end() || !target->is_number_integer())
      throw usageError("must be the whole number of a request", "cancel, id");
    connection->cancel(target->get<std::int64_t>());
    connection->send(rpcResult(id, Json::object()));
    return;
  }
  if (request.method == "shutdown") {
    connection->send(rpcResult(id, Json::object()));
    const char byte = 0;
    [[maybe_unused]] const auto ignored = ::write(wakeWrite.get(), &byte, 1);
    return;
  }
  if (!connection->begin(id)) throw usageError("is the id of a request that has no answer yet", std::to_string(id));
  const std::lock_guard lock(mutex);
  queue.push_back({connection, std::move(request)});
  changed.notify_all();
}

// A line that cannot be understood has its answer and does no harm.
void Server::State::takeLine(const std::shared_ptr<Connection>& connection, const std::string& line) {
  RpcMessage request;
  try {
    request = parseRpc(line);
  } catch (const std::exception& error) {
    connection->send(rpcError(std::nullopt, RpcCode::InvalidRequest, error));
    return;
  }
  if (request.isAnswer() || !request.id) return;
  const auto id = request.id;
  try {
    take(connection, std::move(request));
  } catch (const std::exception& error) {
    connection->send(rpcError(id, RpcCode::InvalidParameters, error));
  }
}

void Server::State::read(const std::shared_ptr<Connection>& connection) {
  nameThread("serve-reader");
  try {
    for (;;) {
      const auto line = connection->socket.receive(-1);
      if (!line) continue;
      takeLine(connection, *line);
    }
  } catch (const std::exception&) {
    // The client went away, or sent a line beyond all bounds.
  }
  {
    const std::lock_guard lock(connection->mutex);
    connection->closed = true;
  }
  const std::lock_guard lock(mutex);
  --connected;
  lastLeft = steadySeconds();
}

void Server::State::answer(const Work& item) {
  const std::int64_t id = *item.request.id;
  auto& connection = *item.connection;
  RequestContext context;
  context.cancelled = [&] { return connection.isCancelled(id); };
  context.progress = [&](std::int64_t done, std::int64_t total) {
    connection.send(rpcNotification("progress", {{"id", id}, {"done", done}, {"total", total}}));
  };
  RpcMessage message;
  try {
    message = rpcResult(id, ask(item.request.method, item.request.parameters, context));
  } catch (const RequestCancelled& error) {
    message = rpcError(id, RpcCode::Cancelled, error);
  } catch (const std::exception& error) {
    const bool usage = asError(error).kind() == ErrorKind::Usage;
    message = rpcError(id, usage ? RpcCode::InvalidParameters : RpcCode::Failed, error);
  }
  connection.end(id);  // before the answer goes out: the client may use the id again at once
  connection.send(message);
}

void Server::State::work() {
  nameThread("serve-model");
  for (;;) {
    Work item;
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return stopping || !queue.empty(); });
      if (stopping) return;
      item = std::move(queue.front());
      queue.pop_front();
    }
    answer(item);
  }
}

void Server::run(double idleSeconds) {
  auto& state = *state_;
  std::thread model([&] { state.work(); });
  std::list<std::pair<std::shared_ptr<Connection>, std::thread>> readers;
  for (;;) {
    auto accepted = state.listener.accept(idleSeconds > 0 ? 1 : -1, state.wakeRead.get());
    char byte;
    if (::read(state.wakeRead.get(), &byte, 1) == 1) break;
    if (accepted) {
      auto connection = std::make_shared<Connection>(std::move(*accepted));
      {
        const std::lock_guard lock(state.mutex);
        ++state.connected;
      }
      readers.emplace_back(connection, std::thread([&state, connection] { state.read(connection); }));
    }
    std::erase_if(readers, [](auto& entry) {
      {
        const std::lock_guard lock(entry.first->mutex);
        if (!entry.first->closed) return false;
      }
      entry.first->socket.shutdown();
      entry.second.join();
      return true;
    });
    const std::lock_guard lock(state.mutex);
    if (idleSeconds > 0 && state.connected == 0 && steadySeconds() - state.lastLeft > idleSeconds) break;
  }
  {
    const std::lock_guard lock(state.mutex);
    state.stopping = true;
    state.changed.notify_all();
  }
  for (auto& [connection, thread] : readers) {
    connection->socket.shutdown();
    thread.join();
  }
  model.join();
}

}  // namespace counterpoint
