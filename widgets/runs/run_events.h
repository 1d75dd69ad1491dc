// SPDX-License-Identifier: GPL-3.0-or-later
// Captions, retrievals, checkpoints and messages of a run, newest first, each readable in full.
#pragma once

#include <memory>
#include <vector>

#include "widgets/common/run_feed.h"

#include <QAbstractTableModel>
#include <QWidget>

class QComboBox;
class QLabel;
class QSortFilterProxyModel;
class QTextBrowser;

namespace counterpoint {

class DataTable;

// One line for the list, and the whole in plain words.
QString eventSummary(const RunEvent& event);
QString eventText(const RunEvent& event);
QString eventKindWord(const std::string& kind);  // "caption", "best retrieval"

// Reads the events of a feed in the feed's thread, some at a time, so that nobody waits for the reader.
class RunEventsReader : public QObject {
  Q_OBJECT

 public:
  static constexpr std::size_t kMostEvents = 500;

  explicit RunEventsReader(RunFeed& feed) : feed_(feed) {}

 public slots:
  void open();

 signals:
  // The events that came since the last time, oldest first; `reset`: in place of all before.
  void came(const std::vector<counterpoint::RunEvent>& events, bool reset);

 private:
  void take(bool reset);

  RunFeed& feed_;          // lives in the same thread, and longer
  std::size_t taken_ = 0;  // references of the feed that were told
};

class RunEventsModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Step, Kind, Summary, kColumns };
  enum Role { KindRole = Qt::UserRole };
  static constexpr std::size_t kMostEvents = RunEventsReader::kMostEvents;

  explicit RunEventsModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}
  ~RunEventsModel() override;

  void setFeed(std::shared_ptr<RunFeed> feed);
  const RunEvent& event(int row) const { return events_[events_.size() - 1 - static_cast<std::size_t>(row)]; }

  bool hasCaption() const;  // something a model said is among them

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  void take(std::vector<RunEvent> fresh, bool reset);

  std::shared_ptr<RunFeed> feed_;
  RunEventsReader* reader_ = nullptr;
  quint64 generation_ = 0;        // what an earlier reader still sends is not ours
  std::vector<RunEvent> events_;  // oldest first
};

class RunEventsView : public QWidget {
  Q_OBJECT

 public:
  explicit RunEventsView(QWidget* parent = nullptr);

  void setFeed(std::shared_ptr<RunFeed> feed);
  DataTable* table() const { return table_; }
  QTextBrowser* text() const { return text_; }
  QLabel* warning() const { return warning_; }  // seen while something generated is in the list
  RunEventsModel* model() const { return model_; }

 private:
  void showCurrent();

  RunEventsModel* model_;
  QSortFilterProxyModel* filter_;
  QComboBox* kinds_;
  QLabel* warning_;
  DataTable* table_;
  QTextBrowser* text_;
};

}  // namespace counterpoint
