// SPDX-License-Identifier: GPL-3.0-or-later
// The desktop's light or dark, from a portal on a bus of the test's own.
#include <gtest/gtest.h>

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVariant>
#include <QDBusVirtualObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include "app/window/system_look.h"
#include "widgets/common/system_dark.h"
#include "widgets/common/theme.h"

namespace counterpoint {
namespace {

const QString kPath = QStringLiteral("/org/freedesktop/portal/desktop"),
              kInterface = QStringLiteral("org.freedesktop.portal.Settings"),
              kGroup = QStringLiteral("org.freedesktop.appearance"), kName = QStringLiteral("color-scheme");

class Portal : public QDBusVirtualObject {
 public:
  explicit Portal(uint wish) : wish_(wish) {}
  QString introspect(const QString&) const override { return {}; }
  bool handleMessage(const QDBusMessage& message, const QDBusConnection& bus) override {
    if (message.member() != QLatin1String("Read") || message.arguments() != QVariantList{kGroup, kName}) return false;
    const QDBusVariant inner{QVariant(wish_)};
    return bus.send(message.createReply(QVariant::fromValue(QDBusVariant(QVariant::fromValue(inner)))));
  }

 private:
  uint wish_;
};

TEST(SystemLook, FollowsThePortalWhileTheThemeIsTheDesktops) {
  const QString daemon = QStandardPaths::findExecutable(QStringLiteral("dbus-daemon"));
  if (daemon.isEmpty()) GTEST_SKIP() << "there is no dbus-daemon here";
  QProcess process;
  process.start(daemon, {QStringLiteral("--session"), QStringLiteral("--nofork"), QStringLiteral("--print-address")});
  ASSERT_TRUE(process.waitForReadyRead(10'000));
  const QString address = QString::fromUtf8(process.readLine()).trimmed();
  {
    QDBusConnection desktop = QDBusConnection::connectToBus(address, QStringLiteral("desktop"));
    ASSERT_TRUE(desktop.isConnected());
    Portal portal(1);
    ASSERT_TRUE(desktop.registerVirtualObject(kPath, &portal));
    ASSERT_TRUE(desktop.registerService(QStringLiteral("org.freedesktop.portal.Desktop")));
    QDBusConnection ours = QDBusConnection::connectToBus(address, QStringLiteral("window"));
    Theme theme(*qApp);
    theme.apply(ThemeName::System);
    EXPECT_FALSE(roles().dark);
    const SystemLook look(theme, ours);
    EXPECT_TRUE(QTest::qWaitFor([] { return roles().dark; }, 10'000));
    const auto change = [&](uint wish) {
      QDBusMessage changed = QDBusMessage::createSignal(kPath, kInterface, QStringLiteral("SettingChanged"));
      changed << kGroup << kName << QVariant::fromValue(QDBusVariant(QVariant(wish)));
      desktop.send(changed);
    };
    change(2);
    EXPECT_TRUE(QTest::qWaitFor([] { return !roles().dark; }, 10'000));
    theme.apply(ThemeName::Dark);  // a person's own wish goes before
    change(2);
    QTest::qWait(100);
    EXPECT_TRUE(roles().dark);
    theme.apply(ThemeName::Light);
  }
  qApp->setProperty(kSystemDarkProperty, QVariant());
  QDBusConnection::disconnectFromBus(QStringLiteral("desktop"));
  QDBusConnection::disconnectFromBus(QStringLiteral("window"));
  process.terminate();
  EXPECT_TRUE(process.waitForFinished(10'000));
}

}  // namespace
}  // namespace counterpoint
