// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/yaml_editor.h"

#include "widgets/common/measures.h"
#include "widgets/common/theme.h"
#include "widgets/configure/completion_popup.h"
#include "widgets/configure/yaml_marks.h"

#include <QEvent>

#include <Qsci/qscilexeryaml.h>

#include <algorithm>

namespace counterpoint {
namespace {

constexpr int kNumberMargin = 0, kMarkMargin = 1, kFoldMargin = 2;
constexpr int kIndent = 2;

}  // namespace

YamlEditor::YamlEditor(const QString& accessibleName, QWidget* parent)
    : QsciScintilla(parent), lexer_(new QsciLexerYAML(this)), completions_(new CompletionPopup(this)) {
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
  setMarginMarkerMask(kMarkMargin, 1 << marks::kProblemMarker);
  markerDefine(Circle, marks::kProblemMarker);
  indicatorDefine(SquiggleIndicator, marks::kProblem);
  indicatorDefine(StraightBoxIndicator, marks::kFound);
  setIndicatorDrawUnder(true, marks::kFound);
  SendScintilla(SCI_INDICSETOUTLINEALPHA, marks::kFound, 160L);
  setFolding(PlainFoldStyle, kFoldMargin);
  setScrollWidthTracking(true);
  setScrollWidth(1);
  setAnnotationDisplay(AnnotationStandard);
  connect(this, &QsciScintilla::linesChanged, this,
          [this] { setMarginWidth(kNumberMargin, QStringLiteral("00%1").arg(lines())); });
  connect(this, &QsciScintillaBase::SCN_MODIFIED, this, [this](int, int kind) { noteStep(kind); });
  connect(completions_, &CompletionPopup::chosen, this, &YamlEditor::accept);
  dress();
}

void YamlEditor::dress() {
  const ThemeRoles& now = roles();
  const QFont font = codeFont();
  lexer_->setDefaultFont(font);
  lexer_->setDefaultPaper(now.panel);
  lexer_->setDefaultColor(now.text);
  for (int style = 0; style <= QsciLexerYAML::Operator; ++style) {
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
  setMarkerForegroundColor(now.bad, marks::kProblemMarker);
  setMarkerBackgroundColor(now.bad, marks::kProblemMarker);
  setIndicatorForegroundColor(now.bad, marks::kProblem);
  QColor found = now.accent;
  found.setAlpha(60);  // the text stays readable on it, in dark too
  setIndicatorForegroundColor(found, marks::kFound);
  for (int marker = int{SC_MARKNUM_FOLDEREND}; marker <= int{SC_MARKNUM_FOLDEROPEN}; ++marker) {
    setMarkerForegroundColor(now.panel, marker);
    setMarkerBackgroundColor(now.quiet, marker);
  }
  setMarginWidth(kNumberMargin, QStringLiteral("00%1").arg(lines()));
}

void YamlEditor::changeEvent(QEvent* event) {
  QsciScintilla::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) dress();
}

std::string YamlEditor::bytes() const { return text().toStdString(); }

void YamlEditor::setBytes(const std::string& text) {
  setText(QString::fromStdString(text));
  SendScintilla(SCI_EMPTYUNDOBUFFER);
  undoNames_.clear();
  redoNames_.clear();
  setModified(false);
}

void YamlEditor::apply(const TextEdit& edit, const QString& name) {
  if (edit.length == 0 && edit.replacement.empty()) return;
  SendScintilla(SCI_SETTARGETSTART, static_cast<unsigned long>(edit.offset));
  SendScintilla(SCI_SETTARGETEND, static_cast<unsigned long>(edit.offset + edit.length));
  stepName_ = name;
  beginUndoAction();
  SendScintilla(SCI_REPLACETARGET, static_cast<uintptr_t>(edit.replacement.size()), edit.replacement.c_str());
  endUndoAction();
  stepName_.clear();
}

void YamlEditor::applyText(const std::string& wanted, const QString& name) {
  const std::string now = bytes();
  const std::size_t most = std::min(now.size(), wanted.size());
  std::size_t front = 0, back = 0;
  while (front < most && now[front] == wanted[front]) ++front;
  while (back < most - front && now[now.size() - 1 - back] == wanted[wanted.size() - 1 - back]) ++back;
  apply({front, now.size() - front - back, wanted.substr(front, wanted.size() - front - back)}, name);
}

// Scintilla says where each of its undo steps begins; the names go beside them.
void YamlEditor::noteStep(int kind) {
  if ((kind & SC_PERFORMED_USER) && (kind & SC_STARTACTION)) {
    undoNames_ << (stepName_.isEmpty() ? tr("Typing") : stepName_);
    redoNames_.clear();
  } else if ((kind & SC_PERFORMED_UNDO) && (kind & SC_LASTSTEPINUNDOREDO) && !undoNames_.isEmpty()) {
    redoNames_ << undoNames_.takeLast();
  } else if ((kind & SC_PERFORMED_REDO) && (kind & SC_LASTSTEPINUNDOREDO) && !redoNames_.isEmpty()) {
    undoNames_ << redoNames_.takeLast();
  } else {
    return;
  }
  emit stepsChanged();
}

QString YamlEditor::undoName() const { return undoNames_.isEmpty() ? QString() : undoNames_.last(); }
QString YamlEditor::redoName() const { return redoNames_.isEmpty() ? QString() : redoNames_.last(); }

void YamlEditor::jumpToLine(int line) {
  ensureLineVisible(std::max(0, line - 1));
  setCursorPosition(std::max(0, line - 1), 0);
  setFocus(Qt::OtherFocusReason);
}

int YamlEditor::currentLine() const {
  int line = 0, column = 0;
  getCursorPosition(&line, &column);
  return line + 1;
}

}  // namespace counterpoint
