// SPDX-License-Identifier: GPL-3.0-or-later
// One hit of the gallery: its picture on black, rank, score, text, and whether it is right.
#pragma once

#include <QStyledItemDelegate>

namespace counterpoint {

class Thumbnails;

class HitDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  HitDelegate(Thumbnails& thumbnails, QObject* parent = nullptr);
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 private:
  Thumbnails& thumbnails_;
};

}  // namespace counterpoint
