// SPDX-License-Identifier: GPL-3.0-or-later
// What the editor does for somebody who writes: completion, problems, facts on hover, comments, search.
#include "widgets/configure/completion_popup.h"
#include "widgets/configure/yaml_editor.h"
#include "widgets/configure/yaml_marks.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QToolTip>

#include <algorithm>

namespace counterpoint {
namespace {

bool isWord(QChar c) { return c.isLetterOrNumber() || c == QLatin1Char('_') || c == QLatin1Char('.'); }

}  // namespace

void YamlEditor::setKnowledge(Knowledge knowledge) { knowledge_ = std::move(knowledge); }
void YamlEditor::setFacts(Facts facts) { facts_ = std::move(facts); }

long YamlEditor::cursor() const { return SendScintilla(SCI_GETCURRENTPOS); }

void YamlEditor::keyPressEvent(QKeyEvent* event) {
  // Tab belongs to the text, so another key must lead out of it.
  if (event->key() == Qt::Key_Escape) {
    emit left();
    return;
  }
  const bool wasOpen = completions_->isOpen();
  QsciScintilla::keyPressEvent(event);
  if (isReadOnly() || !knowledge_) return;
  const QString typed = event->text();
  const bool opens = !typed.isEmpty() && (isWord(typed.at(0)) || QStringLiteral(" {[,$").contains(typed.at(0)));
  if (opens || (wasOpen && event->key() == Qt::Key_Backspace)) {
    offer(false);
  } else {
    completions_->close();
  }
}

void YamlEditor::complete() { offer(true); }

void YamlEditor::offer(bool asked) {
  if (!knowledge_ || isReadOnly() || hasSelectedText()) return;
  const long at = cursor();
  const long line = SendScintilla(SCI_LINEFROMPOSITION, static_cast<unsigned long>(at));
  const long start = SendScintilla(SCI_POSITIONFROMLINE, static_cast<unsigned long>(line));
  const auto column = static_cast<std::size_t>(at - start);
  Completions found = knowledge_(bytes(), static_cast<int>(line) + 1, column);
  const std::string piece = text(static_cast<int>(line)).toUtf8().toStdString().substr(found.from, column - found.from);
  const bool keys = std::any_of(found.candidates.begin(), found.candidates.end(), [](const auto& one) {
    return one.kind == CompletionCandidate::Kind::Key || one.kind == CompletionCandidate::Kind::Section;
  });
  // Unasked, keys wait for their first letter, and what is there in full is not offered again.
  const bool whole = found.candidates.size() == 1 && found.candidates.front().text == piece;
  if (!asked && (whole || (keys && piece.empty()))) found.candidates.clear();
  completesFrom_ = static_cast<std::size_t>(start) + found.from;
  const auto place = static_cast<long>(completesFrom_);
  const QRect rect(static_cast<int>(SendScintilla(SCI_POINTXFROMPOSITION, 0UL, place)),
                   static_cast<int>(SendScintilla(SCI_POINTYFROMPOSITION, 0UL, place)), 1,
                   textHeight(static_cast<int>(line)));
  completions_->offer(found, rect, asked || !piece.empty());
}

void YamlEditor::accept(const QString& candidate) {
  const auto to = static_cast<std::size_t>(cursor());
  if (to < completesFrom_) return;
  const std::string text = candidate.toStdString();
  apply({completesFrom_, to - completesFrom_, text}, tr("Complete %1").arg(candidate.trimmed()));
  SendScintilla(SCI_GOTOPOS, static_cast<unsigned long>(completesFrom_ + text.size()));
  if (candidate.endsWith(QStringLiteral(": "))) offer(false);
}

void YamlEditor::setProblems(const std::map<int, QString>& problems) {
  problems_ = problems;
  markerDeleteAll(marks::kProblemMarker);
  clearIndicatorRange(0, 0, lines(), 0, marks::kProblem);
  for (const auto& [line, text] : problems) {
    if (line < 1 || line > lines()) continue;
    markerAdd(line - 1, marks::kProblemMarker);
    const QString whole = this->text(line - 1), inner = whole.trimmed();
    const auto indent = static_cast<int>(std::max<qsizetype>(0, whole.indexOf(inner)));
    fillIndicatorRange(line - 1, indent, line - 1, indent + static_cast<int>(inner.size()), marks::kProblem);
  }
}

bool YamlEditor::jumpToProblem(bool forward) {
  if (problems_.empty()) return false;
  const int here = currentLine();
  auto wanted = forward ? problems_.upper_bound(here) : problems_.lower_bound(here);
  if (forward) {
    if (wanted == problems_.end()) wanted = problems_.begin();
  } else {
    wanted = wanted == problems_.begin() ? std::prev(problems_.end()) : std::prev(wanted);
  }
  jumpToLine(wanted->first);
  describe();
  return true;
}

QString YamlEditor::factsAt(int line) const {
  const auto problem = problems_.find(line);
  const QString wrong = problem == problems_.end() ? QString() : problem->second.toHtmlEscaped();
  const QString facts = facts_ ? facts_(line) : QString();
  return wrong.isEmpty() || facts.isEmpty() ? wrong + facts : wrong + QStringLiteral("<hr>") + facts;
}

void YamlEditor::describe() {
  const long at = cursor();
  const QPoint place(static_cast<int>(SendScintilla(SCI_POINTXFROMPOSITION, 0UL, at)),
                     static_cast<int>(SendScintilla(SCI_POINTYFROMPOSITION, 0UL, at)) + textHeight(currentLine() - 1));
  QToolTip::showText(viewport()->mapToGlobal(place), factsAt(currentLine()), this);
}

bool YamlEditor::viewportEvent(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QsciScintilla::viewportEvent(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const auto position = SendScintilla(SCI_POSITIONFROMPOINT, static_cast<unsigned long>(help->pos().x()),
                                      static_cast<long>(help->pos().y()));
  const int line = static_cast<int>(SendScintilla(SCI_LINEFROMPOSITION, static_cast<unsigned long>(position)));
  const int top = static_cast<int>(SendScintilla(SCI_POINTYFROMPOSITION, 0UL, position));
  // Below the last line there is nothing to tell.
  const bool below = help->pos().y() > top + textHeight(line);
  const QString facts = below ? QString() : factsAt(line + 1);
  QToolTip::showText(help->globalPos(), facts, this);
  event->accept();
  return true;
}

void YamlEditor::toggleComment() {
  int first = 0, last = 0, column = 0, lastColumn = 0;
  if (hasSelectedText()) {
    getSelection(&first, &column, &last, &lastColumn);
    if (lastColumn == 0 && last > first) --last;
  } else {
    getCursorPosition(&first, &column);
    last = first;
  }
  QStringList all;
  qsizetype indent = -1;
  bool commented = true;
  for (int line = first; line <= last; ++line) {
    const QString one = text(line);
    all << one;
    const QString inner = one.trimmed();
    if (inner.isEmpty()) continue;
    const qsizetype at = one.indexOf(inner);
    indent = indent < 0 ? at : std::min(indent, at);
    commented = commented && inner.startsWith(QLatin1Char('#'));
  }
  if (indent < 0) return;
  for (QString& line : all) {
    if (line.trimmed().isEmpty()) continue;
    if (!commented) {
      line.insert(indent, QStringLiteral("# "));
    } else {
      const qsizetype at = line.indexOf(QLatin1Char('#'));
      line.remove(at, line.mid(at + 1).startsWith(QLatin1Char(' ')) ? 2 : 1);
    }
  }
  const auto begin = SendScintilla(SCI_POSITIONFROMLINE, static_cast<unsigned long>(first));
  const auto end = SendScintilla(SCI_POSITIONFROMLINE, static_cast<unsigned long>(last + 1));
  apply({static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin), all.join(QString()).toStdString()},
        commented ? tr("Uncomment") : tr("Comment out"));
  int lineLength = static_cast<int>(text(last).size());
  if (first == last) {
    setCursorPosition(first, std::min(column, lineLength));
  } else {
    if (text(last).endsWith(QLatin1Char('\n'))) --lineLength;
    setSelection(first, 0, last, lineLength);
  }
}

int YamlEditor::search(const QString& text) {
  const auto length = static_cast<unsigned long>(SendScintilla(SCI_GETLENGTH));
  SendScintilla(SCI_SETINDICATORCURRENT, marks::kFound);
  SendScintilla(SCI_INDICATORCLEARRANGE, 0UL, static_cast<long>(length));
  matches_.clear();
  const std::string bytes = text.toStdString();
  if (bytes.empty()) return 0;
  const bool exact = text != text.toLower();
  SendScintilla(SCI_SETSEARCHFLAGS, exact ? static_cast<unsigned long>(SCFIND_MATCHCASE) : 0UL);
  for (unsigned long from = 0; from < length;) {
    SendScintilla(SCI_SETTARGETSTART, from);
    SendScintilla(SCI_SETTARGETEND, length);
    const long at = SendScintilla(SCI_SEARCHINTARGET, static_cast<uintptr_t>(bytes.size()), bytes.c_str());
    if (at < 0) break;
    const long end = SendScintilla(SCI_GETTARGETEND);
    matches_.push_back({at, end});
    SendScintilla(SCI_INDICATORFILLRANGE, static_cast<unsigned long>(at), end - at);
    from = static_cast<unsigned long>(std::max(end, at + 1));
  }
  return static_cast<int>(matches_.size());
}

int YamlEditor::goToMatch(bool forward, bool fromSelection) {
  if (matches_.empty()) return 0;
  const long begin = SendScintilla(SCI_GETSELECTIONSTART), end = SendScintilla(SCI_GETSELECTIONEND);
  const auto beginsBefore = [](const Match& match, long place) { return match.begin < place; };
  const auto at =
      std::lower_bound(matches_.begin(), matches_.end(), forward && !fromSelection ? end : begin, beginsBefore);
  auto wanted = at;
  if (forward) {
    if (wanted == matches_.end()) wanted = matches_.begin();
  } else {
    wanted = at == matches_.begin() ? std::prev(matches_.end()) : std::prev(at);
  }
  SendScintilla(SCI_ENSUREVISIBLE, static_cast<unsigned long>(
                                       SendScintilla(SCI_LINEFROMPOSITION, static_cast<unsigned long>(wanted->begin))));
  SendScintilla(SCI_SETSEL, static_cast<unsigned long>(wanted->begin), wanted->end);
  return static_cast<int>(wanted - matches_.begin()) + 1;
}

}  // namespace counterpoint
