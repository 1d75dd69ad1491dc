// SPDX-License-Identifier: GPL-3.0-or-later
// What a pane asks of a model that serves: requests with callbacks, on the event loop. app/window has the one that
// starts a server; panes only know this.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"

#include <QObject>
#include <QString>

#include <functional>

namespace counterpoint {

class ModelLink : public QObject {
  Q_OBJECT

 public:
  enum class State {
    Off,       // no model was asked for
    Starting,  // the server loads it
    Ready,
    Lost  // it was there, or was to come, and is gone; start() tries again
  };

  // Exactly one of `done` and `failed` is called, later, on the event loop; `progress` before them.
  struct Callbacks {
    std::function<void(const Json& result)> done{};
    std::function<void(const Error& error)> failed{};
    std::function<void(qint64 done, qint64 total)> progress{};
  };

  using QObject::QObject;

  virtual State state() const = 0;
  // The result of `describe`; an empty object until Ready.
  virtual const Json& description() const = 0;
  virtual QString problem() const = 0;  // why it is Lost, in words
  // Loads the model of the newest run; where one was loaded before, that one again.
  virtual void startNewest() = 0;
  // Methods and parameters: ARCHITECTURE.md. Returns the request's number for cancel(). Without a model `failed` says
  // so.
  virtual qint64 request(const std::string& method, Json parameters, Callbacks callbacks) = 0;
  virtual void cancel(qint64 request) = 0;

  // Whether startNewest() has a run with a checkpoint and a program to serve it with.
  virtual bool canStart() const { return true; }
  bool isReady() const { return state() == State::Ready; }

 signals:
  void stateChanged();
};

// The condition of a tour's step that shows a live answer: loads the model where none is, calls `ask` once when it is
// ready, and holds when `answered` does, or when there is no model.
std::function<bool()> whenModelAnswers(ModelLink& model, std::function<void()> ask, std::function<bool()> answered);

}  // namespace counterpoint
