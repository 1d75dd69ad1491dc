// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers behind a chart, one row a point, the runs one after the other.
#pragma once

#include <vector>

#include "widgets/plots/chart_types.h"

#include <QAbstractTableModel>

namespace counterpoint {

class CurveTable : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Run, Step, Epoch, Time, Value, kColumns };

  explicit CurveTable(const QString& metric, QObject* parent = nullptr);

  void setCurves(std::vector<ChartCurve> curves);
  // Takes in what came since; cheap when nothing did.
  void refresh();

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<std::size_t> sizesNow() const;

  const std::string metric_;
  std::vector<ChartCurve> curves_;
  std::vector<std::size_t> sizes_;  // rows of each curve that the views know of
};

}  // namespace counterpoint
