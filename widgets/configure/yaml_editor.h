// SPDX-License-Identifier: GPL-3.0-or-later
// The text of a config: QScintilla with YAML colours, numbers, folding, marks at wrong lines, completion, facts on
// hover, search, and undo steps that have names.
#pragma once

#include <Qsci/qsciscintilla.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/complete.h"
#include "core/config/document.h"

class QsciLexerYAML;

namespace counterpoint {

class CompletionPopup;

class YamlEditor : public QsciScintilla {
  Q_OBJECT

 public:
  // What may stand at a line (from 1) behind so many bytes of it.
  using Knowledge = std::function<Completions(std::string_view text, int line, std::size_t column)>;
  // What there is to say about a line (from 1), as rich text; empty: nothing.
  using Facts = std::function<QString(int line)>;

  explicit YamlEditor(const QString& accessibleName, QWidget* parent = nullptr);

  std::string bytes() const;
  void setBytes(const std::string& text);  // a new document: undo starts again
  // One edit of the text, undone by one step, which is called `name`: "Set optimizer.lr to 3e-4".
  void apply(const TextEdit& edit, const QString& name = {});
  // Makes the text `wanted` by one edit of what differs.
  void applyText(const std::string& wanted, const QString& name);
  QString undoName() const;  // of the step that undo() takes back; empty: none
  QString redoName() const;

  void setKnowledge(Knowledge knowledge);
  void complete();  // offers what may stand at the cursor
  CompletionPopup* completions() const { return completions_; }

  // By line from 1, the text to show there; replaces all marks.
  void setProblems(const std::map<int, QString>& problems);
  bool jumpToProblem(bool forward);  // round the end; false: there is none
  void setFacts(Facts facts);
  QString factsAt(int line) const;  // problem first
  void describe();                  // shows them at the cursor

  void toggleComment();  // of the selected lines, or the cursor's

  // Marks every place of `text`; letters in capitals count where it has some. Empty: no marks.
  int search(const QString& text);
  // Selects the next match from the cursor on, round the end; its number from 1, 0: there is none.
  int goToMatch(bool forward, bool fromSelection = false);

  void jumpToLine(int line);
  int currentLine() const;  // from 1

 protected:
  void changeEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  bool viewportEvent(QEvent* event) override;

 signals:
  void left();          // Escape: the focus goes on
  void stepsChanged();  // other names of what undo and redo do

 private:
  struct Match {
    long begin = 0, end = 0;
  };

  void dress();
  void noteStep(int kind);
  void offer(bool asked);
  void accept(const QString& candidate);
  long cursor() const;

  QsciLexerYAML* lexer_;
  CompletionPopup* completions_;
  Knowledge knowledge_;
  Facts facts_;
  std::map<int, QString> problems_;
  std::vector<Match> matches_;
  std::size_t completesFrom_ = 0;
  QString stepName_;
  QStringList undoNames_, redoNames_;
};

}  // namespace counterpoint
