// SPDX-License-Identifier: GPL-3.0-or-later
// One hit of the gallery: its picture on black, rank, score, text, and whether it is right.
#pragma once

#include <QStyledItemDelegate>

namespace counterpoint {

class Thumbnails;

// `text` in at most so many lines of the width, the last one with "…" where there is more.
QString wrappedText(const QString& text, const QFont& font, int width, int most);

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
