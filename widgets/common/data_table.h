// SPDX-License-Identifier: GPL-3.0-or-later
// Tables as every pane shows them, and charts that turn into a table by one key.
#pragma once

#include <QTableView>
#include <QWidget>

class QStackedLayout;

namespace counterpoint {

// Rows of measures::kRow, no grid, whole rows selected, sortable headers, Ctrl+C copies the selection as
// tab-separated text. Never resizes rows to contents (49 s for a million rows).
class DataTable : public QTableView {
  Q_OBJECT

 public:
  explicit DataTable(const QString& accessibleName, QWidget* parent = nullptr);
  // The selected cells, or all when none is selected, with headers; rows by newline, columns by tab.
  QString text() const;

 protected:
  void keyPressEvent(QKeyEvent* event) override;
};

// A chart and the same numbers as a table; toggled with T while the focus is inside. The model is not owned.
class ChartWithTable : public QWidget {
  Q_OBJECT

 public:
  ChartWithTable(QWidget* chart, QAbstractItemModel* numbers, const QString& accessibleName, QWidget* parent = nullptr);

  bool showsTable() const;
  void showTable(bool table);
  DataTable* table() const { return table_; }

 signals:
  void toggled(bool table);

 private:
  QWidget* chart_;
  DataTable* table_;
  QStackedLayout* stack_;
};

}  // namespace counterpoint
