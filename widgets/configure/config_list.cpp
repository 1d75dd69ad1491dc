// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/config_list.h"

#include "core/config/lookup.h"
#include "widgets/common/icons.h"
#include "widgets/common/measures.h"

#include <QFileInfo>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTreeView>
#include <QVBoxLayout>

namespace counterpoint {
namespace {

constexpr int kFileRole = Qt::UserRole;

QStandardItem* heading(const QString& text) {
  auto* item = new QStandardItem(text);
  item->setFlags(Qt::ItemIsEnabled);
  return item;
}

QStandardItem* fileItem(const QString& text, const QString& file, bool editable = false) {
  auto* item = new QStandardItem(icon(QStringLiteral("editor")), text);
  item->setEditable(editable);
  item->setData(file, kFileRole);
  item->setToolTip(file);
  return item;
}

// The item of a folder below `parent`, made where it is missing.
QStandardItem* folderBelow(QStandardItem* parent, const QString& name) {
  for (int row = 0; row < parent->rowCount(); ++row) {
    QStandardItem* child = parent->child(row);
    if (child->text() == name && !child->data(kFileRole).isValid()) return child;
  }
  QStandardItem* made = heading(name);
  parent->appendRow(made);
  return made;
}

}  // namespace

std::filesystem::path configFile(const std::filesystem::path& folder, const std::string& name) {
  const auto file = folder / (name + ".yaml");
  return std::filesystem::exists(file) ? file : folder / (name + ".yml");
}

ConfigList::ConfigList(QWidget* parent)
    : QWidget(parent),
      filter_(new QLineEdit),
      tree_(new QTreeView),
      model_(new QStandardItemModel(this)),
      proxy_(new QSortFilterProxyModel(this)) {
  setAccessibleName(tr("Configs"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(measures::kGap, measures::kGap, 0, 0);
  column->setSpacing(measures::kGap);
  filter_->setPlaceholderText(tr("Filter configs"));
  filter_->setAccessibleName(tr("Filter configs"));
  filter_->setClearButtonEnabled(true);
  proxy_->setSourceModel(model_);
  proxy_->setRecursiveFilteringEnabled(true);
  proxy_->setAutoAcceptChildRows(true);
  proxy_->setFilterCaseSensitivity(Qt::CaseInsensitive);
  tree_->setModel(proxy_);
  tree_->setHeaderHidden(true);
  tree_->setAccessibleName(tr("Configs by system"));
  tree_->setUniformRowHeights(true);
  tree_->setEditTriggers(QAbstractItemView::EditKeyPressed);
  tree_->setIndentation(measures::kGroupGap);
  tree_->setIconSize({measures::kIcon, measures::kIcon});
  column->addWidget(filter_);
  column->addWidget(tree_, 1);
  connect(model_, &QStandardItemModel::itemChanged, this, [this](const QStandardItem* item) {
    const QString file = item->data(kFileRole).toString();
    // The list is made anew by whoever hears of it: not while the item is being written.
    if (!file.isEmpty())
      QMetaObject::invokeMethod(
          this, [this, file, name = item->text()] { emit renamed(file, name); }, Qt::QueuedConnection);
  });
  connect(filter_, &QLineEdit::textChanged, this, [this](const QString& text) {
    proxy_->setFilterFixedString(text);
    tree_->expandAll();
  });
  const auto choose = [this](const QModelIndex& index) {
    const QString file = index.data(kFileRole).toString();
    if (!file.isEmpty()) emit chosen(file);
  };
  connect(tree_, &QTreeView::clicked, this, choose);
  connect(tree_, &QTreeView::activated, this, choose);
}

void ConfigList::setRoots(const std::vector<ConfigRoot>& roots, const QStringList& recent) {
  model_->clear();
  for (const ConfigRoot& root : roots) {
    auto* top = heading(root.title);
    for (const auto& name : configNames(root.folder)) {
      if (name.starts_with("sweeps/")) continue;  // ranges of values: no config that could be trained
      QStringList parts = QString::fromStdString(name).split(QLatin1Char('/'));
      const QString last = parts.takeLast();
      QStandardItem* place = top;
      for (const QString& part : parts) place = folderBelow(place, part);
      place->appendRow(fileItem(last, QString::fromStdString(configFile(root.folder, name).string()), root.writable));
    }
    if (top->rowCount() > 0) {
      model_->appendRow(top);
    } else {
      delete top;
    }
  }
  if (!recent.isEmpty()) {
    auto* top = heading(tr("Recent"));
    for (const QString& file : recent) {
      if (QFileInfo::exists(file)) top->appendRow(fileItem(QFileInfo(file).completeBaseName(), file));
    }
    model_->appendRow(top);
  }
  tree_->expandAll();
}

void ConfigList::editName(const QString& file) {
  select(file);
  const QModelIndex current = tree_->currentIndex();
  if (current.data(kFileRole).toString() == file && current.flags().testFlag(Qt::ItemIsEditable)) tree_->edit(current);
}

void ConfigList::select(const QString& file) {
  const QModelIndexList found =
      proxy_->match(proxy_->index(0, 0), kFileRole, file, 1, Qt::MatchExactly | Qt::MatchRecursive);
  if (!found.isEmpty()) tree_->setCurrentIndex(found.front());
}

}  // namespace counterpoint
