// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/worker_process.h"

#include "core/base/process.h"
#include "core/jobs/rank_program.h"

#include <QDir>
#include <QFileInfo>

namespace counterpoint {
namespace {

constexpr int kPatienceMilliseconds = 2000;
constexpr qsizetype kMostErrorBytes = 1 << 16;

QString lastLine(const QByteArray& text) {
  const QStringList lines = QString::fromUtf8(text).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
  return lines.isEmpty() ? QString() : lines.last().trimmed();
}

}  // namespace

QString workerProgram() { return QString::fromStdString((programDirectory() / "counterpoint-worker").string()); }
QString windowProgram() { return QString::fromStdString((programDirectory() / "counterpoint").string()); }

QString rankProgramPath() { return QString::fromStdString(locateRankProgram(programDirectory()).string()); }

WorkerProcess::WorkerProcess(QObject* parent) : QObject(parent) {
  connect(&process_, &QProcess::readyReadStandardOutput, this, &WorkerProcess::readOutput);
  connect(&process_, &QProcess::readyReadStandardError, this, [this] {
    errors_ += process_.readAllStandardError();
    if (errors_.size() > kMostErrorBytes) errors_ = errors_.last(kMostErrorBytes / 2);
  });
  connect(&process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart) {
      finish(-1, tr("%1 cannot be started: %2").arg(process_.program(), process_.errorString()));
    }
  });
  connect(&process_, &QProcess::finished, this, [this](int status, QProcess::ExitStatus how) {
    readOutput();
    errors_ += process_.readAllStandardError();
    finish(how == QProcess::NormalExit ? status : -1, lastLine(errors_));
  });
}

WorkerProcess::~WorkerProcess() {
  process_.disconnect(this);
  if (!isRunning()) return;
  process_.terminate();
  if (!process_.waitForFinished(kPatienceMilliseconds)) {
    process_.kill();
    process_.waitForFinished(kPatienceMilliseconds);
  }
}

void WorkerProcess::start(const QString& program, const QStringList& arguments, const QString& folder) {
  output_.clear();
  pending_.clear();
  errors_.clear();
  done_ = false;
  if (!folder.isEmpty()) process_.setWorkingDirectory(folder);
  process_.start(program, arguments, QIODevice::ReadOnly);
}

void WorkerProcess::cancel() { process_.terminate(); }

void WorkerProcess::readOutput() {
  const QByteArray bytes = process_.readAllStandardOutput();
  output_ += bytes;
  pending_ += bytes;
  for (qsizetype end = pending_.indexOf('\n'); end >= 0; end = pending_.indexOf('\n')) {
    emit line(QString::fromUtf8(pending_.first(end)));
    pending_.remove(0, end + 1);
  }
}

void WorkerProcess::finish(int status, const QString& problem) {
  if (done_) return;
  done_ = true;
  emit finished(status, QString::fromUtf8(output_), problem);
}

bool startDetached(const QStringList& arguments, const QString& folder, QString* problem) {
  const QString program = workerProgram();
  if (!QFileInfo(program).isExecutable()) {
    *problem = QObject::tr("%1 is missing. Build or install counterpoint-worker.").arg(program);
    return false;
  }
  QProcess process;
  process.setProgram(program);
  process.setArguments(arguments);
  process.setWorkingDirectory(folder);
  process.setStandardInputFile(QProcess::nullDevice());
  process.setStandardOutputFile(QProcess::nullDevice());
  process.setStandardErrorFile(QProcess::nullDevice());
  if (process.startDetached()) return true;
  *problem = QObject::tr("%1 cannot be started: %2").arg(program, process.errorString());
  return false;
}

}  // namespace counterpoint
