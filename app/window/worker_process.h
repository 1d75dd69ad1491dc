// SPDX-License-Identifier: GPL-3.0-or-later
// counterpoint-worker and counterpoint-rank as child processes of the window. Only app/window starts processes.
#pragma once

#include <QObject>
#include <QProcess>
#include <QString>
#include <QStringList>

namespace counterpoint {

// Full paths beside this program; they need not exist.
QString workerProgram();
QString windowProgram();
QString rankProgramPath();

// One call of a program that ends with the window. Output comes line by line; nothing blocks.
class WorkerProcess : public QObject {
  Q_OBJECT

 public:
  explicit WorkerProcess(QObject* parent = nullptr);
  ~WorkerProcess() override;  // asks a running process to end, then kills it

  void start(const QString& program, const QStringList& arguments, const QString& folder = {});
  void cancel();
  bool isRunning() const { return process_.state() != QProcess::NotRunning; }

 signals:
  void line(const QString& text);  // of stdout
  // `status` is the exit status (-1 when it could not start or was killed); `problem` its last line on stderr.
  void finished(int status, const QString& output, const QString& problem);

 private:
  void readOutput();
  void finish(int status, const QString& problem);

  QProcess process_;
  QByteArray output_, pending_, errors_;
  bool done_ = false;
};

// Starts counterpoint-worker so that it outlives the window. False with a reason when it cannot be started.
bool startDetached(const QStringList& arguments, const QString& folder, QString* problem);

}  // namespace counterpoint
