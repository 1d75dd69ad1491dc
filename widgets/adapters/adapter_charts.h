// SPDX-License-Identifier: GPL-3.0-or-later
// Two pictures of adapters: bars of similarity and weight, and the similarity of all with all; with models of the same
// numbers for tables.
#pragma once

#include "core/adapters/lora_retrieval.h"

#include <QAbstractTableModel>
#include <QWidget>

namespace counterpoint {

// Columns: adapter, similarity, weight. Best first.
class RankingModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  using QAbstractTableModel::QAbstractTableModel;
  void set(const LoraRanking& ranking);
  const LoraRanking& ranking() const { return ranking_; }
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  LoraRanking ranking_;
};

// Rows and columns are the adapters.
class MatrixModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  using QAbstractTableModel::QAbstractTableModel;
  void set(const LoraMatrix& matrix);
  const LoraMatrix& matrix() const { return matrix_; }
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  LoraMatrix matrix_;
};

// Two bars an adapter: similarity (−1…1 or larger for dot products) and weight (0…1).
class RankingBars : public QWidget {
  Q_OBJECT

 public:
  explicit RankingBars(RankingModel& model, QWidget* parent = nullptr);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  RankingModel& model_;
};

// Viridis from the smallest to the largest value off the diagonal, with a colour bar and, where they fit, numbers.
// Arrow keys move the chosen cell; it and the one under the mouse are named below.
class MatrixMap : public QWidget {
  Q_OBJECT

 public:
  explicit MatrixMap(MatrixModel& model, QWidget* parent = nullptr);
  QSize minimumSizeHint() const override { return {240, 240}; }
  QString cellText() const;
  void choose(int row, int column);
  int row() const { return row_; }
  int column() const { return column_; }
  double lowest() const { return low_; }
  double highest() const { return high_; }

 signals:
  void chosen(int row, int column);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;

 private:
  struct Places {
    QRectF cells;
    double side = 0;
    QRectF bar;
    int names = 0;
  };
  Places places() const;
  bool cellAt(const QPointF& point, int* row, int* column) const;

  MatrixModel& model_;
  int row_ = 0, column_ = 0;
  double low_ = 0, high_ = 1;
};

}  // namespace counterpoint
