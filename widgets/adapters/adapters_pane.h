// SPDX-License-Identifier: GPL-3.0-or-later
// LoRA adapters: which of them fit a query and with which weights, and how alike they are.
#pragma once

#include "core/adapters/lora_retrieval.h"
#include "widgets/common/model_question.h"
#include "widgets/common/pane.h"

#include <QStringList>
#include <QThreadPool>

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QStackedLayout;

namespace counterpoint {

class ChartWithTable;
class MatrixMap;
class MatrixModel;
class RankingModel;
class ReviewDesk;

class AdaptersPane : public Pane {
  Q_OBJECT

 public:
  enum class Source { Words, File, Adapter };

  // The desk knows the model, and whether there is one to come.
  explicit AdaptersPane(ReviewDesk& desk, QWidget* parent = nullptr);
  ~AdaptersPane() override;

  // Lists of adapters; relative embedding paths in them begin at `root`. Read in the background; loaded() follows.
  void setLists(const std::vector<std::filesystem::path>& lists, const std::filesystem::path& root);

  void registerActions(ActionRegistry& registry) override;
  QJsonObject saveState() const override;
  void restoreState(const QJsonObject& state) override;
  std::vector<TourStep> tourSteps() override;

  const LoraPool& pool() const { return *pool_; }
  RankingModel& ranking() const { return *ranking_; }
  MatrixModel& matrix() const { return *matrix_; }
  MatrixMap* map() const { return map_; }
  ChartWithTable* bars() const { return bars_; }
  ChartWithTable* mapWithTable() const { return mapBoth_; }

  // Rankings are made in the background; ranking() resets when one is there.
  void askAdapter(const QString& name);
  void askFile(const QString& file, int row);
  void askText(const QString& text);
  void setSettings(int k, double temperature, LoraWeights weights);
  QString leftOut() const;

 signals:
  void loaded();
  void trainWanted();  // there is no model that could make embeddings
  void embedWanted();  // there is one, and adapters of the lists have no embeddings

 private:
  enum class Offer { OpenLists, Train, Embed };

  QWidget* makeControls();
  QWidget* makeCharts();
  void take(std::shared_ptr<const LoraPool> pool, const LoraMatrix& matrix, const std::optional<Notice>& problem);
  void fillEmptyState();
  // A new question: those before it are no longer waited for. Its number.
  quint64 begin();
  // `asked`: the adapter that the query is of, which is left out of the ranking; empty: none.
  void setQuery(std::vector<float> query, const QString& title, const std::string& asked = {});
  void rank();
  void drawModel();
  void chooseSource(Source source);
  void chooseLists();
  void takeVector(const Json& answer, const QString& title);

  ReviewDesk& desk_;
  std::shared_ptr<const LoraPool> pool_;
  std::optional<Notice> problemOfLists_;
  Offer offer_ = Offer::OpenLists;
  std::vector<std::filesystem::path> lists_;
  std::filesystem::path root_;
  std::vector<float> query_;
  std::string asked_;
  RankingModel* ranking_;
  MatrixModel* matrix_;
  MatrixMap* map_ = nullptr;
  ChartWithTable *bars_ = nullptr, *mapBoth_ = nullptr;
  QComboBox *source_ = nullptr, *adapter_ = nullptr, *weights_ = nullptr;
  QStackedLayout* sources_ = nullptr;
  QLineEdit *words_ = nullptr, *file_ = nullptr;
  QSpinBox *row_ = nullptr, *k_ = nullptr;
  QDoubleSpinBox* temperature_ = nullptr;
  QPushButton *askWords_ = nullptr, *load_ = nullptr, *embed_ = nullptr;
  QLabel *title_ = nullptr, *problem_ = nullptr, *leftOut_ = nullptr;
  ModelQuestion asking_;
  quint64 generation_ = 0, questions_ = 0;
  std::atomic<quint64> rankings_{0};
  QThreadPool reader_;
};

}  // namespace counterpoint
