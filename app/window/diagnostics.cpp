// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/diagnostics.h"

#include "core/base/process.h"
#include "core/base/secrets.h"
#include "core/runs/environment_record.h"
#include "widgets/common/number_text.h"

#include <QCoreApplication>
#include <QDir>
#include <QGuiApplication>
#include <QLocale>
#include <QRegularExpression>
#include <QScreen>
#include <QSysInfo>

#include <gnu/libc-version.h>
#include <pwd.h>
#include <unistd.h>

#include <array>

namespace counterpoint {
namespace {

const QString kUnknown = QStringLiteral("unknown");

QString said(const Json& json) {
  const QString text = json.is_string() ? QString::fromStdString(json.get<std::string>()) : QString();
  return text.isEmpty() ? kUnknown : text;
}

QString userName() {
  const passwd* entry = ::getpwuid(::getuid());
  return entry ? QString::fromLocal8Bit(entry->pw_name) : QString();
}

QString desktopName() {
  const QString name = qEnvironmentVariable("XDG_CURRENT_DESKTOP"), session = qEnvironmentVariable("XDG_SESSION_TYPE");
  return QStringLiteral("%1, %2").arg(name.isEmpty() ? kUnknown : name, session.isEmpty() ? kUnknown : session);
}

QString noticesText(const QList<Notice>& notices) {
  std::array<int, 4> counts{};
  for (const Notice& notice : notices) ++counts[static_cast<std::size_t>(notice.severity)];
  QStringList parts;
  for (const Severity severity : {Severity::Bad, Severity::Warning, Severity::Good, Severity::Info}) {
    parts << QStringLiteral("%1 %2").arg(counts[static_cast<std::size_t>(severity)]).arg(severityWord(severity));
  }
  return parts.join(QStringLiteral(", "));
}

}  // namespace

NamedFacts versionFacts() {
  const Json versions = describeEnvironment({}).at("versions");
  const auto of = [&versions](const char* name) { return said(versions.value(name, Json())); };
  return {
      {QStringLiteral("Counterpoint"), of("counterpoint")},
      {QStringLiteral("Qt"),
       QStringLiteral("%1 (built with %2)").arg(QString::fromLatin1(qVersion()), QStringLiteral(QT_VERSION_STR))},
      {QStringLiteral("LibTorch"),
       of("libtorch") == kUnknown ? QStringLiteral("not part of this build") : of("libtorch")},
      {QStringLiteral("FFmpeg"),
       QStringLiteral("libavcodec %1, libavformat %2").arg(of("libavcodec"), of("libavformat"))},
      {QStringLiteral("OpenCV"), of("opencv")},
      {QStringLiteral("NVIDIA driver"), of("nvidia_driver") == kUnknown ? QStringLiteral("none") : of("nvidia_driver")},
      {QStringLiteral("Compiler"), QStringLiteral("GCC %1").arg(of("compiler"))},
      {QStringLiteral("C library"), QStringLiteral("glibc %1").arg(QString::fromLatin1(::gnu_get_libc_version()))}};
}

QString withoutIdentifiers(QString text) {
  text = QString::fromStdString(maskSecrets(text.toStdString()));
  const QString home = QDir::homePath();
  if (home.size() > 1) text.replace(home, QStringLiteral("~"));
  // Any other path names somebody's folders.
  static const QRegularExpression path(QStringLiteral("(?<![\\w.~/])(/[^\\s/:,;]+){2,}/?"));
  text.replace(path, QStringLiteral("(path)"));
  for (const QString& name : {QString::fromStdString(hostName()), QSysInfo::machineHostName(), userName(),
                              qEnvironmentVariable("USER"), qEnvironmentVariable("LOGNAME")}) {
    if (name.isEmpty()) continue;
    const QRegularExpression word(QStringLiteral("\\b%1\\b").arg(QRegularExpression::escape(name)));
    text.replace(word, QStringLiteral("(name)"));
  }
  return text;
}

QString diagnosticReport(const ReportSubject& subject) {
  const Json host = describeEnvironment({}).at("host");
  NamedFacts facts = versionFacts();
  const auto yes = [](bool is) { return is ? QStringLiteral("yes") : QStringLiteral("no"); };
  QStringList cards;
  for (const DeviceInfo& gpu : subject.devices.gpus) {
    cards << QStringLiteral("%1, %2").arg(gpu.name, bytesText(static_cast<double>(gpu.totalBytes)));
  }
  if (cards.isEmpty()) cards << (subject.devices.note.isEmpty() ? kUnknown : subject.devices.note);
  QStringList screens;
  for (const QScreen* screen : QGuiApplication::screens()) {
    screens << QStringLiteral("%1 × %2 at %3")
                   .arg(screen->size().width())
                   .arg(screen->size().height())
                   .arg(screen->devicePixelRatio());
  }
  facts << NamedFacts{
      {QStringLiteral("counterpoint-rank"), subject.rank.isEmpty() ? QStringLiteral("not asked") : subject.rank},
      {QStringLiteral("LibTorch's place"), subject.libTorch.isEmpty() ? QStringLiteral("as built") : subject.libTorch},
      {QStringLiteral("System"), QStringLiteral("%1, %2, %3")
                                     .arg(QSysInfo::prettyProductName(), said(host.value("system", Json())),
                                          said(host.value("machine", Json())))},
      {QStringLiteral("Processor"),
       QStringLiteral("%1, %2 cores").arg(said(host.value("processor", Json()))).arg(host.value("cores", 0))},
      {QStringLiteral("Memory"), bytesText(static_cast<double>(host.value("memory_kb", std::int64_t{0})) * 1024)},
      {QStringLiteral("Graphics cards"), cards.join(QStringLiteral("; "))},
      {QStringLiteral("Desktop"), desktopName()},
      {QStringLiteral("Platform"), QGuiApplication::platformName()},
      {QStringLiteral("Screens"), screens.join(QStringLiteral("; "))},
      {QStringLiteral("Language"), QLocale().name()},
      {QStringLiteral("Theme"), subject.theme},
      {QStringLiteral("Scale"), percentText(subject.scale)},
      {QStringLiteral("Own keys"), QString::number(subject.ownKeys)},
      {QStringLiteral("Safe mode"), yes(subject.safe)},
      {QStringLiteral("Workspace open"),
       subject.workspaceOpen && subject.synthetic ? QStringLiteral("yes, synthetic") : yes(subject.workspaceOpen)},
      {QStringLiteral("Notices"), noticesText(subject.notices)},
  };
  QStringList lines;
  for (const auto& [name, value] : facts) lines << QStringLiteral("%1: %2").arg(name, value);
  return withoutIdentifiers(lines.join(QLatin1Char('\n'))) + QLatin1Char('\n');
}

}  // namespace counterpoint
