// SPDX-License-Identifier: GPL-3.0-or-later
// How one window finds another: the one that has a workspace open listens at its door, in the runtime folder of this
// person; whoever wants the same workspace knocks, with what is to be shown there.
#pragma once

#include <QLocalServer>
#include <QObject>
#include <QStringList>

namespace counterpoint {

class WorkspaceDoor : public QObject {
  Q_OBJECT

 public:
  // `root` is canonical; the caller holds the workspace's lock, so nobody else listens here.
  explicit WorkspaceDoor(const QString& root, QObject* parent = nullptr);

  // False when nobody answers within half a second: the window hangs, or is on another machine.
  static bool knock(const QString& root, const QStringList& paths);

 signals:
  void knocked(const QStringList& paths);

 private:
  QLocalServer server_;
};

}  // namespace counterpoint
