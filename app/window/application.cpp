// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/application.h"

#include "app/window/assembly.h"
#include "app/window/main_window.h"
#include "app/window/tour.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "widgets/common/icons.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QFileInfo>
#include <QTimer>

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>

namespace counterpoint {
namespace {

constexpr int kActionMilliseconds = 50;

void addOptions(QCommandLineParser& parser) {
  parser.setApplicationDescription(QStringLiteral("The window: configures, launches, plots, reviews and searches."));
  parser.addHelpOption();
  parser.addVersionOption();
  parser.addOption({QStringLiteral("sample"), QStringLiteral("Make the sample workspace if needed, and open it.")});
  parser.addOption({QStringLiteral("tour"), QStringLiteral("Walk through every pane and save a picture of each."),
                    QStringLiteral("FOLDER")});
  parser.addOption(
      {QStringLiteral("theme"), QStringLiteral("light, dark, system, … for this time."), QStringLiteral("NAME")});
  parser.addOption({QStringLiteral("measure-start"),
                    QStringLiteral("Print milliseconds to the first picture and memory, then end.")});
  parser.addOption({QStringLiteral("do"), QStringLiteral("Trigger an action as soon as it can be; may be repeated."),
                    QStringLiteral("ACTION")});
  parser.addPositionalArgument(QStringLiteral("PATH"), QStringLiteral("A workspace, run folder, config or clip."),
                               QStringLiteral("[PATH…]"));
}

double residentMegabytes() {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

// Milliseconds since this process was started, from its start ticks.
double millisecondsSinceStart() {
  std::ifstream stat("/proc/self/stat"), uptime("/proc/uptime");
  std::string text((std::istreambuf_iterator<char>(stat)), {});
  double up = 0;
  uptime >> up;
  QStringList fields = QString::fromStdString(text.substr(text.rfind(')') + 2)).split(QLatin1Char(' '));
  constexpr int kStartField = 19;  // counted from the state, which follows the name
  const double ticks = fields.value(kStartField).toDouble();
  return (up - ticks / static_cast<double>(::sysconf(_SC_CLK_TCK))) * 1000;
}

// A screen is not needed for pictures.
void chooseOffscreenForTour(const QCommandLineParser& parser) {
  const bool screen = qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY");
  if (parser.isSet(QStringLiteral("tour")) && !screen && !qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
  }
}

QString sampleFolder() { return QDir::homePath() + QStringLiteral("/counterpoint-sample"); }

// Triggers each action, in turn, as soon as it can be.
void triggerActions(MainWindow& window, QStringList ids) {
  auto* timer = new QTimer(&window);
  QObject::connect(timer, &QTimer::timeout, &window, [&window, timer, ids = std::move(ids)]() mutable {
    window.actions().refresh();
    while (!ids.isEmpty()) {
      QAction* action = window.actions().action(ids.front());
      if (!action) {
        window.notify({Severity::Bad, QObject::tr("there is no such action"), ids.front(), {}});
      } else if (action->isEnabled()) {
        action->trigger();
      } else {
        return;
      }
      ids.removeFirst();
    }
    timer->deleteLater();
  });
  timer->start(kActionMilliseconds);
}

}  // namespace

int runWindow(int argc, char** argv) {
  QStringList arguments;
  for (int i = 0; i < argc; ++i) arguments << QString::fromLocal8Bit(argv[i]);
  QCommandLineParser parser;
  addOptions(parser);
  if (!parser.parse(arguments)) {
    std::cerr << "counterpoint: " << parser.errorText().toStdString() << ". See counterpoint --help.\n";
    return static_cast<int>(ErrorKind::Usage);
  }
  QCoreApplication::setApplicationName(QStringLiteral("counterpoint"));
  QCoreApplication::setApplicationVersion(QStringLiteral(COUNTERPOINT_VERSION));
  if (parser.isSet(QStringLiteral("version"))) {
    std::cout << "counterpoint " COUNTERPOINT_VERSION "\n";
    return 0;
  }
  if (parser.isSet(QStringLiteral("help"))) {
    std::cout << parser.helpText().toStdString();
    return 0;
  }
  chooseOffscreenForTour(parser);
  const double scale = Preferences().scale();
  if (scale > 1 && !qEnvironmentVariableIsSet("QT_SCALE_FACTOR")) qputenv("QT_SCALE_FACTOR", QByteArray::number(scale));

  QApplication application(argc, argv);
  QGuiApplication::setDesktopFileName(QStringLiteral("counterpoint"));
  Theme theme(application);
  const QString named = parser.value(QStringLiteral("theme"));
  theme.apply(Theme::byName(named.isEmpty() ? Preferences().theme() : named));
  QApplication::setWindowIcon(icon(QStringLiteral("counterpoint")));

  MainWindow window(theme);
  assemblePanes(window);
  const bool sample = parser.isSet(QStringLiteral("sample"));
  if (sample && QFileInfo::exists(sampleFolder() + QStringLiteral("/counterpoint.yaml"))) {
    window.openWorkspace(sampleFolder());
  }
  for (const QString& path : parser.positionalArguments()) window.openPath(path);
  if (sample && !window.workspace()) window.makeSample(sampleFolder());

  if (parser.isSet(QStringLiteral("measure-start"))) {
    QObject::connect(
        &window, &MainWindow::firstPainted, &application,
        [] {
          std::printf("first picture after %.0f ms, %.0f MB\n", millisecondsSinceStart(), residentMegabytes());
          QCoreApplication::quit();
        },
        Qt::QueuedConnection);
  }
  window.show();
  triggerActions(window, parser.values(QStringLiteral("do")));
  std::unique_ptr<Tour> tour;
  if (parser.isSet(QStringLiteral("tour"))) {
    tour = std::make_unique<Tour>(window, parser.value(QStringLiteral("tour")));
    QObject::connect(tour.get(), &Tour::finished, &application, [&tour](bool complete) {
      for (const QString& picture : tour->pictures()) std::printf("%s\n", qPrintable(picture));
      QCoreApplication::exit(complete ? 0 : 1);
    });
    const auto begin = [&tour] { tour->start(); };
    if (window.workspace() || !sample) {
      begin();
    } else {
      QObject::connect(&window, &MainWindow::workspaceOpened, tour.get(), begin, Qt::QueuedConnection);
    }
  }
  return QApplication::exec();
}

}  // namespace counterpoint
