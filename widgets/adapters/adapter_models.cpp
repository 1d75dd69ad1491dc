// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/adapters/adapter_charts.h"

namespace counterpoint {
namespace {

constexpr int kDigits = 3;

QVariant number(double value) { return QString::number(value, 'f', kDigits); }
QVariant rightAligned() { return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter); }

}  // namespace

void RankingModel::set(const LoraRanking& ranking) {
  beginResetModel();
  ranking_ = ranking;
  endResetModel();
}

int RankingModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(ranking_.names.size());
}

int RankingModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : 3; }

QVariant RankingModel::data(const QModelIndex& index, int role) const {
  const auto row = static_cast<std::size_t>(index.row());
  if (role == Qt::TextAlignmentRole && index.column() > 0) return rightAligned();
  if (role != Qt::DisplayRole) return {};
  if (index.column() == 0) return QString::fromStdString(ranking_.names[row]);
  return number(index.column() == 1 ? ranking_.similarities[row] : ranking_.weights[row]);
}

QVariant RankingModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole && section > 0) return rightAligned();
  if (role != Qt::DisplayRole) return {};
  const QString names[] = {tr("Adapter"), tr("Similarity"), tr("Weight")};
  return names[section];
}

void MatrixModel::set(const LoraMatrix& matrix) {
  beginResetModel();
  matrix_ = matrix;
  endResetModel();
}

int MatrixModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(matrix_.names.size());
}

int MatrixModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() || matrix_.names.empty() ? 0 : static_cast<int>(matrix_.names.size()) + 1;
}

QVariant MatrixModel::data(const QModelIndex& index, int role) const {
  const auto row = static_cast<std::size_t>(index.row());
  if (role == Qt::TextAlignmentRole && index.column() > 0) return rightAligned();
  if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) return {};
  if (index.column() == 0) return QString::fromStdString(matrix_.names[row]);
  const auto column = static_cast<std::size_t>(index.column() - 1);
  if (role == Qt::DisplayRole) return number(matrix_.at(row, column));
  return tr("%1 and %2: %3")
      .arg(QString::fromStdString(matrix_.names[row]), QString::fromStdString(matrix_.names[column]),
           number(matrix_.at(row, column)).toString());
}

QVariant MatrixModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  return section == 0 ? tr("Adapter") : QString::fromStdString(matrix_.names[static_cast<std::size_t>(section - 1)]);
}

}  // namespace counterpoint
