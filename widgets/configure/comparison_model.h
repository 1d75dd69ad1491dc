// SPDX-License-Identifier: GPL-3.0-or-later
// Configs as columns, keys as rows; each value says whether it differs from the base's.
#pragma once

#include <QAbstractTableModel>

#include "core/config/compare.h"

namespace counterpoint {

class ComparisonModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  static constexpr int kDiffersRole = Qt::UserRole;  // of a cell: not the base's value

  using QAbstractTableModel::QAbstractTableModel;

  void setComparison(ConfigComparison comparison);
  void setBase(int config);
  int base() const { return static_cast<int>(base_); }
  void setDifferencesOnly(bool only);
  void setSearch(const QString& text);
  int configs() const { return static_cast<int>(comparison_.names.size()); }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  void choose();

  ConfigComparison comparison_;
  std::vector<std::size_t> shown_;
  std::size_t base_ = 0;
  bool differencesOnly_ = true;
  QString search_;
};

}  // namespace counterpoint
