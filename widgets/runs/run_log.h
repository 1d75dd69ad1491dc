// SPDX-License-Identifier: GPL-3.0-or-later
// The logs of a run's ranks as they grow, capped, filtered by level, rank and text.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <vector>

#include <QAbstractTableModel>
#include <QPointer>
#include <QSortFilterProxyModel>
#include <QString>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QThread;
class QToolButton;

namespace counterpoint {

class DataTable;

enum class LineLevel { Debug, Info, Warning, Error };

struct RankLine {
  int rank = 0;
  LineLevel level = LineLevel::Info;
  QString text;
};

// "14:03:22 warning text" as core/base/log writes it; an indented line without a level keeps that of the line before.
RankLine rankLine(int rank, const QString& line, LineLevel before);

// Reads rank_N.log in the reading thread, from at most kTailBytes before the end of each on.
class RankLogReader : public QObject {
  Q_OBJECT

 public:
  static constexpr std::int64_t kTailBytes = std::int64_t{4} << 20;

  explicit RankLogReader(std::filesystem::path run);
  ~RankLogReader() override;

 public slots:
  void open();
  void look();

 signals:
  void lines(const std::vector<counterpoint::RankLine>& lines);

 private:
  struct File {
    std::int64_t offset = -1;
    std::string rest;  // a line that is not whole yet
    LineLevel level = LineLevel::Info;
  };
  bool readSome(int rank, File& file, std::vector<RankLine>& lines);

  const std::filesystem::path run_;
  std::map<int, File> files_;
  struct Watch;
  std::unique_ptr<Watch> watch_;
};

class RankLogModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Rank, Level, Text, kColumns };
  static constexpr std::size_t kMostLines = 20000;

  explicit RankLogModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

  void clear();
  void append(const std::vector<RankLine>& lines);
  const RankLine& line(int row) const { return lines_[static_cast<std::size_t>(row)]; }
  std::uint64_t dropped() const { return dropped_; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::deque<RankLine> lines_;
  std::uint64_t dropped_ = 0;
};

class RankLogFilter : public QSortFilterProxyModel {
  Q_OBJECT

 public:
  explicit RankLogFilter(RankLogModel& model, QObject* parent = nullptr);
  void choose(LineLevel least, int rank, const QString& text);  // rank -1: all

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

 private:
  RankLogModel& model_;
  LineLevel least_ = LineLevel::Debug;
  int rank_ = -1;
  QString text_;
};

class RankLogView : public QWidget {
  Q_OBJECT

 public:
  explicit RankLogView(QThread* reading, QWidget* parent = nullptr);
  ~RankLogView() override;

  // Empty: none.
  void setRun(const std::filesystem::path& run);

  DataTable* table() const { return table_; }
  QLineEdit* search() const { return search_; }
  QComboBox* levels() const { return levels_; }
  QComboBox* ranks() const { return ranks_; }
  QCheckBox* follow() const { return follow_; }
  QToolButton* pause() const { return pause_; }

 private:
  void take(const std::vector<RankLine>& lines);
  void filter();
  void say();

  QThread* reading_;
  QPointer<RankLogReader> reader_;
  RankLogModel* model_;
  RankLogFilter* filter_;
  DataTable* table_;
  QLineEdit* search_;
  QComboBox *levels_, *ranks_;
  QCheckBox* follow_;
  QToolButton *pause_, *copy_;
  QLabel* state_;
  std::vector<RankLine> held_;  // what came while paused
};

}  // namespace counterpoint
