// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/application.h"

#include "app/window/assembly.h"
#include "app/window/crash_sentinel.h"
#include "app/window/end_signals.h"
#include "app/window/libtorch_place.h"
#include "app/window/main_window.h"
#include "app/window/system_look.h"
#include "app/window/tour.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "widgets/common/icons.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDateTime>
#include <QDBusConnection>
#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QTimer>

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>

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
  parser.addOption({QStringLiteral("safe-mode"),
                    QStringLiteral("Without preferences and without what is kept of sessions; neither is lost.")});
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

// Scale for all of Qt, from before the first window on. What this program starts does not inherit it.
class ScaleFactor {
 public:
  explicit ScaleFactor(double scale) : ours_(scale > 1 && !qEnvironmentVariableIsSet(kName)) {
    if (ours_) qputenv(kName, QByteArray::number(scale));
  }
  void done() const {
    if (ours_) qunsetenv(kName);
  }

 private:
  static constexpr const char* kName = "QT_SCALE_FACTOR";
  bool ours_;
};

// True when another window has the workspace of the first path open; it came to the front and shows the paths.
bool handedOver(const QStringList& paths) {
  if (paths.isEmpty()) return false;
  QStringList full;
  for (const QString& path : paths) full << QFileInfo(path).absoluteFilePath();
  try {
    const auto workspace = Workspace::find(full.front().toStdString());
    if (!workspace) return false;
    std::error_code code;
    const auto root = std::filesystem::weakly_canonical(workspace->root, code);
    return WorkspaceDoor::knock(QString::fromStdString(root.string()), full);
  } catch (const std::exception&) {
    return false;  // the window says what is wrong with it
  }
}

void offerSafeMode(MainWindow& window, const CrashSentinel& sentinel) {
  if (sentinel.badEnds().empty() || window.preferences().isSafe()) return;
  const QDateTime started =
      QDateTime::fromString(QString::fromStdString(sentinel.badEnds().back()), Qt::ISODate).toLocalTime();
  window.questions().ask(
      {QStringLiteral("crash"),
       QObject::tr(
           "The window that was started %1 did not end properly. Your work is kept as it was within its last two "
           "seconds.")
           .arg(QLocale().toString(started, QLocale::ShortFormat)),
       {{QObject::tr("Go on"), QObject::tr("Use the window as it is"), {}},
        {QObject::tr("Open again in safe mode"),
         QObject::tr("Without preferences and without what is kept of sessions; neither is lost"),
         [&window] { window.openAgain(true); }},
        {QObject::tr("Report"), QObject::tr("Versions and diagnostics, to send along"),
         [&window] { window.actions().action(QStringLiteral("help.about"))->trigger(); }}}});
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
  const bool safe = parser.isSet(QStringLiteral("safe-mode"));
  const bool touring = parser.isSet(QStringLiteral("tour"));
  const Preferences preferences(safe);
  const ScaleFactor scale(preferences.scale());

  QApplication application(argc, argv);
  scale.done();
  QGuiApplication::setDesktopFileName(QStringLiteral("counterpoint"));
  Theme theme(application);
  const QString named = parser.value(QStringLiteral("theme"));
  theme.apply(Theme::byName(named.isEmpty() ? preferences.theme() : named));
  std::optional<SystemLook> look;
  if (SystemLook::hasBus()) look.emplace(theme, QDBusConnection::sessionBus());
  QApplication::setWindowIcon(icon(QStringLiteral("counterpoint")));
  if (!touring && parser.values(QStringLiteral("do")).isEmpty() && handedOver(parser.positionalArguments())) {
    std::cout << "counterpoint: the workspace is open in another window, which was raised\n";
    return 0;
  }
  useLibTorch(preferences.libTorch());
  const EndSignals endSignals([] {
    for (QWidget* widget : QApplication::topLevelWidgets()) {
      if (auto* window = qobject_cast<MainWindow*>(widget)) window->close();
    }
  });
  const CrashSentinel sentinel(CrashSentinel::usualFolder());

  MainWindow window(theme, safe);
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
  if (!touring) offerSafeMode(window, sentinel);
  triggerActions(window, parser.values(QStringLiteral("do")));
  std::unique_ptr<Tour> tour;
  if (touring) {
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
