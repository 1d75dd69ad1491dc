// SPDX-License-Identifier: GPL-3.0-or-later
// One clip decoded on a thread of its own, with the pictures around the wanted frame kept ready.
#pragma once

#include "core/media/clip.h"
#include "widgets/common/notice.h"

#include <QImage>
#include <QObject>

#include <memory>

class QThread;

namespace counterpoint {

// A picture over the frame's own pixels (shared, never copied).
QImage imageOf(const Frame& frame);

class ClipReader : public QObject {
  Q_OBJECT

 public:
  explicit ClipReader(qint64 cacheBytes = qint64{128} << 20, QObject* parent = nullptr);
  ~ClipReader() override;  // waits for the frame that is being decoded

  // Closes what is open and opens `path` in the background: opened() or failed() follows.
  void open(const QString& path);
  void close();
  QString path() const { return path_; }
  bool isOpen() const { return opened_; }
  // Of the open clip; empty before opened().
  const ClipInfo& info() const { return info_; }

  // The picture if it is ready; else null, it is decoded next, and arrived() follows. Frames after it are decoded
  // ahead.
  QImage image(int frame);
  // What of the cache is used now.
  qint64 cachedBytes() const;
  // Why the frame cannot be decoded; empty where it can, or was not tried yet. arrived() comes for it as well.
  QString frameProblem(int frame) const;

 signals:
  void opened();
  void failed(const counterpoint::Notice& notice);
  void arrived(int frame);

 private:
  struct Shared;
  class Worker;

  std::shared_ptr<Shared> shared_;
  QThread* thread_;
  Worker* worker_;
  QString path_;
  ClipInfo info_;
  bool opened_ = false;
  quint64 generation_ = 0;
};

}  // namespace counterpoint
