// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/workspace_door.h"

#include <QCryptographicHash>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocalSocket>
#include <QStandardPaths>

namespace counterpoint {
namespace {

constexpr int kPatienceMilliseconds = 500;
constexpr qsizetype kMostBytes = 1 << 20, kHashLetters = 16;

// A hash, since sockets have short names and workspaces may lie deep.
QString doorOf(const QString& root) {
  const QByteArray hash = QCryptographicHash::hash(root.toUtf8(), QCryptographicHash::Sha256).toHex();
  const QString folder = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
  return QDir(folder).filePath(
      QStringLiteral("counterpoint-window-%1").arg(QString::fromLatin1(hash.first(kHashLetters))));
}

}  // namespace

WorkspaceDoor::WorkspaceDoor(const QString& root, QObject* parent) : QObject(parent) {
  const QString door = doorOf(root);
  QLocalServer::removeServer(door);  // of a window that was killed
  server_.setSocketOptions(QLocalServer::UserAccessOption);
  connect(&server_, &QLocalServer::newConnection, this, [this] {
    while (QLocalSocket* guest = server_.nextPendingConnection()) {
      connect(guest, &QLocalSocket::disconnected, guest, &QObject::deleteLater);
      const auto read = [this, guest] {
        if (guest->bytesAvailable() > kMostBytes) guest->abort();
        if (!guest->canReadLine()) return;
        QStringList paths;
        for (const auto& path : QJsonDocument::fromJson(guest->readLine(kMostBytes)).array()) paths << path.toString();
        guest->disconnectFromServer();
        emit knocked(paths);
      };
      connect(guest, &QLocalSocket::readyRead, this, read);
      read();  // it may all be here already
    }
  });
  server_.listen(door);
}

bool WorkspaceDoor::knock(const QString& root, const QStringList& paths) {
  QLocalSocket guest;
  guest.connectToServer(doorOf(root), QIODevice::WriteOnly);
  if (!guest.waitForConnected(kPatienceMilliseconds)) return false;
  guest.write(QJsonDocument(QJsonArray::fromStringList(paths)).toJson(QJsonDocument::Compact) + '\n');
  while (guest.bytesToWrite() > 0) {
    if (!guest.waitForBytesWritten(kPatienceMilliseconds)) return false;
  }
  guest.disconnectFromServer();
  return true;
}

}  // namespace counterpoint
