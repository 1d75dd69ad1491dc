// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/workspace.h"

#include "core/base/error.h"
#include "core/config/yaml_reader.h"

#include <QJsonDocument>

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

constexpr int kWorkspaceVersion = 1;
constexpr int kSessionVersion = 1;

std::string textAt(const YamlNode& root, std::string_view key, std::string fallback) {
  const auto* member = root.find(key);
  return member && !member->value.text.empty() ? member->value.text : fallback;
}

}  // namespace

Workspace Workspace::open(const fs::path& folder) {
  std::error_code error;
  Workspace workspace;
  workspace.folder_ = fs::weakly_canonical(fs::absolute(folder, error), error);
  const fs::path file = workspace.folder_ / "counterpoint.yaml";
  if (!fs::is_regular_file(file, error)) {
    throw dataError("is no workspace: it has no counterpoint.yaml", folder.string(),
                    "Make one with counterpoint-worker sample FOLDER.");
  }
  const YamlNode root = readYaml(readFile(file, 1 << 20), file.string());
  const std::string version = textAt(root, "version", "1");
  if (version != std::to_string(kWorkspaceVersion)) {
    throw dataError("has version " + version + "; this program knows 1", file.string(), "Update Counterpoint.");
  }
  workspace.name_ = QString::fromStdString(textAt(root, "name", workspace.folder_.filename().string()));
  workspace.synthetic_ = textAt(root, "synthetic", "false") == "true";
  workspace.runs_ = workspace.folder_ / textAt(root, "runs", "runs");
  workspace.configs_ = workspace.folder_ / textAt(root, "configs", "configs");
  workspace.studies_ = workspace.folder_ / textAt(root, "studies", "data/studies.csv");
  workspace.lock_ = tryLockFile(workspace.cache() / "lock");
  if (!workspace.lock_) {
    throw environmentError("is open in another window", workspace.folder_.string(), "Close that window first.");
  }
  return workspace;
}

QString Workspace::path() const { return QString::fromStdString(folder_.string()); }

fs::path Workspace::cache() const {
  const fs::path folder = folder_ / ".counterpoint";
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw systemError(error.value(), "make", folder.string());
  return folder;
}

QJsonObject Workspace::loadSession() const {
  try {
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(readFile(cache() / "session.json")));
    const QJsonObject session = document.object();
    return session.value(QStringLiteral("version")).toInt() == kSessionVersion ? session : QJsonObject();
  } catch (const Error&) {
    return {};
  }
}

void Workspace::saveSession(const QJsonObject& session) const {
  QJsonObject whole = session;
  whole.insert(QStringLiteral("version"), kSessionVersion);
  writeFileAtomically(cache() / "session.json", QJsonDocument(whole).toJson().toStdString());
}

}  // namespace counterpoint
