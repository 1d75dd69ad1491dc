// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/retrieval/hit_delegate.h"

#include "widgets/common/measures.h"
#include "widgets/common/theme.h"
#include "widgets/retrieval/retrieval_results.h"
#include "widgets/retrieval/thumbnails.h"

#include <QPainter>
#include <QTextLayout>

namespace counterpoint {
namespace {

constexpr int kWidth = 168;
constexpr int kPicture = 128;
constexpr int kTextLines = 3;

}  // namespace

QString wrappedText(const QString& text, const QFont& font, int width, int most) {
  QTextLayout layout(text, font);
  QTextOption option;
  option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  layout.setTextOption(option);
  QStringList lines;
  layout.beginLayout();
  for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
    line.setLineWidth(width);
    const bool last = lines.size() + 1 == most;
    const QString rest = text.mid(line.textStart(), last ? -1 : line.textLength()).trimmed();
    lines << (last ? QFontMetrics(font).elidedText(rest, Qt::ElideRight, width) : rest);
    if (last) break;
  }
  layout.endLayout();
  return lines.join(QLatin1Char('\n'));
}

HitDelegate::HitDelegate(Thumbnails& thumbnails, QObject* parent)
    : QStyledItemDelegate(parent), thumbnails_(thumbnails) {}

QSize HitDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
  return {kWidth, kPicture + (1 + kTextLines) * option.fontMetrics.lineSpacing() + 4 * measures::kGap};
}

void HitDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const ThemeRoles& role = roles();
  const QAbstractItemModel* model = index.model();
  const auto cell = [&](int column) { return model->index(index.row(), column).data().toString(); };
  const bool right = index.data(HitsModel::RightRole).toBool();
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setRenderHint(QPainter::SmoothPixmapTransform);
  const QRect whole = option.rect.adjusted(2, 2, -2, -2);
  if (option.state & QStyle::State_Selected) {
    painter->setPen(Qt::NoPen);
    painter->setBrush(role.select);
    painter->drawRoundedRect(whole, measures::kCorner, measures::kCorner);
  }
  const QRect inside = whole.adjusted(measures::kGap - 2, measures::kGap - 2, -measures::kGap + 2, -measures::kGap + 2);
  const QRect picture(inside.left(), inside.top(), inside.width(), kPicture);
  painter->fillRect(picture, Qt::black);
  const QString clip = index.data(HitsModel::ClipRole).toString();
  if (const QImage image = thumbnails_.image(clip); !image.isNull()) {
    QRect area(QPoint(), image.size().scaled(picture.size(), Qt::KeepAspectRatio));
    area.moveCenter(picture.center());
    painter->drawImage(area, image);
  } else if (thumbnails_.failed(clip)) {
    painter->setPen(QColor(0x9B, 0xA5, 0xB1));
    painter->drawText(picture, Qt::AlignCenter, tr("cannot be read"));
  }
  // Right answers: a frame in the colour, and the sign in words below.
  if (right) {
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(role.good, 3));
    painter->drawRect(QRectF(picture).adjusted(1.5, 1.5, -1.5, -1.5));
  }
  const int line = option.fontMetrics.lineSpacing();
  const QRect facts(inside.left(), picture.bottom() + measures::kGap, inside.width(), line);
  painter->setFont(tabularFont());
  painter->setPen(role.text);
  const QString standing = QStringLiteral("%1   %2").arg(cell(HitsModel::Rank), cell(HitsModel::Score));
  painter->drawText(facts, Qt::AlignLeft, standing);
  const int room = facts.width() - painter->fontMetrics().horizontalAdvance(standing) - measures::kGap;
  painter->setPen(right ? role.good : role.quiet);
  painter->setFont(uiFont(right ? measures::kMedium : measures::kSmall, right));
  painter->drawText(
      facts, Qt::AlignRight | Qt::AlignVCenter,
      right ? tr("✓ right") : painter->fontMetrics().elidedText(cell(HitsModel::View), Qt::ElideRight, room));
  painter->setPen(role.quiet);
  painter->setFont(uiFont(measures::kSmall));
  const QRect text(inside.left(), facts.bottom() + measures::kGrid, inside.width(),
                   inside.bottom() - facts.bottom() - 4);
  painter->drawText(text, Qt::AlignTop | Qt::AlignLeft,
                    wrappedText(cell(HitsModel::Text), painter->font(), text.width(), kTextLines));
  if (option.state & QStyle::State_HasFocus) {
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(role.accent, measures::kFocusRing));
    painter->drawRoundedRect(QRectF(whole), measures::kCorner, measures::kCorner);
  }
  painter->restore();
}

}  // namespace counterpoint
