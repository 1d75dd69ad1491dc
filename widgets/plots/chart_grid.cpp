// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/chart_grid.h"

#include <algorithm>

#include "widgets/common/measures.h"
#include "widgets/common/theme.h"
#include "widgets/plots/chart_card.h"

#include <QEvent>
#include <QResizeEvent>
#include <QToolButton>

namespace counterpoint {
namespace {

constexpr int kNarrowestCard = 300;
constexpr int kCardHeight = 248;
constexpr int kHeaderHeight = 28;

}  // namespace

ChartGrid::ChartGrid(QWidget* parent) : QWidget(parent) { setAccessibleName(tr("Charts")); }

void ChartGrid::setSections(QList<ChartSection> sections) {
  sections_ = std::move(sections);
  for (auto header = headers_.begin(); header != headers_.end();) {
    const bool used = std::any_of(sections_.begin(), sections_.end(),
                                  [&](const ChartSection& section) { return section.name == header.key(); });
    if (used) {
      ++header;
    } else {
      header.value()->deleteLater();
      header = headers_.erase(header);
    }
  }
  place();
}

void ChartGrid::setAlone(ChartCard* card) {
  if (alone_) alone_->setExpanded(false);
  alone_ = card;
  if (alone_) alone_->setExpanded(true);
  place();
}

void ChartGrid::setViewportHeight(int height) {
  if (height == viewportHeight_) return;
  viewportHeight_ = height;
  if (alone_) place();
}

void ChartGrid::setFolded(const QStringList& names) {
  folded_ = QSet<QString>(names.begin(), names.end());
  place();
}

QToolButton* ChartGrid::header(const QString& name) {
  if (QToolButton* known = headers_.value(name)) return known;
  auto* button = new QToolButton(this);
  button->setAutoRaise(true);
  button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  button->setFont(uiFont(measures::kMedium, true));
  connect(button, &QToolButton::clicked, this, [this, name] {
    if (!folded_.remove(name)) folded_.insert(name);
    place();
  });
  headers_.insert(name, button);
  return button;
}

void ChartGrid::place() {
  QSet<ChartCard*> shown;
  QWidget* before = nullptr;
  const auto next = [&before](QWidget* widget) {
    if (before) setTabOrder(before, widget);
    before = widget;
  };
  int y = measures::kGap;
  const int edge = measures::kEdge;
  if (alone_) {
    alone_->setGeometry(edge, y, width() - 2 * edge, std::max(viewportHeight_ - 2 * measures::kGap, kCardHeight));
    shown.insert(alone_);
    y = alone_->geometry().bottom() + measures::kGap;
  }
  const int columns = std::max(1, (width() - 2 * edge + measures::kGap) / (kNarrowestCard + measures::kGap));
  const int cardWidth = (width() - 2 * edge - (columns - 1) * measures::kGap) / columns;
  for (const ChartSection& section : sections_) {
    QToolButton* title = header(section.name);
    title->setVisible(!alone_);
    if (alone_) continue;
    const bool folded = folded_.contains(section.name);
    title->setArrowType(folded ? Qt::RightArrow : Qt::DownArrow);
    title->setText(QStringLiteral("%1  %2").arg(section.name).arg(section.cards.size()));
    title->setAccessibleName(tr("Charts of %1, %2").arg(section.name, folded ? tr("folded") : tr("open")));
    title->setGeometry(edge, y, std::min(title->sizeHint().width(), width() - 2 * edge), kHeaderHeight);
    next(title);
    y += kHeaderHeight + measures::kGrid;
    if (folded) continue;
    int column = 0;
    for (ChartCard* card : section.cards) {
      if (column == columns) {
        column = 0;
        y += kCardHeight + measures::kGap;
      }
      card->setGeometry(edge + column * (cardWidth + measures::kGap), y, cardWidth, kCardHeight);
      shown.insert(card);
      next(card);
      ++column;
    }
    y += kCardHeight + measures::kGroupGap;
  }
  for (ChartCard* card : findChildren<ChartCard*>(Qt::FindDirectChildrenOnly)) card->setVisible(shown.contains(card));
  setMinimumHeight(y);
  emit placed();
}

void ChartGrid::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  if (event->size().width() != event->oldSize().width() || alone_) place();
}

bool ChartGrid::event(QEvent* event) {
  const bool done = QWidget::event(event);
  if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) place();
  return done;
}

}  // namespace counterpoint
