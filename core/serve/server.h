// SPDX-License-Identifier: GPL-3.0-or-later
// Answers over a local socket: a thread a connection reads, one thread asks the model.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/serve/model_service.h"

namespace counterpoint {

// What the model says to one request, as ModelService::answer.
using AnswerRequest = std::function<Json(const std::string& method, const Json& parameters, const RequestContext&)>;

class Server {
 public:
  // `answer` is called by one thread. `program` is what hello answers.
  Server(AnswerRequest answer, const std::filesystem::path& socket, std::string program);
  ~Server();

  // Serves until "shutdown", stop(), or, where `idleSeconds` is above 0, nobody was connected for so long.
  void run(double idleSeconds = 0);
  // From any thread or a signal handler.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace counterpoint
