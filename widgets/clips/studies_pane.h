// SPDX-License-Identifier: GPL-3.0-or-later
// Studies and their clips as a tree; filtered by words and by split, with stars and what became of the captions.
#pragma once

#include "widgets/common/pane.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QStandardItem;
class QStandardItemModel;
class QTreeView;

namespace counterpoint {

class ReviewDesk;

class StudiesPane : public Pane {
  Q_OBJECT

 public:
  explicit StudiesPane(ReviewDesk& desk, QWidget* parent = nullptr);

  // Keys of next and previous clip work while the focus is in there (the player); before registerActions.
  void setKeyScope(QWidget* scope) { keyScope_ = scope; }
  void registerActions(ActionRegistry& registry) override;
  QJsonObject saveState() const override;
  void restoreState(const QJsonObject& state) override;

  QTreeView* tree() const { return tree_; }
  QLineEdit* filter() const { return filter_; }
  QComboBox* split() const { return split_; }
  // How many clips the filter lets through.
  int shownClips() const;
  // Goes to the next clip that is shown (−1: the one before).
  void go(int step);

 signals:
  void openRequested();  // there is no workspace, or it has no studies

 private:
  void fill();
  void drawItem(int clip);
  void select(int clip);
  void applyFilter();

  ReviewDesk& desk_;
  QWidget* keyScope_ = this;
  QLineEdit* filter_;
  QComboBox* split_;
  QTreeView* tree_;
  QLabel* count_;
  QStandardItemModel* model_;
  QSortFilterProxyModel* shown_;
  std::vector<QStandardItem*> items_;  // by clip
  QString wantedClip_, wantedSplit_;
};

}  // namespace counterpoint
