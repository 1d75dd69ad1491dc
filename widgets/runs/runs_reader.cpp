// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/runs/folder_watcher.h"
#include "widgets/runs/runs_model.h"

#include <QSocketNotifier>
#include <QTimer>

namespace counterpoint {
namespace {

constexpr int kLivelyMilliseconds = 1000;  // while a run is going on
constexpr int kQuietMilliseconds = 3000;

}  // namespace

struct RunsReader::Watch {
  std::unique_ptr<FolderWatcher> folder;
  std::unique_ptr<QSocketNotifier> notifier;
  QTimer timer;
};

RunsReader::RunsReader() = default;
RunsReader::~RunsReader() = default;

void RunsReader::watch(const QString& folder) {
  folder_ = folder.toStdString();
  watch_ = std::make_unique<Watch>();
  connect(&watch_->timer, &QTimer::timeout, this, &RunsReader::look);
  watch_->timer.start(kLivelyMilliseconds);
  look();
}

void RunsReader::watchFolder() {
  std::error_code ignored;
  if (watch_->folder || folder_.empty() || !std::filesystem::is_directory(folder_, ignored)) return;
  watch_->folder = std::make_unique<FolderWatcher>(folder_);
  watch_->notifier = std::make_unique<QSocketNotifier>(watch_->folder->descriptor(), QSocketNotifier::Read);
  connect(watch_->notifier.get(), &QSocketNotifier::activated, this, [this] {
    if (!watch_->folder->changes().empty()) look();
  });
}

void RunsReader::look() {
  if (!watch_) return;
  std::vector<RunSummary> runs;
  try {
    watchFolder();
    std::error_code ignored;
    if (!folder_.empty() && std::filesystem::is_directory(folder_, ignored)) runs = listRuns(folder_);
  } catch (const std::exception& error) {
    logWarning("{}", describe(error));  // the folder went while it was read: the next look tells
  }
  const bool lively =
      std::any_of(runs.begin(), runs.end(), [](const RunSummary& run) { return !run.status.hasEnded(); });
  // A run that a shell starts is announced by the folder; its first status.json comes a moment later.
  watch_->timer.setInterval(lively || runs.empty() ? kLivelyMilliseconds : kQuietMilliseconds);
  emit listed(runs);
}

}  // namespace counterpoint
