// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/question_bar.h"

#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace counterpoint {

QuestionBar::QuestionBar(QWidget* parent) : QWidget(parent), column_(new QVBoxLayout(this)) {
  setAccessibleName(tr("Questions"));
  column_->setContentsMargins(0, 0, 0, 0);
  column_->setSpacing(0);
  hide();
}

QFrame* QuestionBar::row(const QString& id) const {
  for (int i = 0; i < column_->count(); ++i) {
    auto* frame = qobject_cast<QFrame*>(column_->itemAt(i)->widget());
    if (frame && frame->property("question") == id) return frame;
  }
  return nullptr;
}

QStringList QuestionBar::asked() const {
  QStringList ids;
  for (int i = 0; i < column_->count(); ++i) ids << column_->itemAt(i)->widget()->property("question").toString();
  return ids;
}

QPushButton* QuestionBar::button(const QString& id, int answer) const {
  const QFrame* frame = row(id);
  return frame ? frame->findChildren<QPushButton*>().value(answer, nullptr) : nullptr;
}

void QuestionBar::ask(const Question& question) {
  withdraw(question.id);
  auto* frame = new QFrame;
  frame->setObjectName(QStringLiteral("question"));
  frame->setProperty("question", question.id);
  frame->setAccessibleName(question.text);
  auto* line = new QHBoxLayout(frame);
  line->setContentsMargins(measures::kEdge, measures::kGrid, measures::kGap, measures::kGrid);
  line->setSpacing(measures::kGap);
  auto* mark = new QLabel;
  mark->setPixmap(iconPixmap(QStringLiteral("warning"), roles().warn, measures::kIcon, devicePixelRatioF()));
  mark->setAccessibleName(tr("Question"));
  auto* text = new QLabel(question.text);
  text->setTextFormat(Qt::PlainText);
  text->setWordWrap(true);
  text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  text->setAccessibleName(question.text);
  line->addWidget(mark);
  line->addWidget(text, 1);
  for (const Answer& answer : question.answers) {
    auto* button = new QPushButton(answer.text);
    button->setAccessibleName(QStringLiteral("%1: %2").arg(answer.text, question.text));
    button->setToolTip(answer.help);
    line->addWidget(button);
    connect(button, &QPushButton::clicked, this, [this, id = question.id, run = answer.run] {
      withdraw(id);
      if (run) run();
      emit answered(id);
    });
  }
  column_->addWidget(frame);
  show();
}

void QuestionBar::withdraw(const QString& id) {
  QFrame* frame = row(id);
  if (!frame) return;
  column_->removeWidget(frame);
  frame->hide();
  frame->deleteLater();
  setVisible(column_->count() > 0);
}

void QuestionBar::withdrawAll() {
  for (const QString& id : asked()) withdraw(id);
}

}  // namespace counterpoint
