// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/schema_field.h"

#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"
#include "widgets/configure/candidate_delegate.h"
#include "widgets/configure/entries_editor.h"
#include "widgets/configure/key_text.h"
#include "widgets/configure/number_box.h"

#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QGraphicsOpacityEffect>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QSpinBox>
#include <QStyle>
#include <QToolButton>

#include <algorithm>
#include <limits>

namespace counterpoint {
namespace {

constexpr int kNameWidth = 168, kControlWidth = 168, kNarrowWidth = 112, kTextWidth = 320, kMostPopup = 560;
constexpr double kDimmed = 0.3;
constexpr std::size_t kMostEntries = 200;

QString words(const std::string& text) { return QString::fromStdString(text); }

// "learnable_temperature" reads as "learnable temperature"; the path stands in the tooltip.
QString nameOf(const SchemaKey& key) { return words(key.name()).replace(QLatin1Char('_'), QLatin1Char(' ')); }

int bound(const std::optional<double>& value, int otherwise) {
  if (!value) return otherwise;
  return static_cast<int>(std::clamp(*value, static_cast<double>(std::numeric_limits<int>::min()),
                                     static_cast<double>(std::numeric_limits<int>::max())));
}

}  // namespace

SchemaField::SchemaField(const SchemaKey& key, QWidget* parent)
    : QWidget(parent),
      key_(key),
      name_(new QLabel(nameOf(key))),
      default_(new QLabel),
      problem_(new QLabel),
      note_(new QLabel),
      reset_(new QToolButton) {
  setObjectName(path());
  setAccessibleName(path());
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(0, 2, 0, 2);
  grid->setHorizontalSpacing(measures::kGap);
  grid->setVerticalSpacing(0);
  name_->setMinimumWidth(kNarrowWidth);
  name_->setMaximumWidth(kNameWidth);
  name_->setWordWrap(true);
  control_ = makeControl();
  control_->setObjectName(QStringLiteral("control.%1").arg(path()));
  control_->setAccessibleName(path());
  control_->setAccessibleDescription(words(key.help));
  control_->setMinimumWidth(kNarrowWidth);
  control_->setMaximumWidth(qobject_cast<QLineEdit*>(control_) ? kTextWidth : kControlWidth);
  control_->installEventFilter(this);
  name_->setBuddy(control_);
  const QString tip = keyTip(key);
  name_->setToolTip(tip);
  control_->setToolTip(tip);
  // Gives way first where the form is narrow; the button beside it names the default too.
  default_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  default_->setWordWrap(true);
  setTextRole(default_, "quiet");
  setTextRole(problem_, "bad");
  setTextRole(note_, "quiet");
  note_->setWordWrap(true);
  note_->setFont(uiFont(measures::kSmall));
  note_->hide();
  problem_->setWordWrap(true);
  problem_->hide();
  reset_->setIcon(icon(QStringLiteral("reset")));
  reset_->setAutoRaise(true);
  reset_->setAccessibleName(tr("Reset %1 to its default").arg(path()));
  reset_->setToolTip(tr("Back to the default"));
  QSizePolicy kept = reset_->sizePolicy();
  kept.setRetainSizeWhenHidden(true);
  reset_->setSizePolicy(kept);
  reset_->hide();
  auto* unit = new QLabel(words(key.unit));
  unit->setWordWrap(true);
  setTextRole(unit, "quiet");
  grid->addWidget(name_, 0, 0);
  grid->addWidget(control_, 0, 1);
  grid->addWidget(reset_, 0, 2);
  grid->addWidget(unit, 0, 3);
  grid->addWidget(default_, 0, 4);
  grid->addWidget(note_, 1, 1, 1, 4);
  grid->addWidget(problem_, 2, 1, 1, 4);
  if (entries_) grid->addWidget(entries_, 3, 1, 1, 4);
  grid->setColumnStretch(0, 2);
  grid->setColumnStretch(1, 3);
  grid->setColumnStretch(4, 2);
  connect(reset_, &QToolButton::clicked, this, [this] { emit resetAsked(path()); });
  setContextMenuPolicy(Qt::ActionsContextMenu);
  auto* sweep = new QAction(tr("Sweep this key"), this);
  connect(sweep, &QAction::triggered, this, [this] { emit sweepAsked(path()); });
  addAction(sweep);
}

QWidget* SchemaField::makeText() {
  auto* field = new QLineEdit;
  if (key_.required) field->setPlaceholderText(tr("required"));
  if (key_.nullable) field->setPlaceholderText(tr("automatic"));
  connect(field, &QLineEdit::editingFinished, this, [this, field] {
    if (!field->isModified()) return;
    field->setModified(false);
    const QString text = field->text().trimmed();
    const bool isText = key_.type == ValueType::Text || key_.type == ValueType::Path;
    if (text.isEmpty() && key_.nullable) {
      tell(QStringLiteral("null"));
    } else {
      tell(isText || text.isEmpty() ? words(yamlText(text.toStdString())) : text);
    }
  });
  return field;
}

QWidget* SchemaField::makeChoice() {
  auto* box = new QComboBox;
  auto* rows = new CandidateDelegate(box);
  int name = 0, meaning = 0;
  for (const auto& choice : key_.choices) {
    box->addItem(words(choice.name));
    const int row = box->count() - 1;
    box->setItemData(row, words(choice.meaning), Qt::ToolTipRole);
    box->setItemData(row, words(choice.meaning), CandidateDelegate::kHelpRole);
    box->setItemData(row, words(choice.name + ", " + choice.meaning), Qt::AccessibleTextRole);
    name = std::max(name, box->fontMetrics().horizontalAdvance(words(choice.name)));
    meaning = std::max(meaning, box->fontMetrics().horizontalAdvance(words(choice.meaning)));
  }
  rows->setNameWidth(name + measures::kGap);
  box->setItemDelegate(rows);
  box->view()->setMinimumWidth(std::min(kMostPopup, name + meaning + 3 * measures::kGroupGap));
  connect(box, &QComboBox::activated, this, [this, box](int index) { tell(box->itemText(index)); });
  return box;
}

QWidget* SchemaField::makePath() {
  auto* field = qobject_cast<QLineEdit*>(makeText());
  exists_ = field->addAction(icon(QStringLiteral("check")), QLineEdit::LeadingPosition);
  exists_->setVisible(false);
  QAction* pick = field->addAction(icon(QStringLiteral("open")), QLineEdit::TrailingPosition);
  pick->setText(tr("Choose a file or folder"));
  pick->setToolTip(tr("Choose a file (with Ctrl: a folder)"));
  pick->setObjectName(QStringLiteral("pick.%1").arg(path()));
  connect(pick, &QAction::triggered, this, &SchemaField::pickPath);
  return field;
}

void SchemaField::pickPath() {
  const QString now = QDir(base_).absoluteFilePath(qobject_cast<QLineEdit*>(control_)->text());
  const QString start = QFileInfo::exists(now) ? now : base_;
  const bool folder = QFileInfo(now).isDir() || QApplication::keyboardModifiers().testFlag(Qt::ControlModifier);
  // The workspace's own things by their short name: the folder may move as a whole.
  const auto take = [this](const QString& chosen) {
    const QString inside = QDir(base_).relativeFilePath(chosen);
    tell(words(yamlText((base_.isEmpty() || inside.startsWith(QStringLiteral("..")) ? chosen : inside).toStdString())));
  };
  auto* dialog = new QFileDialog(this, tr("Choose %1").arg(path()), start);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(folder ? QFileDialog::Directory : QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, take);
  dialog->open();
}

// In one line as in the text, and as rows where that is asked for.
QWidget* SchemaField::makeEntries() {
  auto* field = qobject_cast<QLineEdit*>(makeText());
  entries_ = new EntriesEditor(key_);
  entries_->hide();
  connect(entries_, &EntriesEditor::changed, this, &SchemaField::tell);
  QAction* open = field->addAction(icon(QStringLiteral("table")), QLineEdit::TrailingPosition);
  open->setText(tr("Edit as rows"));
  open->setToolTip(tr("Edit as rows"));
  open->setObjectName(QStringLiteral("rows.%1").arg(path()));
  connect(open, &QAction::triggered, this, [this] { entries_->setVisible(entries_->isHidden()); });
  return field;
}

QWidget* SchemaField::makeControl() {
  switch (key_.type) {
    case ValueType::Bool: {
      auto* box = new QCheckBox;
      connect(box, &QCheckBox::toggled, this,
              [this](bool on) { tell(on ? QStringLiteral("true") : QStringLiteral("false")); });
      return box;
    }
    case ValueType::Int:
      if (!key_.nullable) {
        auto* box = new QSpinBox;
        box->setRange(bound(key_.least, std::numeric_limits<int>::min()),
                      bound(key_.most, std::numeric_limits<int>::max()));
        box->setKeyboardTracking(false);
        connect(box, &QSpinBox::valueChanged, this, [this](int value) { tell(QString::number(value)); });
        return box;
      }
      [[fallthrough]];
    case ValueType::Float: {
      auto* box = new NumberBox(key_);
      connect(box, &NumberBox::changed, this, &SchemaField::tell);
      return box;
    }
    case ValueType::Choice: return makeChoice();
    case ValueType::Path: return makePath();
    case ValueType::List:
    case ValueType::Map: return makeEntries();
    case ValueType::Text: break;
  }
  return makeText();
}

void SchemaField::tell(const QString& yaml) {
  if (!showing_) emit edited(path(), yaml);
}

void SchemaField::setControl(const Json& value) {
  if (auto* box = qobject_cast<QCheckBox*>(control_)) {
    box->setChecked(value.is_boolean() && value.get<bool>());
  } else if (auto* spin = qobject_cast<QSpinBox*>(control_)) {
    spin->setValue(value.is_number() ? static_cast<int>(std::clamp<std::int64_t>(value.get<std::int64_t>(),
                                                                                 std::numeric_limits<int>::min(),
                                                                                 std::numeric_limits<int>::max()))
                                     : spin->minimum());
  } else if (auto* number = qobject_cast<NumberBox*>(control_)) {
    number->showValue(value);
  } else if (auto* combo = qobject_cast<QComboBox*>(control_)) {
    combo->setCurrentText(value.is_string() ? words(value.get<std::string>()) : QString());
  } else if (auto* field = qobject_cast<QLineEdit*>(control_)) {
    const std::size_t entries = value.is_structured() ? value.size() : 0;
    const bool many = entries > kMostEntries;  // a form is no place for thousands
    const QString text = value.is_null()     ? QString()
                         : value.is_string() ? words(value.get<std::string>())
                         : many              ? tr("%1 entries: edit them in the text").arg(entries)
                                             : words(yamlText(value));
    field->setReadOnly(many);
    if (!field->isModified() && field->text() != text) {
      field->setText(text);
      field->setCursorPosition(0);
    }
    if (!entries_) return;
    for (QAction* action : field->actions()) action->setEnabled(!many);
    if (many) entries_->hide();
    entries_->showValue(many ? Json() : value);
  }
}

// What the chosen word means; whether a path leads anywhere.
void SchemaField::showNote(const Json& value) {
  QString note;
  for (const auto& choice : key_.choices) {
    if (value == choice.name) note = words(choice.meaning);
  }
  note_->setText(note);
  note_->setVisible(!note.isEmpty());
  if (!exists_) return;
  const QString typed = value.is_string() ? words(value.get<std::string>()) : QString();
  // Nothing to look for: empty, or filled in later.
  exists_->setVisible(!typed.isEmpty() && !typed.contains(QStringLiteral("${")));
  if (!exists_->isVisible()) return;
  const QFileInfo there(QDir(base_).absoluteFilePath(typed));
  const bool exists = there.exists();
  exists_->setIcon(icon(exists ? QStringLiteral("check") : QStringLiteral("warning")));
  exists_->setToolTip((exists ? tr("%1 is there") : tr("%1 does not exist")).arg(there.absoluteFilePath()));
  control_->setAccessibleDescription(QStringLiteral("%1 %2").arg(words(key_.help), exists_->toolTip()));
}

void SchemaField::show(const Json& value, const QString& problem) {
  showing_ = true;
  setControl(value);
  showNote(value);
  showing_ = false;
  changed_ = !key_.required && value != key_.fallback;
  name_->setFont(uiFont(measures::kMedium, changed_));
  reset_->setVisible(changed_);
  const QString fallback = key_.fallback.is_null() ? tr("automatic") : words(yamlText(key_.fallback));
  reset_->setToolTip(tr("Back to the default, %1").arg(fallback));
  was_ = changed_ ? tr("was %1").arg(shortValue(key_.fallback)) : QString();
  name_->setAccessibleName(changed_ ? tr("%1, changed").arg(path()) : path());
  problem_->setText(problem);
  problem_->setVisible(!problem.isEmpty());
  const bool wrong = !problem.isEmpty();
  if (control_->property("wrong").toBool() != wrong) {
    control_->setProperty("wrong", wrong);
    control_->style()->unpolish(control_);
    control_->style()->polish(control_);
  }
}

void SchemaField::setOrigin(const ValueOrigin& origin, const QString& file) {
  const QString source = originText(origin, file);
  QStringList parts;
  if (!was_.isEmpty()) parts << was_;
  if (!source.isEmpty()) parts << source;
  const QString text = parts.join(QStringLiteral(" · "));
  if (default_->toolTip() == text) return;
  // The words of an override stand above already; here there is room for that it is one.
  if (origin.kind == ValueOrigin::Kind::Override) parts = {tr("override"), was_};
  parts.removeAll(QString());
  default_->setText(parts.join(QStringLiteral(" · ")));
  default_->setToolTip(text);
  setTextRole(default_, origin.kind == ValueOrigin::Kind::Override ? "warn" : "quiet");
  name_->setAccessibleDescription(text);
}

int SchemaField::matches(const QString& search) const {
  QString text = words(key_.help);
  for (const auto& choice : key_.choices) text += QLatin1Char(' ') + words(choice.name + " " + choice.meaning);
  bool inPath = true;
  for (const QString& word : search.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
    if (path().contains(word, Qt::CaseInsensitive)) continue;
    inPath = false;
    // In sentences only the starts of words count: "rate" is not in "separated".
    const QRegularExpression start(QStringLiteral("\\b") + QRegularExpression::escape(word),
                                   QRegularExpression::CaseInsensitiveOption);
    if (!text.contains(start)) return 0;
  }
  return inPath ? 2 : 1;
}

void SchemaField::setDimmed(bool dimmed) {
  if (!dimmed) {
    setGraphicsEffect(nullptr);
  } else if (!graphicsEffect()) {
    auto* effect = new QGraphicsOpacityEffect(this);
    effect->setOpacity(kDimmed);
    setGraphicsEffect(effect);
  }
}

bool SchemaField::eventFilter(QObject* watched, QEvent* event) {
  // Rolling over the form must not change values: only a control that has the focus takes the wheel.
  if (event->type() == QEvent::Wheel && !control_->hasFocus()) {
    event->ignore();
    return true;
  }
  if (event->type() == QEvent::FocusIn) emit focused(path());
  return QWidget::eventFilter(watched, event);
}

}  // namespace counterpoint
