// SPDX-License-Identifier: GPL-3.0-or-later
// LoRA adapters: which of them fit a query and with which weights, and how alike they are.
#pragma once

#include "core/adapters/lora_retrieval.h"
#include "widgets/common/model_link.h"
#include "widgets/common/pane.h"

#include <QStringList>
#include <QThreadPool>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

class QCheckBox;
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

class AdaptersPane : public Pane {
  Q_OBJECT

 public:
  enum class Source { Words, File, Adapter };

  explicit AdaptersPane(QWidget* parent = nullptr);
  ~AdaptersPane() override;

  void setModel(ModelLink* model);
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

  void askAdapter(const QString& name);
  void askFile(const QString& file, int row);
  void askText(const QString& text);
  void setSettings(int k, double temperature, LoraWeights weights);
  QString leftOut() const;

 signals:
  void loaded();

 private:
  QWidget* makeControls();
  QWidget* makeCharts();
  void take(std::shared_ptr<LoraPool> pool, const std::optional<Notice>& problem);
  // `asked`: the adapter that the query is of, which is left out of the ranking; empty: none.
  void setQuery(std::vector<float> query, const QString& title, const std::string& asked = {});
  void rank();
  void drawModel();
  void chooseSource(Source source);
  void chooseLists();
  void takeVector(const Json& answer, const QString& title);

  ModelLink* model_ = nullptr;
  std::shared_ptr<LoraPool> pool_;
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
  QPushButton *askWords_ = nullptr, *load_ = nullptr;
  QLabel *title_ = nullptr, *problem_ = nullptr, *leftOut_ = nullptr;
  std::optional<qint64> asking_;
  quint64 generation_ = 0;
  QThreadPool reader_;
};

}  // namespace counterpoint
