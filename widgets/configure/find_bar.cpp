// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/find_bar.h"

#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"
#include "widgets/configure/yaml_editor.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

namespace counterpoint {
namespace {

constexpr int kAgainMilliseconds = 150;

QToolButton* button(const QString& iconName, const QString& name) {
  auto* made = new QToolButton;
  made->setIcon(icon(iconName));
  made->setToolTip(name);
  made->setAccessibleName(name);
  made->setAutoRaise(true);
  return made;
}

}  // namespace

FindBar::FindBar(YamlEditor* editor, QWidget* parent)
    : QWidget(parent), editor_(editor), field_(new QLineEdit), count_(new QLabel) {
  setAccessibleName(tr("Find in the text"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(measures::kGap, measures::kGrid, measures::kGap, measures::kGrid);
  row->setSpacing(measures::kGrid);
  field_->setPlaceholderText(tr("Find in the text"));
  field_->setAccessibleName(tr("Find in the text"));
  field_->setClearButtonEnabled(true);
  count_->setMinimumWidth(count_->fontMetrics().horizontalAdvance(QStringLiteral("0000 of 0000")));
  setTextRole(count_, "quiet");
  auto* back = button(QStringLiteral("up"), tr("Previous match (Shift+F3)"));
  auto* on = button(QStringLiteral("down"), tr("Next match (F3)"));
  auto* shut = button(QStringLiteral("close"), tr("Close the search (Esc)"));
  row->addWidget(field_, 1);
  row->addWidget(count_);
  for (QToolButton* one : {back, on, shut}) row->addWidget(one);
  connect(field_, &QLineEdit::textChanged, this, [this] { find(true); });
  connect(back, &QToolButton::clicked, this, &FindBar::previous);
  connect(on, &QToolButton::clicked, this, &FindBar::next);
  connect(shut, &QToolButton::clicked, this, &FindBar::close);
  // What is written meanwhile may match as well.
  again_.setSingleShot(true);
  again_.setInterval(kAgainMilliseconds);
  connect(&again_, &QTimer::timeout, this, [this] { find(false); });
  connect(editor, &QsciScintilla::textChanged, this, [this] {
    if (!isHidden()) again_.start();
  });
  hide();
}

void FindBar::open() {
  const QString selected = editor_->selectedText();
  if (!selected.isEmpty() && !selected.contains(QLatin1Char('\n'))) field_->setText(selected);
  show();
  field_->setFocus(Qt::ShortcutFocusReason);
  field_->selectAll();
  find(true);
}

void FindBar::close() {
  hide();
  editor_->search({});
  editor_->setFocus(Qt::OtherFocusReason);
}

void FindBar::find(bool move) {
  found_ = editor_->search(field_->text());
  tell(move ? editor_->goToMatch(true, true) : 0);
}

void FindBar::next() { go(true); }
void FindBar::previous() { go(false); }

void FindBar::go(bool forward) {
  if (isHidden()) return open();
  if (again_.isActive()) {
    again_.stop();
    find(false);
  }
  tell(editor_->goToMatch(forward));
}

void FindBar::tell(int at) {
  const bool asked = !field_->text().isEmpty();
  count_->setText(!asked        ? QString()
                  : found_ == 0 ? tr("nothing found")
                  : at == 0     ? tr("%1 found").arg(found_)
                                : tr("%1 of %2").arg(at).arg(found_));
  setTextRole(count_, asked && found_ == 0 ? "bad" : "quiet");
}

QString FindBar::count() const { return count_->text(); }

void FindBar::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Escape: return close();
    case Qt::Key_Return:
    case Qt::Key_Enter: return event->modifiers() & Qt::ShiftModifier ? previous() : next();
    default: QWidget::keyPressEvent(event);
  }
}

}  // namespace counterpoint
