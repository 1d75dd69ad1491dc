// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/pane.h"

#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"

#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace counterpoint {
namespace {

constexpr int kEmptyIcon = 40;
constexpr int kEmptyTextWidth = 360;
constexpr int kTextStretch = 1000;  // the text takes all there is, up to its width

}  // namespace

EmptyState::EmptyState(QWidget* parent)
    : QWidget(parent), icon_(new QLabel), heading_(new QLabel), text_(new QLabel), button_(new QPushButton) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(measures::kEdge, measures::kEdge, measures::kEdge, measures::kEdge);
  column->setSpacing(measures::kGap);
  column->addStretch(2);
  icon_->setAlignment(Qt::AlignCenter);
  icon_->setAccessibleName(tr("Picture"));
  heading_->setAlignment(Qt::AlignCenter);
  heading_->setFont(uiFont(measures::kLarge, true));
  heading_->setWordWrap(true);
  text_->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
  text_->setWordWrap(true);
  text_->setMaximumWidth(kEmptyTextWidth);
  text_->setMinimumHeight(measures::kRow);
  setTextRole(text_, "quiet");
  button_->setProperty("primary", true);
  button_->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
  column->addWidget(icon_);
  column->addWidget(heading_);
  // Between stretches, not aligned: its height then follows its width.
  auto* middle = new QHBoxLayout;
  middle->addStretch(1);
  middle->addWidget(text_, kTextStretch);
  middle->addStretch(1);
  column->addLayout(middle);
  column->addSpacing(measures::kGap);
  column->addWidget(button_, 0, Qt::AlignHCenter);
  column->addStretch(3);
  connect(button_, &QPushButton::clicked, this, &EmptyState::pressed);
  set({}, {}, {}, {});
}

void EmptyState::set(const QString& icon, const QString& heading, const QString& text, const QString& button) {
  iconName_ = icon;
  drawIcon();
  heading_->setText(heading);
  text_->setText(text);
  button_->setText(button);
  button_->setAccessibleName(button);
  button_->setVisible(!button.isEmpty());
  setAccessibleName(heading);
  setAccessibleDescription(text);
}

void EmptyState::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) drawIcon();
}

void EmptyState::drawIcon() {
  icon_->setVisible(!iconName_.isEmpty());
  if (!iconName_.isEmpty()) icon_->setPixmap(iconPixmap(iconName_, roles().quiet, kEmptyIcon, devicePixelRatioF()));
}

Pane::Pane(const QString& identifier, const QString& title, QWidget* parent)
    : QWidget(parent), empty_(new EmptyState), stack_(new QStackedLayout(this)) {
  setObjectName(identifier);
  setWindowTitle(title);
  setAccessibleName(title);
  stack_->setContentsMargins(0, 0, 0, 0);
  stack_->addWidget(empty_);
}

void Pane::setContent(QWidget* content) {
  content_ = content;
  stack_->addWidget(content);
}

void Pane::showEmpty(bool empty) {
  if (!empty && content_) {
    stack_->setCurrentWidget(content_);
  } else {
    stack_->setCurrentWidget(empty_);
  }
}

bool Pane::isShowingEmpty() const { return stack_->currentWidget() == empty_; }

}  // namespace counterpoint
