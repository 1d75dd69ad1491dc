// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of a run, as rows of name and value.
#pragma once

#include "core/runs/run_list.h"

#include <QAbstractTableModel>
#include <QList>

namespace counterpoint {

class RunFacts : public QAbstractTableModel {
  Q_OBJECT

 public:
  explicit RunFacts(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

  void set(const RunSummary& run);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  QList<std::pair<QString, QString>> rows_;
};

}  // namespace counterpoint
