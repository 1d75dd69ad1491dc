// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/system_look.h"

#include "widgets/common/system_dark.h"
#include "widgets/common/theme.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QFileInfo>

namespace counterpoint {
namespace {

const QString kService = QStringLiteral("org.freedesktop.portal.Desktop"),
              kPath = QStringLiteral("/org/freedesktop/portal/desktop"),
              kInterface = QStringLiteral("org.freedesktop.portal.Settings"),
              kGroup = QStringLiteral("org.freedesktop.appearance"), kName = QStringLiteral("color-scheme");
constexpr uint kDark = 1, kLight = 2;  // 0: the desktop has no wish

}  // namespace

bool SystemLook::hasBus() {
  return qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS") ||
         QFileInfo::exists(qEnvironmentVariable("XDG_RUNTIME_DIR") + QStringLiteral("/bus"));
}

SystemLook::SystemLook(Theme& theme, const QDBusConnection& bus, QObject* parent) : QObject(parent), theme_(theme) {
  QDBusConnection(bus).connect(QString(), kPath, kInterface, QStringLiteral("SettingChanged"), this,
                               SLOT(onChanged(QDBusMessage)));
  QDBusMessage read = QDBusMessage::createMethodCall(kService, kPath, kInterface, QStringLiteral("Read"));
  read << kGroup << kName;
  auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(read), this);
  connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
    watcher->deleteLater();
    const QDBusPendingReply<QDBusVariant> reply = *watcher;
    if (!reply.isError()) take(reply.value().variant());
  });
}

void SystemLook::onChanged(const QDBusMessage& message) {
  const QVariantList said = message.arguments();
  if (said.value(0) == kGroup && said.value(1) == kName) take(said.value(2));
}

void SystemLook::take(const QVariant& value) {
  // Read wraps the value twice, SettingChanged once.
  const QVariant inner = value.canConvert<QDBusVariant>() ? value.value<QDBusVariant>().variant() : value;
  const uint wish = inner.toUInt();
  qApp->setProperty(kSystemDarkProperty, wish == kDark || wish == kLight ? QVariant(wish == kDark) : QVariant());
  if (theme_.name() == ThemeName::System) theme_.apply(ThemeName::System);
}

}  // namespace counterpoint
