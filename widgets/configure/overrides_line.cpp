// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/overrides_line.h"

#include "core/base/error.h"
#include "core/base/shell_words.h"
#include "core/config/overrides/override.h"
#include "core/config/tree/reader.h"
#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"
#include "widgets/configure/completion_popup.h"

#include <QEvent>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QStyle>
#include <QToolButton>

namespace counterpoint {
namespace {

// "optimizer.lr=1e-4", "~optimizer.lr", "++optimizer.lr=2" are all of optimizer.lr.
std::string_view pathOf(std::string_view word) {
  word.remove_prefix(std::min(word.find_first_not_of("+~"), word.size()));
  return word.substr(0, word.find('='));
}

int letters(std::string_view utf8) {
  return static_cast<int>(QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size())).size());
}

}  // namespace

OverridesLine::OverridesLine(QWidget* parent)
    : QWidget(parent),
      field_(new QLineEdit),
      copy_(new QToolButton),
      problem_(new QLabel),
      completions_(new CompletionPopup(field_)) {
  setAccessibleName(tr("Overrides"));
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(measures::kEdge, 0, measures::kGap, measures::kGrid);
  grid->setHorizontalSpacing(measures::kGap);
  grid->setVerticalSpacing(measures::kGrid);
  auto* label = new QLabel(tr("O&verrides"));
  label->setBuddy(field_);
  field_->setPlaceholderText(tr("As in the shell: optimizer.lr=1e-4 train.epochs=20"));
  field_->setAccessibleName(tr("Overrides, as in the shell"));
  field_->setToolTip(tr("On top of the config, for this launch: the file stays as it is"));
  field_->setClearButtonEnabled(true);
  field_->installEventFilter(this);
  copy_->setIcon(icon(QStringLiteral("copy")));
  copy_->setText(tr("Copy as command"));
  copy_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  copy_->setAccessibleName(tr("Copy as command"));
  copy_->setToolTip(tr("The command line that launches this config so, quoted for a shell"));
  problem_->setWordWrap(true);
  problem_->setAccessibleName(tr("Problem of the overrides"));
  setTextRole(problem_, "bad");
  problem_->hide();
  grid->addWidget(label, 0, 0);
  grid->addWidget(field_, 0, 1);
  grid->addWidget(copy_, 0, 2);
  grid->addWidget(problem_, 1, 1, 1, 2);
  grid->setColumnStretch(1, 1);
  connect(field_, &QLineEdit::textChanged, this, [this] {
    if (tells_) emit changed();
  });
  connect(field_, &QLineEdit::textEdited, this, [this] { offer(false); });
  connect(copy_, &QToolButton::clicked, this, &OverridesLine::copyAsked);
  connect(completions_, &CompletionPopup::chosen, this, &OverridesLine::accept);
}

QString OverridesLine::text() const { return field_->text(); }

void OverridesLine::setText(const QString& text) {
  tells_ = false;
  field_->setText(text);
  tells_ = true;
}

std::vector<std::string> OverridesLine::overrides() const {
  const ShellWords all = splitShellWords(text().toStdString());
  std::vector<std::string> found;
  for (const ShellWord& word : all.words) {
    if (!word.text.empty()) found.push_back(word.text);
  }
  if (!all.problem.empty() && !found.empty()) found.pop_back();
  return found;
}

QString OverridesLine::problem() const {
  const ShellWords all = splitShellWords(text().toStdString());
  return QString::fromStdString(all.problem);
}

void OverridesLine::showProblem(const QString& text) {
  problem_->setText(text);
  problem_->setVisible(!text.isEmpty());
  field_->setAccessibleDescription(text);
  if (field_->property("wrong").toBool() == !text.isEmpty()) return;
  field_->setProperty("wrong", !text.isEmpty());
  field_->style()->unpolish(field_);
  field_->style()->polish(field_);
}

void OverridesLine::set(const std::string& path, const std::string& yaml) {
  // Hydra's grammar has quotes of its own: what it would read otherwise is written so that it reads back.
  const ConfigNode value = *readConfig("value: " + yaml + "\n", "value").find("value");
  const std::string word = path + "=" + elementOf(value).text();
  const ShellWords all = splitShellWords(text().toStdString());
  std::string line = text().toStdString();
  for (auto one = all.words.rbegin(); one != all.words.rend(); ++one) {
    if (pathOf(one->text) != path) continue;
    field_->setText(QString::fromStdString(line.replace(one->begin, one->end - one->begin, shellQuoted(word))));
    return;
  }
  if (!line.empty() && !line.ends_with(' ')) line += ' ';
  field_->setText(QString::fromStdString(line + shellQuoted(word)));
}

bool OverridesLine::remove(const std::string& path) {
  std::string line = text().toStdString();
  const ShellWords all = splitShellWords(line);
  bool found = false;
  for (auto one = all.words.rbegin(); one != all.words.rend(); ++one) {
    if (pathOf(one->text) != path) continue;
    found = true;
    std::size_t end = one->end;
    while (end < line.size() && line[end] == ' ') ++end;
    line.erase(one->begin, end - one->begin);
  }
  if (found) field_->setText(QString::fromStdString(line).trimmed());
  return found;
}

void OverridesLine::setKnowledge(Knowledge knowledge) { knowledge_ = std::move(knowledge); }
void OverridesLine::complete() { offer(true); }

void OverridesLine::offer(bool asked) {
  if (!knowledge_) return;
  const std::string before = text().left(field_->cursorPosition()).toStdString();
  const ShellWords all = splitShellWords(before);
  ShellWord word;
  word.begin = word.end = before.size();
  if (!all.words.empty() && all.words.back().end == before.size()) word = all.words.back();
  Completions found = knowledge_(word.text);
  const std::string piece = word.text.substr(std::min(found.from, word.text.size()));
  const bool whole = found.candidates.size() == 1 && found.candidates.front().text == piece;
  const bool begins = word.text.empty();
  if (!asked && (whole || begins)) found.candidates.clear();
  const std::size_t place = found.from < word.at.size() ? word.at[found.from] : word.end;
  completesFrom_ = letters(std::string_view(before).substr(0, place));
  const QRect caret(field_->style()->pixelMetric(QStyle::PM_DefaultFrameWidth) + measures::kGap +
                        field_->fontMetrics().horizontalAdvance(text().left(completesFrom_)),
                    0, 1, field_->height());
  completions_->offer(found, caret, asked || !piece.empty());
}

void OverridesLine::accept(const QString& candidate) {
  const int to = field_->cursorPosition();
  if (to < completesFrom_) return;
  QString typed = candidate;
  const bool open = !splitShellWords(text().left(to).toStdString()).problem.empty();
  if (!open && !candidate.endsWith(QLatin1Char('=')))
    typed = QString::fromStdString(shellQuoted(candidate.toStdString()));
  field_->setSelection(completesFrom_, to - completesFrom_);
  field_->insert(typed);
  if (candidate.endsWith(QLatin1Char('='))) offer(false);
}

bool OverridesLine::eventFilter(QObject* watched, QEvent* event) {
  if (watched == field_ && event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->key() == Qt::Key_Space && key->modifiers() == Qt::ControlModifier) {
      complete();
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace counterpoint
