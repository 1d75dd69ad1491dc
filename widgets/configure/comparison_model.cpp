// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/comparison_model.h"

#include "widgets/common/theme.h"

#include <algorithm>

namespace counterpoint {
namespace {

QString shown(const std::optional<Json>& value) {
  return value ? QString::fromStdString(yamlText(*value)) : ComparisonModel::tr("not there");
}

}  // namespace

void ComparisonModel::setComparison(ConfigComparison comparison) {
  comparison_ = std::move(comparison);
  base_ = std::min(base_, comparison_.names.empty() ? 0 : comparison_.names.size() - 1);
  choose();
}

void ComparisonModel::setBase(int config) {
  if (config < 0 || config >= configs()) return;
  base_ = static_cast<std::size_t>(config);
  choose();
  emit headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
}

void ComparisonModel::setDifferencesOnly(bool only) {
  differencesOnly_ = only;
  choose();
}

void ComparisonModel::setSearch(const QString& text) {
  search_ = text;
  choose();
}

void ComparisonModel::choose() {
  beginResetModel();
  shown_.clear();
  for (std::size_t i = 0; i < comparison_.rows.size(); ++i) {
    const auto& row = comparison_.rows[i];
    if (differencesOnly_ && !differs(row, base_)) continue;
    const bool found = QString::fromStdString(row.key).contains(search_, Qt::CaseInsensitive) ||
                       std::any_of(row.values.begin(), row.values.end(), [this](const auto& value) {
                         return shown(value).contains(search_, Qt::CaseInsensitive);
                       });
    if (found) shown_.push_back(i);
  }
  endResetModel();
}

int ComparisonModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(shown_.size());
}

int ComparisonModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : configs() + 1; }

QVariant ComparisonModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const auto& row = comparison_.rows[shown_[static_cast<std::size_t>(index.row())]];
  if (index.column() == 0) {
    return role == Qt::DisplayRole || role == Qt::ToolTipRole ? QVariant(QString::fromStdString(row.key)) : QVariant();
  }
  const auto config = static_cast<std::size_t>(index.column() - 1);
  const auto& value = row.values[config];
  const bool other = value != row.values[base_];
  switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole: return shown(value);
    case kDiffersRole: return other;
    case Qt::AccessibleTextRole: return other ? tr("%1, differs").arg(shown(value)) : shown(value);
    case Qt::FontRole: return other ? uiFont(1.0, true) : QVariant();
    case Qt::ForegroundRole: return value ? QVariant() : QVariant(roles().quiet);
    case Qt::BackgroundRole: return other ? QVariant(roles().select) : QVariant();
    default: return {};
  }
}

QVariant ComparisonModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  if (section == 0) return tr("Key");
  const auto config = static_cast<std::size_t>(section - 1);
  if (config >= comparison_.names.size()) return {};
  const QString name = QString::fromStdString(comparison_.names[config]);
  return config == base_ ? tr("%1 (base)").arg(name) : name;
}

}  // namespace counterpoint
