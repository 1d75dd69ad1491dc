// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/model_question.h"

#include <utility>

namespace counterpoint {

void ModelQuestion::ask(ModelLink& model, const std::string& method, Json parameters, ModelLink::Callbacks callbacks) {
  cancel();
  open_ = std::make_shared<Open>(Open{&model});
  const std::weak_ptr<Open> mine = open_;
  ModelLink::Callbacks heard;
  heard.done = [this, mine, done = callbacks.done, failed = callbacks.failed](const Json& result) {
    if (mine.expired()) return;
    open_.reset();
    try {
      done(result);
    } catch (const Error& error) {
      failed(error);
    }
  };
  heard.failed = [this, mine, failed = callbacks.failed](const Error& error) {
    if (mine.expired()) return;
    open_.reset();
    failed(error);
  };
  heard.progress = [mine, progress = callbacks.progress](qint64 done, qint64 total) {
    if (progress && !mine.expired()) progress(done, total);
  };
  open_->request = model.request(method, std::move(parameters), std::move(heard));
}

void ModelQuestion::cancel() {
  const std::shared_ptr<Open> open = std::exchange(open_, nullptr);
  if (open && open->model) open->model->cancel(open->request);
}

}  // namespace counterpoint
