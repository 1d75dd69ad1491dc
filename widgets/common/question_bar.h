// SPDX-License-Identifier: GPL-3.0-or-later
// Questions that wait: strips below the top bar, one a question, until they are answered. Nothing stands still
// meanwhile.
#pragma once

#include <QFrame>
#include <QList>
#include <QString>

#include <functional>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace counterpoint {

struct Answer {
  QString text;  // a verb: "Recover"
  QString help;  // one sentence
  std::function<void()> run;
};

struct Question {
  QString id;             // a second one of this id takes the place of the first
  QString text;           // what happened, with file and time
  QList<Answer> answers;  // the first is what most people want
};

class QuestionBar : public QWidget {
  Q_OBJECT

 public:
  explicit QuestionBar(QWidget* parent = nullptr);
  void ask(const Question& question);
  void withdraw(const QString& id);
  void withdrawAll();
  QStringList asked() const;  // ids, in order
  // For tests and the keyboard: null where there is none.
  QPushButton* button(const QString& id, int answer) const;

 signals:
  void answered(const QString& id);

 private:
  QFrame* row(const QString& id) const;

  QVBoxLayout* column_;
};

}  // namespace counterpoint
