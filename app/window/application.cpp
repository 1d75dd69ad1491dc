// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/application.h"

#include <QApplication>
#include <QMainWindow>

#include "widgets/common/theme.h"

namespace counterpoint {

int runWindow(int argc, char** argv) {
  QApplication application(argc, argv);
  Theme theme(application);
  theme.apply(ThemeName::System);
  QMainWindow window;
  window.show();
  return QApplication::exec();
}

}  // namespace counterpoint
