// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/preferences.h"

#include <algorithm>

namespace counterpoint {
namespace {

constexpr int kMostRecent = 12;
const QString kTheme = QStringLiteral("look/theme"), kScale = QStringLiteral("look/scale"),
              kKeys = QStringLiteral("keys"), kLibTorch = QStringLiteral("training/libtorch"),
              kDevices = QStringLiteral("training/devices"), kCommands = QStringLiteral("recent/commands");

QString keyOf(RecentKind kind) {
  switch (kind) {
    case RecentKind::Workspace: return QStringLiteral("recent/workspaces");
    case RecentKind::Run: return QStringLiteral("recent/runs");
    default: return QStringLiteral("recent/configs");
  }
}

}  // namespace

Preferences::Preferences(bool safe)
    : settings_(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("counterpoint"),
                QStringLiteral("counterpoint")),
      safe_(safe) {}

QVariant Preferences::value(const QString& key, const QVariant& shipped) const {
  return safe_ ? shipped : settings_.value(key, shipped);
}

QString Preferences::theme() const { return value(kTheme, QStringLiteral("system")).toString(); }
void Preferences::setTheme(const QString& name) { settings_.setValue(kTheme, name); }
double Preferences::scale() const { return std::clamp(value(kScale, 1.0).toDouble(), 1.0, 3.0); }
void Preferences::setScale(double scale) { settings_.setValue(kScale, scale); }
QString Preferences::libTorch() const { return value(kLibTorch, QString()).toString(); }
void Preferences::setLibTorch(const QString& folder) { settings_.setValue(kLibTorch, folder); }
QStringList Preferences::devices() const { return value(kDevices, QStringList()).toStringList(); }
void Preferences::setDevices(const QStringList& devices) { settings_.setValue(kDevices, devices); }

QMap<QString, QString> Preferences::keys() const {
  QMap<QString, QString> keys;
  if (safe_) return keys;
  const QVariantMap kept = settings_.value(kKeys).toMap();
  for (auto key = kept.begin(); key != kept.end(); ++key) keys.insert(key.key(), key.value().toString());
  return keys;
}

void Preferences::setKeys(const QMap<QString, QString>& keys) {
  QVariantMap kept;
  for (auto key = keys.begin(); key != keys.end(); ++key) kept.insert(key.key(), key.value());
  settings_.setValue(kKeys, kept);
}

QStringList Preferences::recent(RecentKind kind) const { return settings_.value(keyOf(kind)).toStringList(); }
void Preferences::addRecent(RecentKind kind, const QString& path) { push(keyOf(kind), path); }
QStringList Preferences::recentCommands() const { return settings_.value(kCommands).toStringList(); }
void Preferences::addRecentCommand(const QString& id) { push(kCommands, id); }

void Preferences::removeRecent(RecentKind kind, const QString& path) {
  QStringList list = recent(kind);
  list.removeAll(path);
  settings_.setValue(keyOf(kind), list);
}

void Preferences::push(const QString& key, const QString& value) {
  settings_.sync();  // another window may have written
  QStringList list = settings_.value(key).toStringList();
  list.removeAll(value);
  list.prepend(value);
  settings_.setValue(key, list.mid(0, kMostRecent));
}

}  // namespace counterpoint
