// SPDX-License-Identifier: GPL-3.0-or-later
// Habits of a person on this machine: theme, scale, keys, LibTorch's place, devices, what was open. Nothing of a
// project.
#pragma once

#include <QMap>
#include <QSettings>
#include <QString>
#include <QStringList>

namespace counterpoint {

enum class RecentKind { Workspace, Run, Config };

class Preferences {
 public:
  // `safe`: what is kept is left alone and not used; everything is as shipped.
  explicit Preferences(bool safe = false);

  bool isSafe() const { return safe_; }
  QString theme() const;
  void setTheme(const QString& name);
  double scale() const;  // 1 … 3; takes effect at the next start
  void setScale(double scale);
  // Keys by action, in portable text; only those that are not as shipped, "" where there is none.
  QMap<QString, QString> keys() const;
  void setKeys(const QMap<QString, QString>& keys);
  QString libTorch() const;  // a folder; empty: the one that the programs were built with
  void setLibTorch(const QString& folder);
  QStringList devices() const;  // "0", "1", "cpu"; empty: as the config says
  void setDevices(const QStringList& devices);

  QStringList recent(RecentKind kind) const;  // newest first
  void addRecent(RecentKind kind, const QString& path);
  void removeRecent(RecentKind kind, const QString& path);
  QStringList recentCommands() const;
  void addRecentCommand(const QString& id);

 private:
  QVariant value(const QString& key, const QVariant& shipped) const;
  void push(const QString& key, const QString& value);

  QSettings settings_;
  bool safe_;
};

}  // namespace counterpoint
