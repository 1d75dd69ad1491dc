// SPDX-License-Identifier: GPL-3.0-or-later
// The folder that a window works in: counterpoint.yaml, and the lock that keeps a second window out.
#pragma once

#include <QJsonObject>
#include <QString>

#include <filesystem>
#include <optional>

#include "core/base/files.h"

namespace counterpoint {

class Workspace {
 public:
  // Throws Error: no counterpoint.yaml, a newer version of it, or another window has the folder open.
  static Workspace open(const std::filesystem::path& folder);

  const std::filesystem::path& folder() const { return folder_; }
  QString path() const;
  QString name() const { return name_; }
  bool isSynthetic() const { return synthetic_; }
  std::filesystem::path runs() const { return runs_; }
  std::filesystem::path configs() const { return configs_; }
  std::filesystem::path studies() const { return studies_; }
  // .counterpoint/, made on first use: what can be made again.
  std::filesystem::path cache() const;

  // .counterpoint/session.json; an unreadable or newer file gives an empty object: the default layout.
  QJsonObject loadSession() const;
  void saveSession(const QJsonObject& session) const;

 private:
  std::filesystem::path folder_, runs_, configs_, studies_;
  QString name_;
  bool synthetic_ = false;
  std::optional<FileDescriptor> lock_;
};

}  // namespace counterpoint
