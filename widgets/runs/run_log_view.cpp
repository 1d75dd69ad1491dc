// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "widgets/common/data_table.h"
#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/number_text.h"
#include "widgets/common/theme.h"
#include "widgets/runs/run_log.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QThread>
#include <QToolButton>
#include <QVBoxLayout>

namespace counterpoint {
namespace {

constexpr int kRankWidth = 48, kLevelWidth = 72;
constexpr int kLineHeight = 20;

}  // namespace

RankLogView::RankLogView(QThread* reading, QWidget* parent)
    : QWidget(parent),
      reading_(reading),
      model_(new RankLogModel(this)),
      filter_(new RankLogFilter(*model_, this)),
      table_(new DataTable(tr("Log of the ranks"))),
      search_(new QLineEdit),
      levels_(new QComboBox),
      ranks_(new QComboBox),
      follow_(new QCheckBox(tr("follow"))),
      pause_(new QToolButton),
      copy_(new QToolButton),
      state_(new QLabel) {
  qRegisterMetaType<std::vector<RankLine>>("std::vector<counterpoint::RankLine>");
  search_->setPlaceholderText(tr("find in the log"));
  search_->setAccessibleName(tr("Find in the log"));
  search_->setClearButtonEnabled(true);
  search_->setMaximumWidth(240);
  levels_->addItems({tr("all levels"), tr("info and above"), tr("warnings and errors"), tr("errors")});
  levels_->setAccessibleName(tr("Lowest level that is shown"));
  ranks_->addItem(tr("all ranks"), -1);
  ranks_->setAccessibleName(tr("Rank that is shown"));
  follow_->setChecked(true);
  follow_->setToolTip(tr("Keep the newest line in sight"));
  follow_->setAccessibleName(tr("Follow the newest line"));
  for (const auto& [button, iconName, name] :
       {std::tuple(pause_, QStringLiteral("pause"), tr("Hold the log")),
        std::tuple(copy_, QStringLiteral("copy"), tr("Copy the lines that are shown or selected"))}) {
    button->setIcon(icon(iconName));
    button->setIconSize({measures::kIcon, measures::kIcon});
    button->setAutoRaise(true);
    button->setToolTip(name);
    button->setAccessibleName(name);
  }
  pause_->setCheckable(true);
  setTextRole(state_, "quiet");
  table_->setModel(filter_);
  table_->verticalHeader()->setDefaultSectionSize(kLineHeight);
  table_->setColumnWidth(RankLogModel::Rank, kRankWidth);
  table_->setColumnWidth(RankLogModel::Level, kLevelWidth);

  auto* row = new QHBoxLayout;
  row->setContentsMargins(measures::kEdge, measures::kGrid, measures::kEdge, measures::kGrid);
  row->setSpacing(measures::kGap);
  row->addWidget(search_, 1);
  row->addWidget(levels_);
  row->addWidget(ranks_);
  row->addStretch(1);
  row->addWidget(state_);
  row->addWidget(follow_);
  row->addWidget(pause_);
  row->addWidget(copy_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addLayout(row);
  column->addWidget(table_, 1);

  connect(search_, &QLineEdit::textChanged, this, &RankLogView::filter);
  connect(levels_, &QComboBox::currentIndexChanged, this, &RankLogView::filter);
  connect(ranks_, &QComboBox::currentIndexChanged, this, &RankLogView::filter);
  connect(copy_, &QToolButton::clicked, this, [this] { QApplication::clipboard()->setText(table_->text()); });
  connect(pause_, &QToolButton::toggled, this, [this](bool paused) {
    if (!paused) {
      const std::vector<RankLine> held = std::move(held_);
      held_.clear();
      take(held);
    }
    say();
  });
  connect(follow_, &QCheckBox::toggled, this, [this](bool on) {
    if (on) table_->scrollToBottom();
  });
  // Scrolling up by hand stops following; scrolling to the end follows again.
  connect(table_->verticalScrollBar(), &QScrollBar::actionTriggered, this, [this] {
    const QScrollBar* bar = table_->verticalScrollBar();
    follow_->setChecked(bar->sliderPosition() >= bar->maximum());
  });
  say();
}

RankLogView::~RankLogView() {
  if (reader_) reader_->deleteLater();
}

void RankLogView::setRun(const std::filesystem::path& run) {
  if (reader_) {
    disconnect(reader_, nullptr, this, nullptr);
    reader_->deleteLater();
  }
  reader_ = nullptr;
  model_->clear();
  held_.clear();
  {
    const QSignalBlocker quiet(ranks_);
    while (ranks_->count() > 1) ranks_->removeItem(1);
  }
  filter();
  if (run.empty()) return;
  reader_ = new RankLogReader(run);
  reader_->moveToThread(reading_);
  connect(reader_, &RankLogReader::lines, this, [this, from = reader_.data()](const std::vector<RankLine>& lines) {
    if (from == reader_) take(lines);  // lines of the run before may still be on their way
  });
  QMetaObject::invokeMethod(reader_, &RankLogReader::open, Qt::QueuedConnection);
}

void RankLogView::take(const std::vector<RankLine>& lines) {
  if (pause_->isChecked()) {
    held_.insert(held_.end(), lines.begin(), lines.end());
    if (held_.size() > RankLogModel::kMostLines) {
      held_.erase(held_.begin(), held_.end() - static_cast<std::ptrdiff_t>(RankLogModel::kMostLines));
    }
    say();
    return;
  }
  int highest = ranks_->count() - 2;
  for (const RankLine& line : lines) {
    for (; highest < line.rank; ++highest) ranks_->addItem(tr("rank %1").arg(highest + 1), highest + 1);
  }
  model_->append(lines);
  if (follow_->isChecked()) table_->scrollToBottom();
  say();
}

void RankLogView::filter() {
  filter_->choose(static_cast<LineLevel>(levels_->currentIndex()), ranks_->currentData().toInt(), search_->text());
  if (follow_->isChecked()) table_->scrollToBottom();
  say();
}

void RankLogView::say() {
  const int shown = filter_->rowCount(), all = model_->rowCount();
  QString text =
      shown == all ? tr("%1 lines").arg(countText(all)) : tr("%1 of %2 lines").arg(countText(shown), countText(all));
  if (model_->dropped() > 0) text = tr("last %1").arg(text);
  if (pause_->isChecked()) text = tr("held, %1 more").arg(countText(static_cast<qint64>(held_.size())));
  state_->setText(text);
}

}  // namespace counterpoint
