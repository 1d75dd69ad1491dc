// SPDX-License-Identifier: GPL-3.0-or-later
// `config check --data --memory` of the text that is edited, on a thread of its own; the newest question wins.
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <QThreadPool>
#include <QTimer>

#include <filesystem>
#include <memory>
#include <stop_token>
#include <vector>

#include "core/config/config.h"
#include "core/config/memory_check.h"
#include "core/media/data_check.h"

namespace counterpoint {

struct StartSubject {
  const Schema* schema = nullptr;
  Json values;
  std::filesystem::path folder;  // at or below the workspace's root
  int ranks = 1;
  QStringList devices;  // empty: by the config

  bool operator==(const StartSubject&) const = default;
};

struct StartFindings {
  std::vector<CheckFinding> findings;  // bad ones first
  DataFacts data;
  MemoryCheck memory;
  QString trouble;  // why nothing could be looked at, or empty
};

// What the check does, on the caller's thread.
StartFindings checkStart(const StartSubject& subject, const std::stop_token& stop);

class StartCheck : public QObject {
  Q_OBJECT

 public:
  explicit StartCheck(QObject* parent = nullptr);
  ~StartCheck() override;  // waits for the thread, which ends within some hundred lines

  // Nothing happens for the same subject, unless `again`.
  void look(const StartSubject& subject, bool again = false);
  void forget();
  bool isBusy() const { return busy_; }

 signals:
  void began();
  void found(const std::shared_ptr<counterpoint::StartFindings>& findings);

 private:
  void start();

  QThreadPool pool_;  // one thread
  QTimer timer_;
  StartSubject subject_;
  std::stop_source stop_;
  quint64 asked_ = 0;  // of the latest
  bool busy_ = false;
};

}  // namespace counterpoint
