// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/curve_table.h"

#include <numeric>

#include "widgets/common/number_text.h"

#include <QDateTime>

namespace counterpoint {
namespace {

constexpr int kDigits = 7;

}  // namespace

CurveTable::CurveTable(const QString& metric, QObject* parent)
    : QAbstractTableModel(parent), metric_(metric.toStdString()) {}

std::vector<std::size_t> CurveTable::sizesNow() const {
  std::vector<std::size_t> sizes;
  for (const ChartCurve& curve : curves_) {
    sizes.push_back(curve.feed->read([&](const EventReader& events) {
      const Series* series = events.find(metric_);
      return series ? series->size() : std::size_t{0};
    }));
  }
  return sizes;
}

void CurveTable::setCurves(std::vector<ChartCurve> curves) {
  beginResetModel();
  curves_ = std::move(curves);
  sizes_ = sizesNow();
  endResetModel();
}

void CurveTable::refresh() {
  const std::vector<std::size_t> now = sizesNow();
  int row = 0;
  for (std::size_t i = 0; i < now.size(); ++i) {
    const int known = static_cast<int>(sizes_[i]), wanted = static_cast<int>(now[i]);
    if (wanted > known) {
      beginInsertRows({}, row + known, row + wanted - 1);
      sizes_[i] = now[i];
      endInsertRows();
    } else if (wanted < known) {
      beginRemoveRows({}, row + wanted, row + known - 1);
      sizes_[i] = now[i];
      endRemoveRows();
    }
    row += wanted;
  }
}

int CurveTable::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(std::accumulate(sizes_.begin(), sizes_.end(), std::size_t{0}));
}

int CurveTable::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kColumns; }

QVariant CurveTable::data(const QModelIndex& index, int role) const {
  if (role == Qt::TextAlignmentRole && index.column() != Run) return int(Qt::AlignRight | Qt::AlignVCenter);
  if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
  std::size_t row = static_cast<std::size_t>(index.row()), curve = 0;
  while (curve < sizes_.size() && row >= sizes_[curve]) row -= sizes_[curve++];
  if (curve == sizes_.size()) return {};
  if (index.column() == Run) return curves_[curve].run;
  const SeriesPoint point = curves_[curve].feed->read([&](const EventReader& events) {
    const Series* series = events.find(metric_);
    return series && row < series->size() ? (*series)[row] : SeriesPoint{};
  });
  switch (index.column()) {
    case Step: return countText(point.step);
    case Epoch: return numberText(static_cast<double>(point.epoch), 4);
    case Time:
      return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(point.time * 1000)).toString(u"yyyy-MM-dd hh:mm:ss");
    case Value:
      return role == Qt::ToolTipRole ? QString::number(point.value, 'g', 17) : numberText(point.value, kDigits);
    default: return {};
  }
}

QVariant CurveTable::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return section == Run ? int(Qt::AlignLeft | Qt::AlignVCenter) : int(Qt::AlignRight | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Run: return tr("Run");
    case Step: return tr("Step");
    case Epoch: return tr("Epoch");
    case Time: return tr("Time");
    case Value: return QString::fromStdString(metric_);
    default: return {};
  }
}

}  // namespace counterpoint
