// SPDX-License-Identifier: GPL-3.0-or-later
// What a run's evaluation says of retrieval: metrics of a split, and its queries with the ranks of right answers.
#pragma once

#include "core/protocol/messages.h"

#include <QAbstractTableModel>
#include <QString>

#include <filesystem>
#include <string>
#include <vector>

namespace counterpoint {

struct RetrievalRecord {
  QString query;
  std::vector<int> rightRanks;  // of every right answer, however far down; sorted
  std::vector<Hit> hits;        // the first ones
  qint64 total = 0;             // how many were ranked
};

struct SplitResults {
  std::string split;
  Json metrics = Json::object();
  std::vector<RetrievalRecord> queries;
  qint64 clips = 0, texts = 0;  // that were ranked: clips for a text, texts for a clip
  std::vector<std::string> problems;
};

// results/SPLIT of a run; what is missing or damaged is left out and noted. Call it off the event loop.
SplitResults readSplitResults(const std::filesystem::path& run, const std::string& split);
RetrievalRecord recordFromJson(const QString& query, const Json& answer);

// A line a direction: "text to clip, of 180 clips    R@1 0.310    R@5 0.620    MRR 0.440    median rank 3"; empty where
// nothing was measured.
QString metricsText(const SplitResults& results);
// "right at 3 and 57 of 180".
QString ranksText(const RetrievalRecord& record);

// The queries of a split. Columns: worst rank, best rank, right answers, query; sorted by the view's proxy.
class QueriesModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Worst, Best, Count, Query, kColumns };
  using QAbstractTableModel::QAbstractTableModel;

  void set(std::vector<RetrievalRecord> queries);
  const RetrievalRecord& record(int row) const { return queries_[static_cast<std::size_t>(row)]; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<RetrievalRecord> queries_;
};

// The hits of one query. Columns: rank, right, score, view, study, text, clip.
class HitsModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Rank, Right, Score, View, StudyId, Text, ClipName, kColumns };
  enum Role { ClipRole = Qt::UserRole + 1, RightRole, ViewRole };
  struct Row {
    Hit hit;
    QString view, path;
  };
  using QAbstractTableModel::QAbstractTableModel;

  void set(std::vector<Row> rows);
  const Row& at(int row) const { return rows_[static_cast<std::size_t>(row)]; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  void redraw();  // a picture came

 private:
  std::vector<Row> rows_;
};

}  // namespace counterpoint
