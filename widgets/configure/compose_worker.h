// SPDX-License-Identifier: GPL-3.0-or-later
// Composes off the event loop, so that typing never waits: a thread "compose" that takes the latest text only.
#pragma once

#include <QObject>

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/config/config.h"

class QThread;

namespace counterpoint {

struct ComposeJob {
  std::filesystem::path file;
  std::vector<std::string> overrides;
  std::string text;
};

struct ComposedConfig {
  Composition composition;
  std::string resolved;  // YAML of all values; empty where there are problems
};

// Never throws: what cannot be read is a problem.
ComposedConfig composed(const ComposeJob& job);

class ComposeWorker : public QObject {
  Q_OBJECT

 public:
  explicit ComposeWorker(QObject* parent = nullptr);
  ~ComposeWorker() override;  // waits for the one that is being composed

  // A later one takes the place of one that waits; of those only the last is told.
  void ask(ComposeJob job);
  void forget();  // what is on its way is not told any more

 signals:
  void done(const std::shared_ptr<counterpoint::ComposedConfig>& config);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<ComposeJob> next_;
  bool ends_ = false;
  quint64 asked_ = 0;  // of the latest
  QThread* thread_;
};

}  // namespace counterpoint
