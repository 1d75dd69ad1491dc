// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/runs/progress_delegate.h"

#include <algorithm>

#include "widgets/common/measures.h"
#include "widgets/common/number_text.h"
#include "widgets/common/theme.h"
#include "widgets/runs/runs_model.h"

#include <QApplication>
#include <QPainter>

namespace counterpoint {
namespace {

constexpr int kBar = 4;
constexpr int kNumber = 40;

}  // namespace

void ProgressDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const double share = index.data(RunsModel::ShareRole).toDouble();
  if (share < 0) {
    QStyledItemDelegate::paint(painter, option, index);
    return;
  }
  QStyleOptionViewItem plain(option);
  initStyleOption(&plain, index);
  plain.text.clear();
  QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &plain, painter, option.widget);
  const auto state = static_cast<RunState>(index.data(RunsModel::StateRole).toInt());
  const ThemeRoles& look = roles();
  const bool failed = state == RunState::Failed || state == RunState::Killed;
  const QRect inside = option.rect.adjusted(measures::kGrid, 0, -measures::kGrid, 0);
  const QRectF groove(inside.left(), inside.center().y() - kBar / 2.0, inside.width() - kNumber, kBar);
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(Qt::NoPen);
  painter->setBrush(look.line);
  painter->drawRoundedRect(groove, kBar / 2.0, kBar / 2.0);
  QRectF done = groove;
  done.setWidth(groove.width() * std::clamp(share, 0.0, 1.0));
  painter->setBrush(failed ? look.bad : state == RunState::Finished ? look.good : look.accent);
  painter->drawRoundedRect(done, kBar / 2.0, kBar / 2.0);
  painter->setPen(look.text);
  painter->setFont(tabularFont());
  painter->drawText(inside, Qt::AlignRight | Qt::AlignVCenter, percentText(share));
  painter->restore();
}

}  // namespace counterpoint
