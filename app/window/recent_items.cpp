// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/recent_items.h"

#include <QDir>
#include <QFileInfo>
#include <QtConcurrent>

namespace counterpoint {
namespace {

constexpr RecentKind kKinds[] = {RecentKind::Workspace, RecentKind::Run, RecentKind::Config};

bool isThere(const RecentItem& item) {
  switch (item.kind) {
    case RecentKind::Workspace: return QFileInfo::exists(item.path + QStringLiteral("/counterpoint.yaml"));
    case RecentKind::Run: return QFileInfo(item.path).isDir();
    default: return QFileInfo(item.path).isFile();
  }
}

QHash<QString, bool> lookFor(const QList<RecentItem>& items) {
  QHash<QString, bool> there;
  for (const RecentItem& item : items) there.insert(item.path, isThere(item));
  return there;
}

}  // namespace

QString homeShort(const QString& path) {
  const QString home = QDir::homePath();
  return path.startsWith(home + QLatin1Char('/')) ? QStringLiteral("~") + path.mid(home.size()) : path;
}

RecentItems::RecentItems(Preferences& preferences, QObject* parent) : QObject(parent), preferences_(preferences) {
  connect(&watcher_, &QFutureWatcherBase::finished, this, [this] {
    const QHash<QString, bool> found = watcher_.result();
    if (found == there_) return;
    there_ = found;
    emit changed();
  });
}

QList<RecentItem> RecentItems::items() const {
  QList<RecentItem> items;
  for (const RecentKind kind : kKinds) {
    for (const QString& path : preferences_.recent(kind)) items.append({kind, path, there_.value(path, true)});
  }
  return items;
}

int RecentItems::broken() const {
  int count = 0;
  for (const RecentItem& item : items()) count += item.there ? 0 : 1;
  return count;
}

void RecentItems::add(RecentKind kind, const QString& path) {
  if (preferences_.recent(kind).value(0) == path) return;
  preferences_.addRecent(kind, path);
  there_.insert(path, true);
  emit changed();
}

void RecentItems::remove(RecentKind kind, const QString& path) {
  preferences_.removeRecent(kind, path);
  emit changed();
}

void RecentItems::removeBroken() {
  for (const RecentItem& item : items()) {
    if (!item.there) preferences_.removeRecent(item.kind, item.path);
  }
  emit changed();
}

void RecentItems::look() {
  if (!watcher_.isRunning()) watcher_.setFuture(QtConcurrent::run(lookFor, items()));
}

}  // namespace counterpoint
