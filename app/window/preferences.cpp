// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/preferences.h"

#include <algorithm>

namespace counterpoint {
namespace {

constexpr int kMostRecent = 12;
const QString kTheme = QStringLiteral("look/theme");
const QString kScale = QStringLiteral("look/scale");
const QString kWorkspaces = QStringLiteral("recent/workspaces");
const QString kCommands = QStringLiteral("recent/commands");

}  // namespace

Preferences::Preferences()
    : settings_(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("counterpoint"),
                QStringLiteral("counterpoint")) {}

QString Preferences::theme() const { return settings_.value(kTheme, QStringLiteral("system")).toString(); }
void Preferences::setTheme(const QString& name) { settings_.setValue(kTheme, name); }
double Preferences::scale() const { return std::clamp(settings_.value(kScale, 1.0).toDouble(), 1.0, 3.0); }
void Preferences::setScale(double scale) { settings_.setValue(kScale, scale); }
QStringList Preferences::recentWorkspaces() const { return settings_.value(kWorkspaces).toStringList(); }
void Preferences::addRecentWorkspace(const QString& path) { push(kWorkspaces, path, kMostRecent); }
QStringList Preferences::recentCommands() const { return settings_.value(kCommands).toStringList(); }
void Preferences::addRecentCommand(const QString& id) { push(kCommands, id, kMostRecent); }

void Preferences::removeRecentWorkspace(const QString& path) {
  QStringList list = recentWorkspaces();
  list.removeAll(path);
  settings_.setValue(kWorkspaces, list);
}

QStringList Preferences::push(const QString& key, const QString& value, int most) {
  QStringList list = settings_.value(key).toStringList();
  list.removeAll(value);
  list.prepend(value);
  settings_.setValue(key, list.mid(0, most));
  return list;
}

}  // namespace counterpoint
