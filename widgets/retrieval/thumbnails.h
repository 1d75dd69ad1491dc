// SPDX-License-Identifier: GPL-3.0-or-later
// Small pictures of clips: decoded off the event loop, kept in memory and in .counterpoint/thumbnails.
#pragma once

#include <QCache>
#include <QImage>
#include <QObject>
#include <QSet>
#include <QThreadPool>

#include <filesystem>

namespace counterpoint {

class Thumbnails : public QObject {
  Q_OBJECT

 public:
  static constexpr int kSize = 192;  // of the longer side, pixels

  explicit Thumbnails(QObject* parent = nullptr);
  ~Thumbnails() override;  // drops what is waiting

  // Where pictures are kept; empty: in memory only. They are named by path, size and time of change.
  void setFolder(const std::filesystem::path& folder) { folder_ = folder; }

  // The picture, or null: it is made, and arrived() follows (also where the clip cannot be read: failed() is true
  // then).
  QImage image(const QString& clip);
  bool failed(const QString& clip) const { return failed_.contains(clip); }

 signals:
  void arrived(const QString& clip);

 private:
  std::filesystem::path folder_;
  QCache<QString, QImage> kept_;
  QSet<QString> waiting_, failed_;
  QThreadPool pool_;
};

}  // namespace counterpoint
