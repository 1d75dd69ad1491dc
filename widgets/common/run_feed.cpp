// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/run_feed.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/runs/folder_watcher.h"

#include <QSocketNotifier>
#include <QThread>
#include <QTimer>

namespace counterpoint {
namespace {

// About five milliseconds of reading: what the window waits for at most when it wants to draw meanwhile.
constexpr std::size_t kSliceBytes = std::size_t{512} << 10;
// Where a change is missed all the same (a folder on a server), this finds it.
constexpr int kSafetyMilliseconds = 2000;

}  // namespace

struct RunFeed::Watch {
  std::unique_ptr<FolderWatcher> folder;
  std::unique_ptr<QSocketNotifier> notifier;
  QTimer safety;
};

RunFeed::RunFeed(std::filesystem::path path) : path_(std::move(path)) {}
RunFeed::~RunFeed() = default;

void RunFeed::open() {
  try {
    auto reader = std::make_unique<EventReader>(RunFolder(path_));
    {
      const std::lock_guard data(data_);
      reader_ = std::move(reader);
    }
    watch();
    const QStringList known = read([](const EventReader& events) {
      QStringList names;
      for (const auto& [name, series] : events.series()) names << QString::fromStdString(name);
      return names;
    });
    emit changed(known, true, 0);
    poll();
  } catch (const std::exception& error) {
    emit failed(QString::fromStdString(describe(error)));
  }
}

void RunFeed::watch() {
  watch_ = std::make_unique<Watch>();
  watch_->folder = std::make_unique<FolderWatcher>(path_);
  watch_->notifier = std::make_unique<QSocketNotifier>(watch_->folder->descriptor(), QSocketNotifier::Read);
  connect(watch_->notifier.get(), &QSocketNotifier::activated, this, [this] {
    const auto names = watch_->folder->changes();
    if (names.contains(RunFolder(path_).events().filename().string()) || names.contains(".")) poll();
  });
  connect(&watch_->safety, &QTimer::timeout, this, &RunFeed::poll);
  watch_->safety.start(kSafetyMilliseconds);
}

void RunFeed::poll() {
  pending_ = false;
  EventChange change;
  try {
    std::unique_lock turn(turn_);
    const std::lock_guard data(data_);
    turn.unlock();
    if (!reader_) return;
    change = reader_->poll(kSliceBytes);
  } catch (const std::exception& error) {
    watch_.reset();
    emit failed(QString::fromStdString(describe(error)));
    return;
  }
  if (change.any()) {
    QStringList names;
    for (const std::string& name : change.series) names << QString::fromStdString(name);
    emit changed(names, change.reset, static_cast<int>(change.newReferences));
  }
  if (change.more && !pending_) {
    pending_ = true;
    QMetaObject::invokeMethod(this, &RunFeed::poll, Qt::QueuedConnection);
  }
}

double RunFeed::startTime() const {
  return read([](const EventReader& events) {
    double start = 0;
    for (const auto& [name, series] : events.series()) {
      if (!series->empty() && (start == 0 || (*series)[0].time < start)) start = (*series)[0].time;
    }
    return start;
  });
}

// The thread ends with its last feed, whoever holds it.
struct RunFeeds::Reading {
  QThread thread;

  Reading() {
    thread.setObjectName("run reader");
    thread.start();
  }
  ~Reading() {
    thread.quit();
    thread.wait();
  }
};

RunFeeds::RunFeeds(QObject* parent) : QObject(parent), reading_(std::make_shared<Reading>()) {}
RunFeeds::~RunFeeds() = default;

QThread* RunFeeds::thread() const { return &reading_->thread; }

std::shared_ptr<RunFeed> RunFeeds::feed(const std::filesystem::path& run) {
  auto& known = feeds_[run];
  if (auto feed = known.lock()) return feed;
  std::shared_ptr<RunFeed> feed(new RunFeed(run), [reading = reading_](RunFeed* last) { last->deleteLater(); });
  feed->moveToThread(&reading_->thread);
  QMetaObject::invokeMethod(feed.get(), &RunFeed::open, Qt::QueuedConnection);
  known = feed;
  return feed;
}

}  // namespace counterpoint
