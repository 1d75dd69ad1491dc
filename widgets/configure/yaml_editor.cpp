// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/yaml_editor.h"

#include "widgets/common/measures.h"
#include "widgets/common/theme.h"

#include <QEvent>
#include <QKeyEvent>

#include <Qsci/qscilexeryaml.h>

namespace counterpoint {
namespace {

constexpr int kNumberMargin = 0, kMarkMargin = 1, kFoldMargin = 2;
constexpr int kProblemMarker = 1, kProblemIndicator = 8;
constexpr int kIndent = 2;

}  // namespace

YamlEditor::YamlEditor(const QString& accessibleName, QWidget* parent)
    : QsciScintilla(parent), lexer_(new QsciLexerYAML(this)) {
  setAccessibleName(accessibleName);
  setUtf8(true);
  setFrameShape(QFrame::NoFrame);
  setLexer(lexer_);
  setIndentationsUseTabs(false);
  setIndentationWidth(kIndent);
  setTabWidth(kIndent);
  setAutoIndent(true);
  setTabIndents(true);
  setBackspaceUnindents(true);
  setMarginType(kNumberMargin, NumberMargin);
  setMarginType(kMarkMargin, SymbolMargin);
  setMarginWidth(kMarkMargin, measures::kIcon);
  setMarginMarkerMask(kMarkMargin, 1 << kProblemMarker);
  markerDefine(Circle, kProblemMarker);
  indicatorDefine(SquiggleIndicator, kProblemIndicator);
  setFolding(PlainFoldStyle, kFoldMargin);
  setScrollWidthTracking(true);
  setScrollWidth(1);
  setAnnotationDisplay(AnnotationStandard);
  connect(this, &QsciScintilla::linesChanged, this,
          [this] { setMarginWidth(kNumberMargin, QStringLiteral("00%1").arg(lines())); });
  dress();
}

void YamlEditor::dress() {
  const ThemeRoles& now = roles();
  const QFont font = codeFont();
  lexer_->setDefaultFont(font);
  lexer_->setDefaultPaper(now.panel);
  lexer_->setDefaultColor(now.text);
  for (int style = 0; style <= QsciLexerYAML::SyntaxErrorMarker; ++style) {
    lexer_->setFont(font, style);
    lexer_->setPaper(now.panel, style);
    lexer_->setColor(now.text, style);
  }
  lexer_->setColor(now.quiet, QsciLexerYAML::Comment);
  lexer_->setColor(now.accent, QsciLexerYAML::Identifier);
  lexer_->setColor(now.accent, QsciLexerYAML::Keyword);
  lexer_->setColor(now.good, QsciLexerYAML::Number);
  lexer_->setColor(now.bad, QsciLexerYAML::SyntaxErrorMarker);
  setPaper(now.panel);
  setColor(now.text);
  setCaretForegroundColor(now.text);
  setCaretLineVisible(true);
  setCaretLineBackgroundColor(now.window);
  setSelectionBackgroundColor(now.select);
  setSelectionForegroundColor(now.text);
  setMarginsFont(font);
  setMarginsBackgroundColor(now.panel);
  setMarginsForegroundColor(now.quiet);
  setFoldMarginColors(now.panel, now.panel);
  setMarkerForegroundColor(now.bad, kProblemMarker);
  setMarkerBackgroundColor(now.bad, kProblemMarker);
  setIndicatorForegroundColor(now.bad, kProblemIndicator);
  setMarginWidth(kNumberMargin, QStringLiteral("00%1").arg(lines()));
}

void YamlEditor::changeEvent(QEvent* event) {
  QsciScintilla::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) dress();
}

void YamlEditor::keyPressEvent(QKeyEvent* event) {
  // Tab belongs to the text, so another key must lead out of it.
  if (event->key() == Qt::Key_Escape) {
    emit left();
    return;
  }
  QsciScintilla::keyPressEvent(event);
}

std::string YamlEditor::bytes() const { return text().toStdString(); }

void YamlEditor::setBytes(const std::string& text) {
  setText(QString::fromStdString(text));
  SendScintilla(SCI_EMPTYUNDOBUFFER);
  setModified(false);
}

void YamlEditor::apply(const TextEdit& edit) {
  if (edit.length == 0 && edit.replacement.empty()) return;
  SendScintilla(SCI_SETTARGETSTART, static_cast<unsigned long>(edit.offset));
  SendScintilla(SCI_SETTARGETEND, static_cast<unsigned long>(edit.offset + edit.length));
  beginUndoAction();
  SendScintilla(SCI_REPLACETARGET, static_cast<uintptr_t>(edit.replacement.size()), edit.replacement.c_str());
  endUndoAction();
}

void YamlEditor::setProblems(const std::map<int, QString>& problems) {
  markerDeleteAll(kProblemMarker);
  clearIndicatorRange(0, 0, lines(), 0, kProblemIndicator);
  for (const auto& [line, text] : problems) {
    if (line < 1 || line > lines()) continue;
    markerAdd(line - 1, kProblemMarker);
    const QString whole = this->text(line - 1);
    const auto indent =
        static_cast<int>(whole.size() - whole.trimmed().size() > 0 ? whole.indexOf(whole.trimmed()) : 0);
    fillIndicatorRange(line - 1, std::max(0, indent), line - 1, static_cast<int>(whole.trimmed().size()) + indent,
                       kProblemIndicator);
  }
}

void YamlEditor::jumpToLine(int line) {
  setCursorPosition(std::max(0, line - 1), 0);
  ensureLineVisible(std::max(0, line - 1));
  setFocus(Qt::OtherFocusReason);
}

int YamlEditor::currentLine() const {
  int line = 0, column = 0;
  getCursorPosition(&line, &column);
  return line + 1;
}

}  // namespace counterpoint
