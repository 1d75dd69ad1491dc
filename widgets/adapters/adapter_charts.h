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

// Two bars an adapter: similarity and weight, each over one range for all of them: what occurs, with 0 and 1 in view.
class RankingBars : public QWidget {
  Q_OBJECT

 public:
  explicit RankingBars(RankingModel& model, QWidget* parent = nullptr);
  QSize sizeHint() const override;

  struct Range {
    double least = 0, most = 1;
  };
  Range similarities() const;
  Range weights() const;
  // "similarity (0 to 1)": over which range the bars are drawn.
  static QString legend(const QString& name, const Range& range);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  RankingModel& model_;
};

// Blue, white at 0, red: out to the value off the diagonal that is farthest from 0, the same on both sides; with a
// colour bar and, where they fit, numbers.
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
  double reach() const { return reach_; }  // colours run from −reach to reach
  QColor colourOf(double value) const;

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
  double reach_ = 1;
};

}  // namespace counterpoint
