// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/retrieval/thumbnails.h"

#include "core/media/clip.h"
#include "widgets/common/clip_reader.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QFileInfo>
#include <QSaveFile>

namespace counterpoint {
namespace {

constexpr int kMemory = 64 << 10;  // kB

QImage makeThumbnail(const QString& path, const std::filesystem::path& folder) {
  const QFileInfo file(path);
  QString kept;
  if (!folder.empty()) {
    const QString key =
        QStringLiteral("%1\n%2\n%3").arg(path).arg(file.size()).arg(file.lastModified().toMSecsSinceEpoch());
    const QByteArray name = QCryptographicHash::hash(key.toUtf8(), QCryptographicHash::Sha1).toHex();
    kept = QString::fromStdString((folder / (name.toStdString() + ".png")).string());
    if (QImage picture; picture.load(kept, "PNG")) return picture;
  }
  QImage picture;
  try {
    ClipOptions options;
    options.part = ClipPart{};
    const Clip clip = Clip::open(path.toStdString(), options);
    picture = imageOf(clip.frame(0))
                  .scaled(Thumbnails::kSize, Thumbnails::kSize, Qt::KeepAspectRatio, Qt::SmoothTransformation);
  } catch (const std::exception&) {
    return {};
  }
  if (!kept.isEmpty()) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    QSaveFile target(kept);  // what cannot be kept is made again the next time
    if (target.open(QIODevice::WriteOnly) && picture.save(&target, "PNG")) target.commit();
  }
  return picture;
}

}  // namespace

Thumbnails::Thumbnails(QObject* parent) : QObject(parent), kept_(kMemory) { pool_.setMaxThreadCount(2); }

Thumbnails::~Thumbnails() {
  pool_.clear();
  pool_.waitForDone();
}

QImage Thumbnails::image(const QString& clip) {
  if (const QImage* picture = kept_.object(clip)) return *picture;
  if (clip.isEmpty() || failed_.contains(clip) || waiting_.contains(clip)) return {};
  waiting_.insert(clip);
  pool_.start([this, clip, folder = folder_] {
    const QImage picture = makeThumbnail(clip, folder);
    QMetaObject::invokeMethod(this, [this, clip, picture] {
      waiting_.remove(clip);
      if (picture.isNull()) {
        failed_.insert(clip);
      } else {
        kept_.insert(clip, new QImage(picture), static_cast<int>(picture.sizeInBytes() / 1024) + 1);
      }
      emit arrived(clip);
    });
  });
  return {};
}

}  // namespace counterpoint
