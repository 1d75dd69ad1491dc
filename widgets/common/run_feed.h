// SPDX-License-Identifier: GPL-3.0-or-later
// Follows the events of a run on a thread of its own and lets the window look at them between two slices of reading.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "core/runs/event_reader.h"

#include <QObject>
#include <QString>
#include <QStringList>

class QThread;

namespace counterpoint {

// Lives in the reading thread of its RunFeeds; read() may be called from any thread.
class RunFeed : public QObject {
  Q_OBJECT

 public:
  explicit RunFeed(std::filesystem::path path);
  ~RunFeed() override;

  const std::filesystem::path& path() const { return path_; }

  // Calls `look(reader)` while nothing is being read. Waits a few milliseconds at most; returns what `look` returns, or
  // a value-initialised result as long as the run is not open.
  template <typename Look>
  auto read(Look&& look) const -> decltype(look(std::declval<const EventReader&>())) {
    std::unique_lock turn(turn_);
    const std::lock_guard data(data_);
    turn.unlock();
    using Result = decltype(look(*reader_));
    if (reader_) return look(*reader_);
    if constexpr (!std::is_void_v<Result>) return Result{};
  }

  // Time of the first point of any curve, seconds since 1970: where relative time starts. 0 while there is none.
  double startTime() const;

 public slots:
  void open();
  void poll();

 signals:
  // Curves that grew; `reset`: draw everything anew.
  void changed(const QStringList& series, bool reset, int newReferences);
  void failed(const QString& what);

 private:
  void watch();

  const std::filesystem::path path_;
  // The window takes its turn first and so waits for one slice at most; the reader asks for a turn before each slice.
  mutable std::mutex turn_, data_;
  std::unique_ptr<EventReader> reader_;
  struct Watch;
  std::unique_ptr<Watch> watch_;
  bool pending_ = false;
};

// The feeds that are in use, one a run however many panes show it, and the thread in which they read.
class RunFeeds : public QObject {
  Q_OBJECT

 public:
  explicit RunFeeds(QObject* parent = nullptr);
  ~RunFeeds() override;

  // Opens the run where nobody else holds it. Ends with the last holder.
  std::shared_ptr<RunFeed> feed(const std::filesystem::path& run);

  QThread* thread() const;

 private:
  struct Reading;
  std::shared_ptr<Reading> reading_;
  std::map<std::filesystem::path, std::weak_ptr<RunFeed>> feeds_;
};

}  // namespace counterpoint
