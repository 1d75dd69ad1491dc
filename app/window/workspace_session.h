// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace that this window works in: its parts, the lock that keeps a second window out, and what is kept of the
// session.
#pragma once

#include <filesystem>
#include <optional>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/config/workspace.h"

#include <QJsonObject>
#include <QString>

namespace counterpoint {

// Another window has the workspace open.
struct WorkspaceTaken : Error {
  explicit WorkspaceTaken(const Error& error) : Error(error) {}
};

class WorkspaceSession {
 public:
  // Throws WorkspaceTaken, or Error: no counterpoint.yaml, or a newer version of it.
  static WorkspaceSession open(const std::filesystem::path& folder);
  WorkspaceSession(WorkspaceSession&&) noexcept = default;
  WorkspaceSession& operator=(WorkspaceSession&&) noexcept = default;
  // The orderly end: what opens the workspace next finds that all was well.
  ~WorkspaceSession();

  const Workspace& workspace() const { return workspace_; }
  // The window that had the workspace open last did not close it: it was killed, or crashed, or the power went.
  bool endedBadly() const { return endedBadly_; }

  // .counterpoint/session.json. One that cannot be read or is of a newer version is kept beside under another name,
  // and gives an empty object and a word about it.
  QJsonObject load(QString* trouble) const;
  void save(const QJsonObject& session) const;
  // Kept beside as session-NAME.json.
  void keepCopy(const QString& name) const;

 private:
  WorkspaceSession() = default;
  // .counterpoint/, made on first use: what can be made again.
  std::filesystem::path cache() const;

  Workspace workspace_;
  std::optional<FileDescriptor> lock_;
  bool endedBadly_ = false;
};

}  // namespace counterpoint
