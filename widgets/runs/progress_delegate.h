// SPDX-License-Identifier: GPL-3.0-or-later
// A thin bar with its percentage, for the list of runs.
#pragma once

#include <QStyledItemDelegate>

namespace counterpoint {

class ProgressDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace counterpoint
