// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/workspace_session.h"

#include "core/base/error.h"

#include <QJsonDocument>

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

constexpr int kSessionVersion = 1;

}  // namespace

WorkspaceSession WorkspaceSession::open(const fs::path& folder) {
  std::error_code error;
  const fs::path root = fs::weakly_canonical(fs::absolute(folder, error), error);
  if (!fs::is_regular_file(root / "counterpoint.yaml", error)) {
    throw dataError("is no workspace: it has no counterpoint.yaml", folder.string(),
                    "Make one with counterpoint-worker sample FOLDER.");
  }
  WorkspaceSession session;
  session.workspace_ = Workspace::open(root);
  session.lock_ = tryLockFile(session.cache() / "lock");
  if (!session.lock_) throw environmentError("is open in another window", root.string(), "Close that window first.");
  return session;
}

fs::path WorkspaceSession::cache() const {
  const fs::path folder = workspace_.root / ".counterpoint";
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw systemError(error.value(), "make", folder.string());
  return folder;
}

QJsonObject WorkspaceSession::load() const {
  try {
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(readFile(cache() / "session.json")));
    const QJsonObject session = document.object();
    return session.value(QStringLiteral("version")).toInt() == kSessionVersion ? session : QJsonObject();
  } catch (const Error&) {
    return {};
  }
}

void WorkspaceSession::save(const QJsonObject& session) const {
  QJsonObject whole = session;
  whole.insert(QStringLiteral("version"), kSessionVersion);
  writeFileAtomically(cache() / "session.json", QJsonDocument(whole).toJson().toStdString());
}

}  // namespace counterpoint
