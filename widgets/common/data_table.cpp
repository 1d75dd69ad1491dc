// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/data_table.h"

#include "widgets/common/measures.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QShortcut>
#include <QStackedLayout>

#include <algorithm>

namespace counterpoint {

DataTable::DataTable(const QString& accessibleName, QWidget* parent) : QTableView(parent) {
  setAccessibleName(accessibleName);
  setShowGrid(false);
  setAlternatingRowColors(false);
  setSelectionBehavior(QAbstractItemView::SelectRows);
  setSelectionMode(QAbstractItemView::ExtendedSelection);
  setEditTriggers(QAbstractItemView::NoEditTriggers);
  setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  setTabKeyNavigation(false);  // Tab leaves the table: nobody is caught in it
  setWordWrap(false);
  setFrameShape(QFrame::NoFrame);
  verticalHeader()->hide();
  verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  verticalHeader()->setDefaultSectionSize(measures::kRow);
  horizontalHeader()->setHighlightSections(false);
  horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  horizontalHeader()->setStretchLastSection(true);
}

QString DataTable::text() const {
  if (!model()) return {};
  QModelIndexList cells = selectionModel() ? selectionModel()->selectedIndexes() : QModelIndexList();
  if (cells.isEmpty()) {
    for (int row = 0; row < model()->rowCount(); ++row) {
      for (int column = 0; column < model()->columnCount(); ++column) cells << model()->index(row, column);
    }
  }
  std::sort(cells.begin(), cells.end());
  QStringList headers, lines, fields;
  for (int column = 0; column < model()->columnCount(); ++column) {
    if (!isColumnHidden(column)) headers << model()->headerData(column, Qt::Horizontal).toString();
  }
  int row = -1;
  for (const QModelIndex& cell : cells) {
    if (isColumnHidden(cell.column())) continue;
    if (cell.row() != row && row >= 0) {
      lines << fields.join(QLatin1Char('\t'));
      fields.clear();
    }
    row = cell.row();
    fields << cell.data().toString();
  }
  if (!fields.isEmpty()) lines << fields.join(QLatin1Char('\t'));
  lines.prepend(headers.join(QLatin1Char('\t')));
  return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

void DataTable::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Copy)) {
    QApplication::clipboard()->setText(text());
    return;
  }
  QTableView::keyPressEvent(event);
}

ChartWithTable::ChartWithTable(QWidget* chart, QAbstractItemModel* numbers, const QString& accessibleName,
                               QWidget* parent)
    : QWidget(parent),
      chart_(chart),
      table_(new DataTable(tr("%1, as a table").arg(accessibleName))),
      stack_(new QStackedLayout(this)) {
  setAccessibleName(accessibleName);
  if (chart_->accessibleName().isEmpty()) chart_->setAccessibleName(tr("%1, as a chart").arg(accessibleName));
  chart_->setFocusPolicy(Qt::StrongFocus);
  table_->setModel(numbers);
  stack_->setContentsMargins(0, 0, 0, 0);
  stack_->addWidget(chart_);
  stack_->addWidget(table_);
  auto* key = new QShortcut(QKeySequence(Qt::Key_T), this);
  key->setContext(Qt::WidgetWithChildrenShortcut);
  connect(key, &QShortcut::activated, this, [this] { showTable(!showsTable()); });
}

bool ChartWithTable::showsTable() const { return stack_->currentWidget() == table_; }

void ChartWithTable::showTable(bool table) {
  if (table == showsTable()) return;
  QWidget* shown = table ? static_cast<QWidget*>(table_) : chart_;
  stack_->setCurrentWidget(shown);
  shown->setFocus(Qt::ShortcutFocusReason);
  emit toggled(table);
}

}  // namespace counterpoint
