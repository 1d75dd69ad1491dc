// SPDX-License-Identifier: GPL-3.0-or-later
// Habits of a person on this machine: theme, scale, recent workspaces. Nothing of a project.
#pragma once

#include <QSettings>
#include <QString>
#include <QStringList>

namespace counterpoint {

class Preferences {
 public:
  Preferences();

  QString theme() const;
  void setTheme(const QString& name);
  double scale() const;  // 1 … 3; takes effect at the next start
  void setScale(double scale);
  QStringList recentWorkspaces() const;  // newest first
  void addRecentWorkspace(const QString& path);
  void removeRecentWorkspace(const QString& path);
  QStringList recentCommands() const;
  void addRecentCommand(const QString& id);

 private:
  QStringList push(const QString& key, const QString& value, int most);
  QSettings settings_;
};

}  // namespace counterpoint
