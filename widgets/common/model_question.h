// SPDX-License-Identifier: GPL-3.0-or-later
// One question at a time to a model: the answer of the one that was asked last is heard, nothing of those before it,
// and nothing of one that was cancelled.
#pragma once

#include "widgets/common/model_link.h"

#include <QPointer>

#include <memory>

namespace counterpoint {

class ModelQuestion {
 public:
  ModelQuestion() = default;
  ~ModelQuestion() { cancel(); }
  ModelQuestion(const ModelQuestion&) = delete;
  ModelQuestion& operator=(const ModelQuestion&) = delete;

  bool isOpen() const { return open_ != nullptr; }
  // Cancels what is under way. The question is closed when a callback runs; an Error that `done` throws goes to
  // `failed`.
  void ask(ModelLink& model, const std::string& method, Json parameters, ModelLink::Callbacks callbacks);
  void cancel();

 private:
  struct Open {
    QPointer<ModelLink> model;
    qint64 request = 0;
  };
  std::shared_ptr<Open> open_;
};

}  // namespace counterpoint
