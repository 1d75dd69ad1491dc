// SPDX-License-Identifier: GPL-3.0-or-later
// Ask a model in words or with a clip, or browse what a run's evaluation found; a ranked gallery with right answers
// marked, as a table by one key.
#pragma once

#include "widgets/common/model_question.h"
#include "widgets/common/pane.h"
#include "widgets/common/run_captions.h"
#include "widgets/retrieval/retrieval_results.h"
#include "widgets/retrieval/thumbnails.h"

#include <QThreadPool>

class QComboBox;
class QLabel;
class QLineEdit;
class QListView;
class QPushButton;
class QSortFilterProxyModel;
class QToolButton;

namespace counterpoint {

class ChartWithTable;
class DataTable;
class ReviewDesk;
struct ClipItem;

class RetrievePane : public Pane {
  Q_OBJECT

 public:
  explicit RetrievePane(ReviewDesk& desk, QWidget* parent = nullptr);
  ~RetrievePane() override;

  void registerActions(ActionRegistry& registry) override;
  QJsonObject saveState() const override;
  void restoreState(const QJsonObject& state) override;
  std::vector<TourStep> tourSteps() override;

  void askText(const QString& text);
  void askClip(const QString& path);

  DataTable* queries() const { return queries_; }
  QListView* gallery() const { return gallery_; }
  ChartWithTable* hits() const { return hits_; }
  QSortFilterProxyModel* shownHits() const { return shownHits_; }
  QLineEdit* question() const { return question_; }
  QPushButton* askButton() const { return ask_; }
  QPushButton* loadButton() const { return load_; }
  QString metrics() const;
  QString ranks() const;
  Thumbnails& thumbnails() { return thumbnails_; }

 signals:
  void clipRequested(const QString& path);  // show it in Review
  void openRequested();
  void trainWanted();  // there is no run whose model could be asked

 private:
  QWidget* makeQueries();
  QWidget* makeResults();
  QWidget* makeDetail();
  void takeRun();
  void takeSplit();
  void showResults(const SplitResults& results);
  void showRecord(const RetrievalRecord& record);
  void showDetail(int row);
  void drawModel();
  void drawDetailPicture();
  void ask(const QString& title, Json parameters);
  // Ids of the clips with this report, by the study table; without `but`.
  Json clipsReported(const std::string& report, const ClipItem* but) const;
  void cancelAsking();
  void applyChips();
  void openCurrent();
  void fillEmptyState();
  void loadModel();
  void chooseClip();

  ReviewDesk& desk_;
  Thumbnails thumbnails_;
  QueriesModel* queriesModel_;
  HitsModel* hitsModel_;
  QSortFilterProxyModel *sortedQueries_, *shownHits_;
  DataTable* queries_ = nullptr;
  QListView* gallery_ = nullptr;
  ChartWithTable* hits_ = nullptr;
  QLineEdit *question_ = nullptr, *queryFilter_ = nullptr;
  QPushButton *ask_ = nullptr, *withClip_ = nullptr, *load_ = nullptr, *open_ = nullptr;
  QComboBox *split_ = nullptr, *view_ = nullptr;
  QToolButton *right_ = nullptr, *wrong_ = nullptr;
  QLabel *metrics_ = nullptr, *ranks_ = nullptr, *asked_ = nullptr, *picture_ = nullptr, *detail_ = nullptr,
         *modelText_ = nullptr;
  ModelQuestion asking_;
  QString detailClip_, wantedSplit_;
  quint64 generation_ = 0;
  bool reading_ = false;
  RunToReview taken_;  // whose results are shown, as they were read
  QThreadPool reader_;
};

}  // namespace counterpoint
