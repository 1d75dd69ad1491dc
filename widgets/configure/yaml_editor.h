// SPDX-License-Identifier: GPL-3.0-or-later
// The text of a config: QScintilla with YAML colours, numbers, folding, and marks at wrong lines.
#pragma once

#include <Qsci/qsciscintilla.h>

#include <map>
#include <string>

#include "core/config/document.h"

class QsciLexerYAML;

namespace counterpoint {

class YamlEditor : public QsciScintilla {
  Q_OBJECT

 public:
  explicit YamlEditor(const QString& accessibleName, QWidget* parent = nullptr);

  std::string bytes() const;
  void setBytes(const std::string& text);  // a new document: undo starts again
  // One edit of the text, undone by one step.
  void apply(const TextEdit& edit);
  // By line from 1, the text to show there; replaces all marks.
  void setProblems(const std::map<int, QString>& problems);
  void jumpToLine(int line);
  int currentLine() const;  // from 1

 protected:
  void changeEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 signals:
  void left();  // Escape: the focus goes on

 private:
  void dress();

  QsciLexerYAML* lexer_;
};

}  // namespace counterpoint
