// SPDX-License-Identifier: GPL-3.0-or-later
// Captions, retrievals, checkpoints and messages of a run, newest first, each readable in full.
#pragma once

#include <memory>
#include <vector>

#include "widgets/common/run_feed.h"

#include <QAbstractTableModel>
#include <QWidget>

class QComboBox;
class QSortFilterProxyModel;
class QTextBrowser;

namespace counterpoint {

class DataTable;

// One line for the list, and the whole in plain words.
QString eventSummary(const RunEvent& event);
QString eventText(const RunEvent& event);
QString eventKindWord(const std::string& kind);  // "caption", "best retrieval"

class RunEventsModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Step, Kind, Summary, kColumns };
  enum Role { KindRole = Qt::UserRole };
  static constexpr std::size_t kMostEvents = 500;

  explicit RunEventsModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

  void setFeed(std::shared_ptr<RunFeed> feed);
  const RunEvent& event(int row) const { return events_[events_.size() - 1 - static_cast<std::size_t>(row)]; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  void take(bool reset);
  std::size_t taken_ = 0;  // references of the feed that stand in the model

  std::shared_ptr<RunFeed> feed_;
  QMetaObject::Connection changes_;
  std::vector<RunEvent> events_;  // oldest first
};

class RunEventsView : public QWidget {
  Q_OBJECT

 public:
  explicit RunEventsView(QWidget* parent = nullptr);

  void setFeed(std::shared_ptr<RunFeed> feed);
  DataTable* table() const { return table_; }
  QTextBrowser* text() const { return text_; }
  RunEventsModel* model() const { return model_; }

 private:
  void showCurrent();

  RunEventsModel* model_;
  QSortFilterProxyModel* filter_;
  QComboBox* kinds_;
  DataTable* table_;
  QTextBrowser* text_;
};

}  // namespace counterpoint
