// SPDX-License-Identifier: GPL-3.0-or-later
// The pane's files: opened, saved, changed by others, kept as drafts.
#include "core/base/files.h"
#include "core/config/lookup.h"
#include "widgets/configure/compose_worker.h"
#include "widgets/configure/configure_pane.h"
#include "widgets/configure/overrides_line.h"
#include "widgets/configure/schema_form.h"
#include "widgets/configure/yaml_editor.h"

#include <QFileInfo>
#include <QFileSystemWatcher>
#include <QListWidget>
#include <QSignalBlocker>
#include <QTreeView>

#include <algorithm>
#include <filesystem>
#include <optional>

namespace counterpoint {
namespace {

constexpr int kMostRecent = 8;

// `file` as seen from `folder`; nothing where it lies elsewhere.
std::optional<std::filesystem::path> insideOf(const std::filesystem::path& folder, const std::filesystem::path& file) {
  const auto inside = file.lexically_normal().lexically_relative(folder.lexically_normal());
  return inside.empty() || *inside.begin() == ".." ? std::nullopt : std::optional(inside);
}

// The workspace that a folder of configs belongs to; without a counterpoint.yaml above it, the folder's parent.
std::filesystem::path workspaceAbove(const std::filesystem::path& configs) {
  for (auto folder = configs; folder.has_relative_path(); folder = folder.parent_path()) {
    if (std::filesystem::exists(folder / "counterpoint.yaml")) return folder;
  }
  return configs.parent_path();
}

}  // namespace

void ConfigurePane::setRoots(std::vector<ConfigRoot> roots) {
  roots_ = std::move(roots);
  // Paths in a config begin at the workspace.
  const ConfigRoot* own = ownRoot();
  form_->setBase(own ? QString::fromStdString(workspaceAbove(own->folder).string()) : QString());
  refreshList();
}

void ConfigurePane::refreshList() {
  list_->setRoots(roots_, recent_);
  showEmpty(list_->tree()->model()->rowCount() == 0 && file_.isEmpty());
  if (!file_.isEmpty()) list_->select(file_);
}

bool ConfigurePane::open(const QString& file) {
  std::string text;
  try {
    text = readFile(file.toStdString(), 1 << 20);
  } catch (const std::exception& error) {
    emit noticed(Notice::of(error));
    return false;
  }
  keepDraft();
  if (!watcher_->files().isEmpty()) watcher_->removePaths(watcher_->files());
  file_ = file;
  watcher_->addPath(file);
  editor_->setBytes(text);
  // What was typed and not saved comes back as one step that can be undone.
  if (const auto draft = drafts_.find(file); draft != drafts_.end()) {
    editor_->apply({0, text.size(), draft->second.text}, tr("What was typed before"));
    editedAt_ = draft->second.time;
    drafts_.erase(draft);
  }
  ranksChosen_ = false;
  overrides_->setText(overridesOf_[file]);
  takeText();
  recent_.removeAll(file);
  recent_.prepend(file);
  recent_ = recent_.mid(0, kMostRecent);
  showEmpty(false);
  list_->select(file);
  updateHeader();
  emit fileChanged(file);
  return true;
}

void ConfigurePane::keepDraft() {
  if (isDirty()) drafts_[file_] = {editor_->bytes(), editedAt_};
}

void ConfigurePane::closeFile() {
  drafts_.clear();
  held_.clear();
  emit heldDraftsChanged();
  file_.clear();
  overridesOf_.clear();
  overrides_->setText({});
  overrides_->showProblem({});
  editor_->setBytes({});
  compose_.stop();
  worker_->forget();
  composition_ = {};
  form_->show(composition_, {});
  problems_->clear();
  problems_->hide();
  checkBeforeStart();
  updateHeader();
}

bool ConfigurePane::isDirty() const { return !file_.isEmpty() && editor_->isModified(); }

const ConfigRoot* ConfigurePane::ownRoot() const {
  const auto own = std::find_if(roots_.begin(), roots_.end(), [](const ConfigRoot& root) { return root.writable; });
  return own == roots_.end() ? nullptr : &*own;
}

QString ConfigurePane::writableTarget() const {
  const std::filesystem::path file = file_.toStdString();
  const ConfigRoot* own = ownRoot();
  if (!own || insideOf(own->folder, file)) return file_;
  for (const ConfigRoot& root : roots_) {
    const auto inside = insideOf(root.folder, file);
    if (!inside) continue;
    // A config of the same name is somebody's work: it stays.
    std::filesystem::path target = own->folder / *inside;
    for (int number = 2; std::filesystem::exists(target); ++number) {
      target.replace_filename(file.stem().string() + "-" + std::to_string(number) + file.extension().string());
    }
    return QString::fromStdString(target.string());
  }
  return file_;
}

bool ConfigurePane::save() {
  if (file_.isEmpty()) return false;
  const QString target = writableTarget();
  try {
    const QSignalBlocker quiet(watcher_);
    std::filesystem::create_directories(std::filesystem::path(target.toStdString()).parent_path());
    writeFileAtomically(target.toStdString(), editor_->bytes());
  } catch (const std::exception& error) {
    emit noticed(Notice::of(error));
    return false;
  }
  editor_->setModified(false);
  if (!watcher_->files().isEmpty()) watcher_->removePaths(watcher_->files());
  watcher_->addPath(target);
  if (target != file_) {
    overridesOf_[target] = overridesOf_[file_];
    file_ = target;
    emit noticed(
        {Severity::Info, tr("saved as a copy in the workspace: ready-made configs stay as they are"), target, {}});
    refreshList();
    emit fileChanged(file_);
  }
  updateHeader();
  return true;
}

QString ConfigurePane::cloneFile() {
  const ConfigRoot* own = ownRoot();
  if (file_.isEmpty() || !own) return {};
  const std::filesystem::path file = file_.toStdString();
  const auto inside = insideOf(own->folder, file);
  std::filesystem::path target = inside ? file : own->folder / file.filename();
  for (int number = 1; number == 1 || std::filesystem::exists(target); ++number) {
    const std::string ending = number == 1 ? "-copy" : "-copy-" + std::to_string(number);
    target.replace_filename(file.stem().string() + ending + file.extension().string());
  }
  try {
    writeFileAtomically(target, editor_->bytes());
  } catch (const std::exception& error) {
    emit noticed(Notice::of(error));
    return {};
  }
  const QString made = QString::fromStdString(target.string());
  const QString overrides = overridesOf_[file_];
  overridesOf_[made] = overrides;
  refreshList();
  open(made);
  return made;
}

bool ConfigurePane::renameFile(const QString& file, const QString& name) {
  const std::filesystem::path before = file.toStdString();
  const std::filesystem::path after =
      before.parent_path() / (name.trimmed().toStdString() + before.extension().string());
  const auto refuse = [&](const QString& what, const QString& cure) {
    emit noticed({Severity::Warning, what, file, cure});
    refreshList();
    return false;
  };
  if (after == before) return true;
  if (name.trimmed().isEmpty() || name.contains(QLatin1Char('/')) || name.startsWith(QLatin1Char('.')))
    return refuse(tr("\"%1\" is no name for a config").arg(name), tr("Use letters, digits, - and _."));
  if (std::filesystem::exists(after))
    return refuse(tr("there is a config \"%1\" already").arg(name), tr("Choose another."));
  if (file == file_ && !watcher_->files().isEmpty()) watcher_->removePaths(watcher_->files());
  std::error_code code;
  std::filesystem::rename(before, after, code);
  if (code) return refuse(QString::fromStdString(code.message()), {});
  const QString made = QString::fromStdString(after.string());
  overridesOf_[made] = overridesOf_[file];
  if (const auto draft = drafts_.find(file); draft != drafts_.end()) {
    drafts_[made] = draft->second;
    drafts_.erase(draft);
  }
  recent_.replaceInStrings(file, made);
  // What is open goes on under its new name, with what is typed and its undo.
  if (file == file_) {
    file_ = made;
    watcher_->addPath(made);
    emit fileChanged(made);
    takeText();
  }
  refreshList();
  updateHeader();
  return true;
}

void ConfigurePane::revert() {
  if (file_.isEmpty()) return;
  try {
    const std::string saved = readFile(file_.toStdString(), 1 << 20);
    editor_->apply({0, editor_->bytes().size(), saved}, tr("Revert to what is saved"));
  } catch (const std::exception& error) {
    emit noticed(Notice::of(error));
    return;
  }
  takeText();
}

void ConfigurePane::onDiskChanged() {
  if (!QFileInfo::exists(file_)) return;
  if (!watcher_->files().contains(file_)) watcher_->addPath(file_);
  std::string text;
  try {
    text = readFile(file_.toStdString(), 1 << 20);
  } catch (const std::exception& error) {
    emit noticed(Notice::of(error));
    return;
  }
  if (text == editor_->bytes()) return;
  if (isDirty()) {
    emit noticed({Severity::Warning, tr("was changed by another program; your text is not saved yet"), file_,
                  tr("Save to keep yours.")});
    return;
  }
  editor_->setBytes(text);
  takeText();
}

QString ConfigurePane::ownConfig() const {
  const ConfigRoot* own = ownRoot();
  if (!own) return {};
  if (!file_.isEmpty() && insideOf(own->folder, file_.toStdString())) return file_;
  const auto names = configNames(own->folder);
  return names.empty() ? QString() : QString::fromStdString(configFile(own->folder, names.front()).string());
}

bool ConfigurePane::recoverDraft(const QString& file) {
  const auto draft = held_.find(file);
  if (draft == held_.end()) return false;
  try {
    // Nothing is saved any more: what was typed is all there is.
    if (!QFileInfo::exists(file)) {
      std::filesystem::create_directories(std::filesystem::path(file.toStdString()).parent_path());
      writeFileAtomically(file.toStdString(), draft->second.text);
    }
  } catch (const std::exception& error) {
    emit noticed(Notice::of(error));
    return false;
  }
  const ConfigDraft kept = draft->second;
  held_.erase(draft);
  bool opened = true;
  if (file == file_ && isDirty()) {
    editor_->apply({0, editor_->bytes().size(), kept.text},
                   tr("Recover what was typed"));  // undo leads back to what was typed meanwhile
  } else {
    drafts_[file] = kept;
    opened = open(file);
  }
  emit heldDraftsChanged();
  return opened;
}

void ConfigurePane::dropDraft(const QString& file) {
  if (held_.erase(file) == 0) return;
  if (QFileInfo::exists(file) && file != file_) open(file);
  emit heldDraftsChanged();
}

void ConfigurePane::skipDraft(const QString& file) {
  const auto draft = held_.find(file);
  if (draft == held_.end()) return;
  draft->second.skipped = true;
  emit heldDraftsChanged();
}

void ConfigurePane::askAgain() {
  for (auto& [file, draft] : held_) draft.skipped = false;
  emit heldDraftsChanged();
}

}  // namespace counterpoint
