// SPDX-License-Identifier: GPL-3.0-or-later
// Light or dark as the desktop says, now and whenever it changes: the setting color-scheme of the desktop portal. Where
// there is no portal, nothing is said and the platform's own palette decides.
#pragma once

#include <QDBusMessage>
#include <QObject>

class QDBusConnection;

namespace counterpoint {

class Theme;

class SystemLook : public QObject {
  Q_OBJECT

 public:
  // Asks without waiting; the theme follows as long as it is "system".
  SystemLook(Theme& theme, const QDBusConnection& bus, QObject* parent = nullptr);

  // Whether there is a session bus to ask: without one Qt would try to start one.
  static bool hasBus();

 private slots:
  void onChanged(const QDBusMessage& message);

 private:
  void take(const QVariant& value);

  Theme& theme_;
};

}  // namespace counterpoint
