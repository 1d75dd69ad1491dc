// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace that this window works in: its parts, the lock that keeps a second window out, and what is kept of the
// session.
#pragma once

#include <filesystem>
#include <optional>

#include "core/base/files.h"
#include "core/config/workspace.h"

#include <QJsonObject>
#include <QString>

namespace counterpoint {

class WorkspaceSession {
 public:
  // Throws Error: no counterpoint.yaml, a newer version of it, or another window has the folder open.
  static WorkspaceSession open(const std::filesystem::path& folder);

  const Workspace& workspace() const { return workspace_; }

  // .counterpoint/session.json; an unreadable or newer file gives an empty object: the default layout.
  QJsonObject load() const;
  void save(const QJsonObject& session) const;

 private:
  // .counterpoint/, made on first use: what can be made again.
  std::filesystem::path cache() const;

  Workspace workspace_;
  std::optional<FileDescriptor> lock_;
};

}  // namespace counterpoint
