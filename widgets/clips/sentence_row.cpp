// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/clips/caption_pane.h"
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"

#include <QEnterEvent>
#include <QPainter>

#include <algorithm>

namespace counterpoint {
namespace {

constexpr int kBar = 48;     // width of the confidence bar
constexpr int kNumber = 40;  // and of its number
constexpr int kPad = 6;

}  // namespace

SentenceRow::SentenceRow(const CaptionSentence& sentence, bool calibrated, QWidget* parent)
    : QWidget(parent), sentence_(sentence), calibrated_(calibrated) {
  setFocusPolicy(Qt::StrongFocus);
  QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
  setThreshold(0);
}

void SentenceRow::setThreshold(double threshold) {
  low_ = sentence_.confidence < threshold;
  const QString number = QString::number(sentence_.confidence, 'f', 2);
  setAccessibleName(QString::fromStdString(sentence_.text));
  setAccessibleDescription((calibrated_ ? tr("confidence %1") : tr("confidence %1, uncalibrated")).arg(number) +
                           (low_ ? tr(", below the threshold") : QString()));
  setToolTip(accessibleDescription());
  update();
}

int SentenceRow::textWidth(int width) const { return std::max(80, width - kBar - kNumber - 3 * measures::kGap); }

int SentenceRow::heightForWidth(int width) const {
  const QRect words = fontMetrics().boundingRect(QRect(0, 0, textWidth(width), 10'000), Qt::TextWordWrap,
                                                 QString::fromStdString(sentence_.text));
  return std::max(measures::kRow, words.height() + 2 * kPad);
}

void SentenceRow::resizeEvent(QResizeEvent*) { setMinimumHeight(heightForWidth(width())); }

void SentenceRow::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  emit pointedAt(sentence_);
  update();
}

void SentenceRow::enterEvent(QEnterEvent*) { emit pointedAt(sentence_); }

void SentenceRow::paintEvent(QPaintEvent*) {
  const ThemeRoles& role = roles();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const int words = textWidth(width());
  if (low_) painter.fillRect(QRect(0, kPad, 3, height() - 2 * kPad), role.warn);
  painter.setPen(role.text);
  painter.drawText(QRect(measures::kGap, kPad, words, height() - 2 * kPad), Qt::TextWordWrap | Qt::AlignTop,
                   QString::fromStdString(sentence_.text));

  const double share = std::clamp(sentence_.confidence, 0.0, 1.0);
  const QRectF bar(measures::kGap * 2 + words, kPad + 5, kBar, 6);
  painter.setPen(Qt::NoPen);
  painter.setBrush(role.line);
  painter.drawRoundedRect(bar, 3, 3);
  painter.setBrush(low_ ? role.warn : role.accent);
  if (share > 0) painter.drawRoundedRect(QRectF(bar.topLeft(), QSizeF(std::max(6.0, kBar * share), 6)), 3, 3);
  painter.setPen(low_ ? role.warn : role.text);
  painter.setFont(tabularFont());
  painter.drawText(QRect(width() - kNumber, kPad, kNumber - 2, fontMetrics().height()), Qt::AlignRight | Qt::AlignTop,
                   (low_ ? QStringLiteral("▾") : QString()) + QString::number(sentence_.confidence, 'f', 2));
  if (hasFocus()) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(role.accent, measures::kFocusRing));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), measures::kCorner, measures::kCorner);
  }
}

}  // namespace counterpoint
