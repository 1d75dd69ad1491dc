// SPDX-License-Identifier: GPL-3.0-or-later
// A model that serves in a child process, asked over its socket on the event loop. When the server dies, every open
// request fails with the reason, the window goes on, and startNewest() or load() starts one again.
#pragma once

#include "widgets/common/model_link.h"

#include <QByteArray>
#include <QProcess>
#include <QStringList>
#include <QTimer>

#include <functional>
#include <map>

class QLocalSocket;

namespace counterpoint {

// How a server is started: `counterpoint-worker serve --model RUN`; its first line of output is {"socket", "pid"}.
struct ServerCommand {
  QString program{};
  QStringList arguments{};
  QString folder{};  // where relative paths of clips begin
};

class ModelServer : public ModelLink {
  Q_OBJECT

 public:
  explicit ModelServer(QObject* parent = nullptr);
  ~ModelServer() override;  // asks the server to shut down, then ends it

  // Starts a server; one that runs is ended first, and what it was asked fails.
  void load(const ServerCommand& command);
  // Ends the server without a word; what it was asked fails.
  void unload();
  // Makes the command of the model that is wanted now; throws Error where there is no run to serve.
  void setWanted(std::function<ServerCommand()> wanted) { wanted_ = std::move(wanted); }
  bool hasWanted() const;
  // Loads what is wanted now, also in the place of another model.
  void loadWanted();
  // How long a model may take to load.
  void setStartLimit(int milliseconds) { startLimit_.setInterval(milliseconds); }

  State state() const override { return state_; }
  const Json& description() const override { return description_; }
  QString problem() const override { return problem_; }
  qint64 processId() const { return process_ ? process_->processId() : 0; }
  void startNewest() override;
  bool canStart() const override;
  qint64 request(const std::string& method, Json parameters, Callbacks callbacks) override;
  void cancel(qint64 request) override;

 private:
  void readOutput();
  void connectTo(const QString& socket);
  void greet();
  void readAnswers();
  void take(const QByteArray& line);
  void takeProgress(const Json& parameters);
  void lose(const QString& problem) { end(State::Lost, problem); }
  // Ends the server, enters `state` and fails every open request with `reason`.
  void end(State state, const QString& reason);
  void endProcess();
  qint64 send(const std::string& method, Json parameters, Callbacks callbacks);

  std::function<ServerCommand()> wanted_;
  QProcess* process_ = nullptr;
  QLocalSocket* socket_ = nullptr;
  QTimer startLimit_;
  QByteArray output_, answers_, complaints_;
  std::map<qint64, Callbacks> open_;
  qint64 lastId_ = 0;
  State state_ = State::Off;
  Json description_ = Json::object();
  QString problem_;
};

}  // namespace counterpoint
