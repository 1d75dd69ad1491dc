// SPDX-License-Identifier: GPL-3.0-or-later
// The configs that can be opened: the workspace's, ours by system, and recent ones; with a filter.
#pragma once

#include <QStringList>
#include <QWidget>

#include <filesystem>
#include <vector>

class QLineEdit;
class QSortFilterProxyModel;
class QStandardItemModel;
class QTreeView;

namespace counterpoint {

struct ConfigRoot {
  QString title;  // "Workspace", "Ready-made"
  std::filesystem::path folder;
  bool writable = false;
};

// The file of a config that configNames() told.
std::filesystem::path configFile(const std::filesystem::path& folder, const std::string& name);

class ConfigList : public QWidget {
  Q_OBJECT

 public:
  explicit ConfigList(QWidget* parent = nullptr);

  // Reads the folders' names; cheap (no file is opened).
  void setRoots(const std::vector<ConfigRoot>& roots, const QStringList& recent);
  void select(const QString& file);
  void editName(const QString& file);  // in place; nothing for one that is not the workspace's
  QTreeView* tree() const { return tree_; }

 signals:
  void chosen(const QString& file);
  void renamed(const QString& file, const QString& name);

 private:
  QLineEdit* filter_;
  QTreeView* tree_;
  QStandardItemModel* model_;
  QSortFilterProxyModel* proxy_;
};

}  // namespace counterpoint
