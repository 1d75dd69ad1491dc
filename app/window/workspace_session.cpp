// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/workspace_session.h"

#include "core/base/clock.h"
#include "core/base/error.h"

#include <QJsonDocument>
#include <QObject>

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

constexpr int kSessionVersion = 1;
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 26;
constexpr const char* kFile = "session.json";
constexpr const char* kMark = "open";

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
  if (!session.lock_) {
    throw WorkspaceTaken(environmentError("is open in another window", root.string(), "Close that window first."));
  }
  // Only a live window holds the lock: a mark that is there now was left by one that did not end.
  session.endedBadly_ = fs::exists(session.cache() / kMark, error);
  writeFileAtomically(session.cache() / kMark, isoTime(wallSeconds()) + "\n");
  return session;
}

WorkspaceSession::~WorkspaceSession() {
  if (!lock_ || !*lock_) return;  // moved from, or never opened
  std::error_code ignored;
  fs::remove(workspace_.root / ".counterpoint" / kMark, ignored);
}

fs::path WorkspaceSession::cache() const {
  const fs::path folder = workspace_.root / ".counterpoint";
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw systemError(error.value(), "make", folder.string());
  return folder;
}

QJsonObject WorkspaceSession::load(QString* trouble) const {
  std::error_code error;
  const fs::path file = cache() / kFile;
  if (!fs::exists(file, error)) return {};
  try {
    QJsonParseError parse;
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(readFile(file, kMostBytes)), &parse);
    const QJsonObject session = document.object();
    const int version = session.value(QStringLiteral("version")).toInt();
    if (version == kSessionVersion) return session;
    *trouble = parse.error != QJsonParseError::NoError
                   ? QObject::tr("What was kept of the last session cannot be read; the layout is as shipped")
                   : QObject::tr(
                         "What was kept of the last session is of version %1, this window knows %2; the layout "
                         "is as shipped")
                         .arg(version)
                         .arg(kSessionVersion);
  } catch (const Error& problem) {
    *trouble = QString::fromStdString(describe(problem));
  }
  keepCopy(QStringLiteral("unread"));
  return {};
}

void WorkspaceSession::keepCopy(const QString& name) const {
  std::error_code ignored;  // a copy of habits: nothing is lost without it
  fs::copy_file(cache() / kFile, cache() / ("session-" + name.toStdString() + ".json"),
                fs::copy_options::overwrite_existing, ignored);
}

void WorkspaceSession::save(const QJsonObject& session) const {
  QJsonObject whole = session;
  whole.insert(QStringLiteral("version"), kSessionVersion);
  writeFileAtomically(cache() / kFile, QJsonDocument(whole).toJson().toStdString());
}

}  // namespace counterpoint
