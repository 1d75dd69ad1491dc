// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/libtorch_place.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QObject>
#include <QRegularExpression>

namespace counterpoint {
namespace {

constexpr const char* kSearchPath = "LD_LIBRARY_PATH";
constexpr qint64 kMostVersionBytes = 4096;

QString versionIn(const QString& root) {
  for (const char* name : {"version.py", "../build-version"}) {
    QFile file(root + QLatin1Char('/') + QLatin1String(name));
    if (!file.open(QIODevice::ReadOnly)) continue;
    static const QRegularExpression number(QStringLiteral("\\b(\\d+\\.\\d+\\.\\d+[\\w.+]*)"));
    if (const auto found = number.match(QString::fromUtf8(file.read(kMostVersionBytes))); found.hasMatch()) {
      return found.captured(1);
    }
  }
  return {};
}

}  // namespace

LibTorchPlace lookForLibTorch(const QString& folder) {
  LibTorchPlace place;
  const QDir root(folder);
  for (const char* below : {"torch/lib", "lib"}) {
    const QString library = QDir::cleanPath(root.filePath(QString::fromLatin1(below)));
    if (!QFileInfo::exists(library + QStringLiteral("/libtorch_cpu.so"))) continue;
    place.libraryFolders << library;
    place.version = versionIn(QFileInfo(library).path());
    // NVIDIA's libraries lie beside it, one folder each, in the wheels.
    const QDir nvidia(root.filePath(QStringLiteral("nvidia")));
    for (const QString& part : nvidia.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
      const QString own = nvidia.filePath(part + QStringLiteral("/lib"));
      if (QFileInfo::exists(own)) place.libraryFolders << own;
    }
    return place;
  }
  place.problem = root.exists() ? QObject::tr(
                                      "There is no LibTorch: neither torch/lib/libtorch_cpu.so nor "
                                      "lib/libtorch_cpu.so. Choose the folder that holds it.")
                                : QObject::tr("This folder does not exist. Choose the one that holds LibTorch.");
  return place;
}

void useLibTorch(const QString& folder) {
  static const QByteArray before = qgetenv(kSearchPath);
  QStringList path = folder.isEmpty() ? QStringList() : lookForLibTorch(folder).libraryFolders;
  if (!before.isEmpty()) path << QString::fromLocal8Bit(before);
  if (path.isEmpty()) {
    qunsetenv(kSearchPath);
  } else {
    qputenv(kSearchPath, path.join(QLatin1Char(':')).toLocal8Bit());
  }
}

}  // namespace counterpoint
