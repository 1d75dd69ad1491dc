// SPDX-License-Identifier: GPL-3.0-or-later
// Workspaces, runs and configs that were open lately, and whether they are still there. A disk may be slow or gone: it
// is asked off the event loop.
#pragma once

#include <QFutureWatcher>
#include <QHash>
#include <QList>
#include <QObject>
#include <QString>

#include "app/window/preferences.h"

namespace counterpoint {

struct RecentItem {
  RecentKind kind = RecentKind::Workspace;
  QString path;
  bool there = true;  // until the disk says otherwise
};

class RecentItems : public QObject {
  Q_OBJECT

 public:
  explicit RecentItems(Preferences& preferences, QObject* parent = nullptr);

  QList<RecentItem> items() const;  // workspaces, then runs, then configs; newest first in each
  int broken() const;
  void add(RecentKind kind, const QString& path);
  void remove(RecentKind kind, const QString& path);
  void removeBroken();
  // Looks again whether all are there.
  void look();

 signals:
  void changed();

 private:
  Preferences& preferences_;
  QHash<QString, bool> there_;
  QFutureWatcher<QHash<QString, bool>> watcher_;
};

// "~/studies/echo" for what lies at home.
QString homeShort(const QString& path);

}  // namespace counterpoint
