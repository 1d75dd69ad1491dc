// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/model_server.h"

#include "core/protocol/rpc.h"

#include <QLocalSocket>

#include <utility>

namespace counterpoint {
namespace {

constexpr int kStartLimit = 120'000;  // milliseconds; the first read of a large checkpoint from a slow disk
constexpr int kEndLimit = 1500;
constexpr qsizetype kComplaintBytes = 8192;  // of stderr, for the last line of it

QString lastLine(const QByteArray& text) {
  const QList<QByteArray> lines = text.trimmed().split('\n');
  return QString::fromUtf8(lines.last()).trimmed();
}

}  // namespace

ModelServer::ModelServer(QObject* parent) : ModelLink(parent) {
  startLimit_.setSingleShot(true);
  startLimit_.setInterval(kStartLimit);
  connect(&startLimit_, &QTimer::timeout, this,
          [this] { lose(tr("The model did not answer within %n seconds", nullptr, startLimit_.interval() / 1000)); });
}

ModelServer::~ModelServer() {
  // Whoever asked may be gone already: nobody is called back.
  open_.clear();
  if (socket_ && socket_->state() == QLocalSocket::ConnectedState) {
    socket_->write(QByteArray::fromStdString(formatRpc(rpcRequest(++lastId_, "shutdown", Json::object()))) + '\n');
    socket_->flush();
  }
  // Earlier servers that are still ending are among them.
  const QList<QProcess*> processes = findChildren<QProcess*>();
  for (QProcess* process : processes) {
    process->disconnect();
    process->terminate();
  }
  for (QProcess* process : processes) {
    if (process->state() == QProcess::NotRunning || process->waitForFinished(kEndLimit)) continue;
    process->kill();
    process->waitForFinished(kEndLimit);
  }
}

void ModelServer::endProcess() {
  startLimit_.stop();
  if (socket_) {
    socket_->disconnect(this);
    socket_->abort();
    socket_->deleteLater();
    socket_ = nullptr;
  }
  if (process_) {
    QProcess* process = std::exchange(process_, nullptr);
    process->disconnect(this);
    connect(process, &QProcess::finished, process, &QObject::deleteLater);
    if (process->state() == QProcess::NotRunning) {
      process->deleteLater();
    } else {
      process->terminate();
      QTimer::singleShot(kEndLimit, process, &QProcess::kill);
    }
  }
  output_.clear();
  answers_.clear();
  description_ = Json::object();
}

void ModelServer::end(State state, const QString& reason) {
  endProcess();
  problem_ = state == State::Lost ? reason : QString();
  // The callbacks may ask again at once: they see the new state, and a list of their own.
  std::map<qint64, Callbacks> open;
  std::swap(open, open_);
  if (std::exchange(state_, state) != state) emit stateChanged();
  const Error error = environmentError(reason.toStdString(), "model", "Load the model again.");
  for (const auto& [id, callbacks] : open) {
    if (callbacks.failed) callbacks.failed(error);
  }
}

void ModelServer::load(const ServerCommand& command) {
  end(State::Starting, tr("Another model is loaded"));
  complaints_.clear();
  process_ = new QProcess(this);
  process_->setWorkingDirectory(command.folder);
  connect(process_, &QProcess::readyReadStandardOutput, this, &ModelServer::readOutput);
  connect(process_, &QProcess::readyReadStandardError, this,
          [this] { complaints_ = (complaints_ + process_->readAllStandardError()).right(kComplaintBytes); });
  connect(process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart) lose(tr("%1 cannot be started").arg(process_->program()));
  });
  connect(process_, &QProcess::finished, this, [this](int status, QProcess::ExitStatus how) {
    complaints_ += process_->readAllStandardError();
    const QString said = lastLine(complaints_);
    if (!said.isEmpty()) {
      lose(said);
    } else if (how == QProcess::CrashExit) {
      lose(tr("The model's process was killed"));
    } else {
      lose(tr("The model's process ended with status %1").arg(status));
    }
  });
  startLimit_.start();
  process_->start(command.program, command.arguments, QIODevice::ReadOnly);
}

void ModelServer::unload() {
  if (state_ != State::Off) end(State::Off, tr("The model was unloaded"));
}

void ModelServer::loadWanted() {
  try {
    if (wanted_) load(wanted_());
  } catch (const std::exception& error) {
    lose(QString::fromStdString(describe(error)));
  }
}

void ModelServer::startNewest() {
  if (state_ != State::Starting && state_ != State::Ready) loadWanted();
}

bool ModelServer::canStart() const { return isReady() || hasWanted(); }

bool ModelServer::hasWanted() const {
  try {
    return wanted_ && !wanted_().program.isEmpty();
  } catch (const std::exception&) {
    return false;  // what is missing is said when somebody asks for the model
  }
}

void ModelServer::readOutput() {
  output_ += process_->readAllStandardOutput();
  const qsizetype end = output_.indexOf('\n');
  if (end < 0 || socket_) return;
  const Json line = Json::parse(output_.constData(), output_.constData() + end, nullptr, false);
  if (!line.is_object() || !line.contains("socket") || !line["socket"].is_string()) {
    lose(tr("The model's process says no socket but “%1”").arg(QString::fromUtf8(output_.left(end)).left(200)));
    return;
  }
  connectTo(QString::fromStdString(line["socket"].get<std::string>()));
}

void ModelServer::connectTo(const QString& path) {
  socket_ = new QLocalSocket(this);
  connect(socket_, &QLocalSocket::connected, this, &ModelServer::greet);
  connect(socket_, &QLocalSocket::readyRead, this, &ModelServer::readAnswers);
  connect(socket_, &QLocalSocket::errorOccurred, this, [this](QLocalSocket::LocalSocketError error) {
    // What the process says at its end explains more than a closed socket does.
    if (error == QLocalSocket::PeerClosedError && process_ && process_->state() != QProcess::NotRunning) {
      QTimer::singleShot(kEndLimit, socket_, [this] { lose(tr("The model closed its connection")); });
      return;
    }
    lose(tr("The model's socket: %1").arg(socket_->errorString()));
  });
  socket_->connectToServer(path);
}

void ModelServer::greet() {
  const auto refused = [this](const Error& error) { lose(QString::fromStdString(describe(error))); };
  Callbacks described;
  described.failed = refused;
  described.done = [this](const Json& result) {
    startLimit_.stop();
    description_ = result;
    state_ = State::Ready;
    emit stateChanged();
  };
  Callbacks greeted;
  greeted.failed = refused;
  greeted.done = [this, described](const Json& result) {
    const int version = result.is_object() ? result.value("version", 0) : 0;
    if (version != kProtocolVersion) {
      lose(tr("The model speaks version %1 of the protocol, the window %2").arg(version).arg(kProtocolVersion));
      return;
    }
    send("describe", Json::object(), described);
  };
  send("hello", {{"version", kProtocolVersion}}, greeted);
}

qint64 ModelServer::send(const std::string& method, Json parameters, Callbacks callbacks) {
  const qint64 id = ++lastId_;
  open_[id] = std::move(callbacks);
  socket_->write(QByteArray::fromStdString(formatRpc(rpcRequest(id, method, std::move(parameters)))) + '\n');
  return id;
}

qint64 ModelServer::request(const std::string& method, Json parameters, Callbacks callbacks) {
  if (state_ == State::Ready) return send(method, std::move(parameters), std::move(callbacks));
  const qint64 id = ++lastId_;
  QTimer::singleShot(0, this, [failed = std::move(callbacks.failed)] {
    if (failed) failed(environmentError("no model is loaded", "model", "Load the model of a run first."));
  });
  return id;
}

void ModelServer::cancel(qint64 request) {
  if (state_ == State::Ready && open_.contains(request)) send("cancel", {{"id", request}}, {});
}

void ModelServer::readAnswers() {
  answers_ += socket_->readAll();
  qsizetype begin = 0;
  for (qsizetype end = answers_.indexOf('\n'); end >= 0; end = answers_.indexOf('\n', begin)) {
    const QByteArray line = answers_.mid(begin, end - begin);
    begin = end + 1;
    take(line);
    if (!socket_) return;  // lost meanwhile: the rest is gone
  }
  answers_.remove(0, begin);
  if (answers_.size() > static_cast<qsizetype>(kLongestLine)) lose(tr("The model sends a line without end"));
}

void ModelServer::take(const QByteArray& line) {
  try {
    const RpcMessage message = parseRpc({line.constData(), static_cast<std::size_t>(line.size())});
    if (!message.isAnswer()) {
      if (message.method == "progress") takeProgress(message.parameters);
      return;
    }
    const auto found = message.id ? open_.find(*message.id) : open_.end();
    if (found == open_.end()) return;
    const Callbacks callbacks = std::move(found->second);
    open_.erase(found);
    if (message.errorCode) {
      if (callbacks.failed) callbacks.failed(errorOf(message));
    } else if (callbacks.done) {
      try {
        callbacks.done(message.result);
      } catch (
          const Error& error) {  // an answer without a member that was promised: the request failed, not the server
        if (callbacks.failed) callbacks.failed(error);
      }
    }
  } catch (const std::exception& error) {
    lose(tr("The model's answer cannot be read: %1").arg(QString::fromStdString(describe(error))));
  }
}

void ModelServer::takeProgress(const Json& parameters) {
  const auto found = open_.find(parameters.value("id", std::int64_t{0}));
  if (found != open_.end() && found->second.progress) {
    found->second.progress(parameters.value("done", std::int64_t{0}), parameters.value("total", std::int64_t{0}));
  }
}

}  // namespace counterpoint
