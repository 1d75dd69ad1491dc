// SPDX-License-Identifier: GPL-3.0-or-later
// A row of a list of candidates: the name, and what it means behind it in quiet.
#pragma once

#include <QPainter>
#include <QStyledItemDelegate>

#include "widgets/common/measures.h"
#include "widgets/common/theme.h"

namespace counterpoint {

class CandidateDelegate : public QStyledItemDelegate {
 public:
  static constexpr int kHelpRole = Qt::UserRole + 100;

  using QStyledItemDelegate::QStyledItemDelegate;

  void setNameWidth(int width) { nameWidth_ = width; }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QStyledItemDelegate::paint(painter, option, index);
    const QRect rest = option.rect.adjusted(nameWidth_ + measures::kGroupGap, 0, -measures::kGap, 0);
    painter->save();
    painter->setFont(uiFont(measures::kMedium));
    painter->setPen(roles().quiet);
    const QString help = index.data(kHelpRole).toString();
    painter->drawText(rest, Qt::AlignLeft | Qt::AlignVCenter,
                      painter->fontMetrics().elidedText(help, Qt::ElideRight, rest.width()));
    painter->restore();
  }

  QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
    return {nameWidth_, measures::kRow};
  }

 private:
  int nameWidth_ = 0;
};

}  // namespace counterpoint
