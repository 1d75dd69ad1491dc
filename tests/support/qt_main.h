// SPDX-License-Identifier: GPL-3.0-or-later
// main() of the test programs that show widgets: without a screen, in a runtime folder of their own, and with every Qt
// warning that is not on the list failing the test in which it came.
// QVERIFY and QCOMPARE return silently here (the test would count as passed): use EXPECT_* and QTest::qWaitFor.
#pragma once

#include <gtest/gtest.h>

#include <QApplication>
#include <QTemporaryDir>

#include <array>
#include <cstring>

#include "widgets/common/theme.h"

namespace counterpoint::testing {

// The offscreen platform says these by itself.
inline constexpr std::array<const char*, 3> kAllowedWarnings = {
    "This plugin does not support propagateSizeHints()",
    "This plugin does not support raise()",
    "This plugin does not support grabbing the keyboard",
};

inline void failOnWarning(QtMsgType type, const QMessageLogContext&, const QString& text) {
  if (type == QtDebugMsg || type == QtInfoMsg) return;
  for (const char* allowed : kAllowedWarnings) {
    if (text.contains(QLatin1String(allowed))) return;
  }
  ADD_FAILURE() << "Qt warning: " << text.toStdString();
}

inline int runQtTests(int argc, char** argv) {
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  QTemporaryDir home;
  QFile::setPermissions(home.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
  for (const char* name : {"XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"}) {
    qputenv(name, home.path().toLocal8Bit());
  }
  ::testing::InitGoogleTest(&argc, argv);
  QApplication application(argc, argv);
  QApplication::setFont(QFont(QStringLiteral("DejaVu Sans"), 10));
  qInstallMessageHandler(failOnWarning);
  Theme theme(application);
  theme.apply(ThemeName::Light);
  return RUN_ALL_TESTS();
}

}  // namespace counterpoint::testing
