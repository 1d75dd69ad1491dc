// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/command_palette.h"

#include "widgets/common/action_registry.h"
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"

#include <QEvent>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QScrollArea>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace counterpoint {
namespace {

constexpr int kPaletteWidth = 560, kPaletteRows = 12;
constexpr int kIdRole = Qt::UserRole, kKeyRole = Qt::UserRole + 1;

// Text at the left, its key at the right in quiet.
class CommandDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QStyledItemDelegate::paint(painter, option, index);
    painter->save();
    painter->setPen(roles().quiet);
    painter->drawText(option.rect.adjusted(0, 0, -measures::kEdge, 0), Qt::AlignRight | Qt::AlignVCenter,
                      index.data(kKeyRole).toString());
    painter->restore();
  }
};

}  // namespace

int paletteScore(const QString& typed, const QString& text) {
  int score = 1;
  for (const QString& word : typed.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
    const qsizetype place = text.indexOf(word, 0, Qt::CaseInsensitive);
    if (place < 0) return 0;
    const bool start = place == 0 || !text.at(place - 1).isLetterOrNumber();
    score += start ? 10 : 2;
    if (place == 0) score += 5;
  }
  return score;
}

CommandPalette::CommandPalette(ActionRegistry& registry, QStringList recent, QWidget* parent)
    : QDialog(parent, Qt::Popup),
      registry_(registry),
      recent_(std::move(recent)),
      field_(new QLineEdit),
      list_(new QListWidget) {
  setAccessibleName(tr("Command palette"));
  setObjectName(QStringLiteral("commandPalette"));
  setAttribute(Qt::WA_DeleteOnClose);
  setAutoFillBackground(true);
  setBackgroundRole(QPalette::Button);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(measures::kGap, measures::kGap, measures::kGap, measures::kGap);
  column->setSpacing(measures::kGap);
  field_->setPlaceholderText(tr("What do you want to do?"));
  field_->setAccessibleName(tr("Search commands"));
  list_->setAccessibleName(tr("Commands"));
  list_->setItemDelegate(new CommandDelegate(list_));
  list_->setIconSize({measures::kIcon, measures::kIcon});
  list_->setUniformItemSizes(true);
  list_->setFocusPolicy(Qt::NoFocus);
  column->addWidget(field_);
  column->addWidget(list_);
  field_->installEventFilter(this);
  connect(field_, &QLineEdit::textChanged, this, &CommandPalette::fill);
  connect(field_, &QLineEdit::returnPressed, this, &CommandPalette::runCurrent);
  connect(list_, &QListWidget::itemClicked, this, &CommandPalette::runCurrent);
  fill();
  resize(kPaletteWidth, kPaletteRows * measures::kRow + 2 * measures::kToolBar);
  if (parent) {
    const QWidget* window = parent->window();
    move(window->mapToGlobal(QPoint((window->width() - width()) / 2, measures::kTabs + measures::kGap)));
  }
  field_->setFocus();
}

void CommandPalette::fill() {
  list_->clear();
  struct Candidate {
    int score;
    const ActionSpec* spec;
  };
  std::vector<Candidate> found;
  registry_.refresh();
  for (const ActionSpec& spec : registry_.specs()) {
    int score =
        paletteScore(field_->text(), spec.text + QLatin1Char(' ') + spec.category + QLatin1Char(' ') + spec.help);
    if (score == 0) continue;
    if (paletteScore(field_->text(), spec.text) > 0) score += 20;
    const qsizetype recent = recent_.indexOf(spec.id);
    if (recent >= 0) score += static_cast<int>(15 - std::min<qsizetype>(recent, 14));
    if (!registry_.action(spec.id)->isEnabled()) score -= 100;
    found.push_back({score, &spec});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
  for (const Candidate& candidate : found) {
    const ActionSpec& spec = *candidate.spec;
    const QAction* action = registry_.action(spec.id);
    auto* item = new QListWidgetItem(action->icon(), QStringLiteral("%1   ·  %2").arg(spec.text, spec.category), list_);
    item->setData(kIdRole, spec.id);
    item->setData(kKeyRole, action->shortcut().toString(QKeySequence::NativeText));
    item->setToolTip(spec.help);
    if (!action->isEnabled()) item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
  }
  if (list_->count() > 0) list_->setCurrentRow(0);
}

void CommandPalette::runCurrent() {
  const QListWidgetItem* item = list_->currentItem();
  if (!item || !(item->flags() & Qt::ItemIsEnabled)) return;
  const QString id = item->data(kIdRole).toString();
  close();
  emit triggered(id);
  registry_.action(id)->trigger();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
  if (watched == field_ && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Down || key == Qt::Key_Up || key == Qt::Key_PageDown || key == Qt::Key_PageUp) {
      const int step = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : key == Qt::Key_PageDown ? 10 : -10;
      if (list_->count() > 0) list_->setCurrentRow(std::clamp(list_->currentRow() + step, 0, list_->count() - 1));
      return true;
    }
  }
  return QDialog::eventFilter(watched, event);
}

ShortcutSheet::ShortcutSheet(const ActionRegistry& registry, QWidget* parent) : QDialog(parent) {
  setWindowTitle(tr("Keys"));
  setAccessibleName(tr("Keys"));
  setObjectName(QStringLiteral("shortcutSheet"));
  setAttribute(Qt::WA_DeleteOnClose);
  auto* column = new QVBoxLayout(this);
  auto* area = new QScrollArea;
  area->setAccessibleName(tr("All keys"));
  area->setWidgetResizable(true);
  auto* content = new QWidget;
  content->setAccessibleName(tr("Keys by subject"));
  auto* grid = new QGridLayout(content);
  grid->setHorizontalSpacing(measures::kGroupGap);
  grid->setVerticalSpacing(measures::kGrid);
  int row = 0;
  for (const QString& category : registry.categories()) {
    auto* heading = new QLabel(category);
    heading->setFont(uiFont(measures::kMedium, true));
    bool any = false;
    const int headingRow = row++;
    for (const ActionSpec& spec : registry.specs()) {
      if (spec.category != category || registry.key(spec.id).isEmpty()) continue;
      any = true;
      auto* key = new QLabel(registry.action(spec.id)->shortcut().toString(QKeySequence::NativeText));
      setTextRole(key, "quiet");
      grid->addWidget(new QLabel(spec.text), row, 0);
      grid->addWidget(key, row++, 1, Qt::AlignRight);
    }
    if (any) {
      grid->addWidget(heading, headingRow, 0);
      grid->setRowMinimumHeight(row++, measures::kGap);
    } else {
      delete heading;
    }
  }
  auto* more = new QLabel(tr("Everything else is in the command palette."));
  setTextRole(more, "quiet");
  grid->addWidget(more, row, 0, 1, 2);
  grid->setRowStretch(row + 1, 1);
  grid->setColumnStretch(0, 1);
  area->setWidget(content);
  column->addWidget(area);
  resize(kPaletteWidth, kPaletteWidth);
}

}  // namespace counterpoint
