// SPDX-License-Identifier: GPL-3.0-or-later
// A model that keeps what it is asked and answers when the test says so: in time, late, or with a failure.
#pragma once

#include <utility>
#include <vector>

#include "widgets/common/model_link.h"

namespace counterpoint {

class FakeModel : public ModelLink {
 public:
  struct Asked {
    std::string method;
    Json parameters;
    Callbacks callbacks;
    bool cancelled = false;
  };

  State state() const override { return state_; }
  const Json& description() const override { return description_; }
  QString problem() const override { return QStringLiteral("the fake is gone"); }
  void startNewest() override { ++starts; }
  qint64 request(const std::string& method, Json parameters, Callbacks callbacks) override {
    asked.push_back({method, std::move(parameters), std::move(callbacks)});
    return static_cast<qint64>(asked.size());
  }
  void cancel(qint64 request) override { asked[static_cast<std::size_t>(request - 1)].cancelled = true; }

  void setState(State state) {
    state_ = state;
    emit stateChanged();
  }
  void setDescription(Json description) { description_ = std::move(description); }
  // As the server does: an Error that `done` throws goes to `failed`.
  void answer(std::size_t request, const Json& result) {
    const Callbacks callbacks = asked[request].callbacks;
    try {
      callbacks.done(result);
    } catch (const Error& error) {
      callbacks.failed(error);
    }
  }
  void fail(std::size_t request, const std::string& what = "was cancelled") {
    const Callbacks callbacks = asked[request].callbacks;
    callbacks.failed(environmentError(what, "model", ""));
  }

  std::vector<Asked> asked;
  int starts = 0;

 private:
  State state_ = State::Ready;
  Json description_ = Json::object();
};

}  // namespace counterpoint
