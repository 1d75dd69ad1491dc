// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/compose_worker.h"

#include "core/base/error.h"

#include <QThread>

namespace counterpoint {

ComposedConfig composed(const ComposeJob& job) {
  ComposedConfig made;
  try {
    made.composition = composeFile(job.file, job.overrides, job.text);
    const Composition& all = made.composition;
    if (all.schema && all.problems.empty()) made.resolved = yamlOf(all.values);
  } catch (const Error& error) {
    made.composition.problems.push_back({{}, {}, error.where(), error.problem(), error.cure(), false});
  } catch (const std::exception& error) {
    made.composition.problems.push_back({{}, {}, job.file.string(), error.what(), {}, false});
  }
  return made;
}

ComposeWorker::ComposeWorker(QObject* parent) : QObject(parent), thread_(QThread::create([this] { work(); })) {
  thread_->setObjectName(QStringLiteral("compose"));
  thread_->start(QThread::LowPriority);
}

ComposeWorker::~ComposeWorker() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_one();
  thread_->wait();
  delete thread_;
}

void ComposeWorker::ask(ComposeJob job) {
  {
    const std::lock_guard lock(mutex_);
    next_ = std::move(job);
    ++asked_;
  }
  changed_.notify_one();
}

void ComposeWorker::forget() {
  const std::lock_guard lock(mutex_);
  next_.reset();
  ++asked_;
}

void ComposeWorker::work() {
  for (;;) {
    ComposeJob job;
    quint64 number = 0;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return ends_ || next_; });
      if (ends_) return;
      job = std::move(*next_);
      next_.reset();
      number = asked_;
    }
    auto made = std::make_shared<ComposedConfig>(composed(job));
    QMetaObject::invokeMethod(
        this,
        [this, made = std::move(made), number] {
          const bool latest = [&] {
            const std::lock_guard lock(mutex_);
            return number == asked_;
          }();
          if (latest) emit done(made);
        },
        Qt::QueuedConnection);
  }
}

}  // namespace counterpoint
