// SPDX-License-Identifier: GPL-3.0-or-later
// Search in the text: a strip below the editor with the count of what is found. Hidden until it is asked for.
#pragma once

#include <QTimer>
#include <QWidget>

class QLabel;
class QLineEdit;

namespace counterpoint {

class YamlEditor;

class FindBar : public QWidget {
  Q_OBJECT

 public:
  explicit FindBar(YamlEditor* editor, QWidget* parent = nullptr);

  void open();  // with the selected text, if any
  void close();
  void next();
  void previous();
  QLineEdit* field() const { return field_; }
  QString count() const;  // "2 of 7"

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void find(bool move);
  void go(bool forward);
  void tell(int at);

  YamlEditor* editor_;
  QLineEdit* field_;
  QLabel* count_;
  QTimer again_;
  int found_ = 0;
};

}  // namespace counterpoint
