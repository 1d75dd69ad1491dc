// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/adapters/adapters_pane.h"

#include "core/formats/npy.h"
#include "widgets/adapters/adapter_charts.h"
#include "widgets/common/action_registry.h"
#include "widgets/common/data_table.h"
#include "widgets/common/measures.h"
#include "widgets/common/review_desk.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStackedLayout>

namespace counterpoint {
AdaptersPane::AdaptersPane(ReviewDesk& desk, QWidget* parent)
    : Pane(QStringLiteral("adapters"), tr("Adapters"), parent),
      desk_(desk),
      pool_(std::make_shared<LoraPool>()),
      ranking_(new RankingModel(this)),
      matrix_(new MatrixModel(this)) {
  reader_.setMaxThreadCount(1);
  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(measures::kGap);
  column->addWidget(makeControls());
  column->addWidget(makeCharts(), 1);
  setContent(content);
  connect(emptyState(), &EmptyState::pressed, this, [this] {
    switch (offer_) {
      case Offer::OpenLists: return chooseLists();
      case Offer::Train: emit trainWanted(); return;
      case Offer::Embed: emit embedWanted(); return;
    }
  });
  for (const auto changed : {&ReviewDesk::loaded, &ReviewDesk::captionChanged, &ReviewDesk::runsChanged}) {
    connect(&desk_, changed, this, [this] {
      drawModel();
      fillEmptyState();
    });
  }
  fillEmptyState();
  chooseSource(Source::Adapter);
  drawModel();
}

AdaptersPane::~AdaptersPane() {
  ++rankings_;
  reader_.waitForDone();
}

void AdaptersPane::drawModel() {
  const ModelLink* model = desk_.model();
  const auto state = model ? model->state() : ModelLink::State::Off;
  const bool ready = state == ModelLink::State::Ready, starting = state == ModelLink::State::Starting;
  words_->setEnabled(ready);
  askWords_->setEnabled(ready);
  askWords_->setText(asking_.isOpen() ? tr("Cancel") : tr("Ask"));
  askWords_->setAccessibleName(askWords_->text());
  embed_->setVisible(pool_->withoutEmbedding > 0 && desk_.hasModel());
  const bool train = !ready && desk_.wantsTraining();
  load_->setVisible((model && !ready) || train);
  load_->setEnabled(train || desk_.canLoadModel());
  load_->setText(train                             ? desk_.trainText()
                 : starting                        ? tr("Loading the model…")
                 : state == ModelLink::State::Lost ? tr("Load the model again")
                                                   : tr("Load the model of the newest run"));
  load_->setAccessibleName(load_->text());
  load_->setToolTip(state == ModelLink::State::Lost  ? model->problem()
                    : load_->isEnabled() || starting ? QString()
                                                     : tr("No run has a checkpoint yet"));
}

void AdaptersPane::setLists(const std::vector<std::filesystem::path>& lists, const std::filesystem::path& root) {
  lists_ = lists;
  root_ = root;
  const quint64 generation = ++generation_;
  reader_.start([this, lists, root, generation] {
    auto pool = std::make_shared<LoraPool>();
    std::optional<Notice> problem;
    try {
      *pool = loadLoraLists(lists, root);
    } catch (const std::exception& error) {
      problem = Notice::of(error);
    }
    QMetaObject::invokeMethod(this, [this, generation, pool, matrix = similarityMatrix(*pool), problem] {
      if (generation == generation_) take(pool, matrix, problem);
    });
  });
}

void AdaptersPane::take(std::shared_ptr<const LoraPool> pool, const LoraMatrix& matrix,
                        const std::optional<Notice>& problem) {
  pool_ = std::move(pool);
  problemOfLists_ = problem;
  if (problem) emit noticed(*problem);
  begin();
  ++rankings_;
  query_.clear();
  ranking_->set({});
  matrix_->set(matrix);
  {
    const QSignalBlocker still(adapter_);
    adapter_->clear();
    for (const LoraEntry& entry : pool_->entries) {
      adapter_->addItem(QString::fromStdString(entry.name));
      adapter_->setItemData(adapter_->count() - 1, QString::fromStdString(entry.description), Qt::ToolTipRole);
    }
  }
  QStringList parts = {tr("%1 adapters").arg(pool_->entries.size())};
  if (pool_->withoutEmbedding > 0) parts << tr("%1 without an embedding left out").arg(pool_->withoutEmbedding);
  if (pool_->withoutName > 0) parts << tr("%1 without a name left out").arg(pool_->withoutName);
  if (pool_->replaced > 0) parts << tr("%1 replaced by a later one").arg(pool_->replaced);
  if (pool_->listsSkipped > 0) parts << tr("%1 lists left out").arg(pool_->listsSkipped);
  leftOut_->setText(parts.join(QStringLiteral(", ")));
  QStringList notes;
  for (const std::string& note : pool_->notes) notes << QString::fromStdString(note);
  leftOut_->setToolTip(notes.join(QLatin1Char('\n')));
  showEmpty(pool_->entries.empty());
  fillEmptyState();
  if (!pool_->entries.empty()) askAdapter(adapter_->itemText(0));
  emit loaded();
}

void AdaptersPane::fillEmptyState() {
  const auto say = [this](const QString& heading, const QString& text, Offer offer, const QString& button) {
    offer_ = offer;
    emptyState()->set(QStringLiteral("adapters"), heading, text, button);
  };
  if (lists_.empty()) {
    say(tr("No adapters yet"),
        tr("A list of LoRA adapters with their embeddings shows here which of them fit a query, and how alike they "
           "are."),
        Offer::OpenLists, tr("Open a list"));
  } else if (problemOfLists_) {
    say(tr("The adapters cannot be read"), problemOfLists_->oneLine(), Offer::OpenLists, tr("Open another list"));
  } else if (desk_.hasModel()) {
    say(tr("The adapters have no embeddings yet"),
        tr("The model of the newest run makes them of the adapters' example sentences."), Offer::Embed,
        tr("Make the embeddings"));
  } else if (desk_.wantsTraining()) {
    say(tr("The adapters have no embeddings yet"),
        tr("A trained model makes them of the adapters' example sentences. There is none yet."), Offer::Train,
        desk_.trainText());
  } else {
    say(tr("The adapters have no embeddings yet"),
        tr("A trained model makes them of the adapters' example sentences. No run has a checkpoint yet."),
        Offer::OpenLists, tr("Open another list"));
  }
}

void AdaptersPane::chooseSource(Source source) {
  const QSignalBlocker still(source_);
  source_->setCurrentIndex(static_cast<int>(source));
  sources_->setCurrentIndex(static_cast<int>(source));
}

quint64 AdaptersPane::begin() {
  asking_.cancel();
  drawModel();
  return ++questions_;
}

void AdaptersPane::askAdapter(const QString& name) {
  begin();
  chooseSource(Source::Adapter);
  const QSignalBlocker still(adapter_);
  adapter_->setCurrentText(name);
  for (const LoraEntry& entry : pool_->entries) {
    if (QString::fromStdString(entry.name) != name) continue;
    return setQuery(entry.mean, tr("Other adapters most like %1").arg(name), entry.name);
  }
}

void AdaptersPane::askFile(const QString& file, int row) {
  chooseSource(Source::File);
  {
    const QSignalBlocker still(row_);
    file_->setText(file);
    row_->setValue(row);
  }
  std::filesystem::path path = file.toStdString();
  if (path.is_relative()) path = root_ / path;
  reader_.start([this, path, row, question = begin()] {
    std::vector<float> query;
    std::optional<Notice> problem;
    try {
      query = NpyArray::open(path).floatRow(row);
    } catch (const std::exception& error) {
      problem = Notice::of(error);
    }
    QMetaObject::invokeMethod(this, [this, path, row, question, query, problem] {
      if (question != questions_) return;  // something else was asked meanwhile
      if (problem) {
        emit noticed(*problem);
        problem_->setText(problem->oneLine());
        problem_->show();
        return;
      }
      setQuery(query, tr("Row %1 of %2").arg(row).arg(QString::fromStdString(path.filename().string())));
    });
  });
}

void AdaptersPane::askText(const QString& text) {
  if (text.trimmed().isEmpty() || !desk_.model()) return;
  begin();
  chooseSource(Source::Words);
  words_->setText(text);
  ModelLink::Callbacks callbacks;
  callbacks.done = [this, text](const Json& answer) {
    takeVector(answer, tr("“%1”").arg(text.trimmed()));
    drawModel();
  };
  callbacks.failed = [this](const Error& error) {
    emit noticed(Notice::of(error));
    drawModel();
  };
  asking_.ask(*desk_.model(), "embed", {{"kind", "text"}, {"inputs", {text.trimmed().toStdString()}}},
              std::move(callbacks));
  drawModel();
}

void AdaptersPane::takeVector(const Json& answer, const QString& title) {
  try {
    if (answer.contains("file")) {
      const std::filesystem::path file = answer["file"].get<std::string>();
      const std::vector<float> query = NpyArray::open(file).floatRow(0);
      std::error_code ignored;
      std::filesystem::remove(file, ignored);  // the reader unlinks it
      setQuery(query, title);
    } else {
      setQuery(answer.at("embeddings").at(0).get<std::vector<float>>(), title);
    }
  } catch (const Json::exception& error) {
    throw dataError(std::string("the answer holds no embedding: ") + error.what(), "model");
  }
}

void AdaptersPane::setQuery(std::vector<float> query, const QString& title, const std::string& asked) {
  query_ = std::move(query);
  asked_ = asked;
  title_->setText(title);
  rank();
}

void AdaptersPane::rank() {
  if (query_.empty() || pool_->entries.empty()) return;
  LoraRankOptions options;
  options.k = k_->value();
  options.temperature = temperature_->value();
  options.weights = static_cast<LoraWeights>(weights_->currentData().toInt());
  // An adapter is always most like itself: that says nothing. Where it is the only one, nothing is left to rank.
  if (!asked_.empty() && pool_->entries.size() > 1) options.exclude = {asked_};
  reader_.start([this, pool = pool_, query = query_, options, turn = ++rankings_] {
    if (turn != rankings_) return;  // the settings were changed since
    LoraRanking ranking;
    QString problem;
    try {
      ranking = rankLoras(*pool, query, options);
    } catch (const Error& error) {
      problem = QString::fromStdString(describe(error));
    }
    QMetaObject::invokeMethod(this, [this, ranking, problem, turn] {
      if (turn != rankings_) return;
      ranking_->set(ranking);
      problem_->setText(problem);
      problem_->setVisible(!problem.isEmpty());
    });
  });
}

void AdaptersPane::setSettings(int k, double temperature, LoraWeights weights) {
  k_->setValue(k);
  temperature_->setValue(temperature);
  weights_->setCurrentIndex(weights_->findData(static_cast<int>(weights)));
}

QString AdaptersPane::leftOut() const { return leftOut_->text(); }

void AdaptersPane::chooseLists() {
  const QStringList files = QFileDialog::getOpenFileNames(this, tr("Lists of adapters"),
                                                          QString::fromStdString(root_.string()), tr("Lists (*.json)"));
  if (files.isEmpty()) return;
  std::vector<std::filesystem::path> lists;
  for (const QString& file : files) lists.emplace_back(file.toStdString());
  setLists(lists, root_);
}

void AdaptersPane::registerActions(ActionRegistry& registry) {
  const auto add = [&](const char* id, const QString& text, const char* key, const char* icon,
                       std::function<void()> run) {
    ActionSpec spec{QLatin1String(id), text, tr("Adapters"), QLatin1String(key), QLatin1String(icon)};
    spec.run = std::move(run);
    spec.scope = this;
    registry.add(std::move(spec));
  };
  add("adapters.open", tr("Open lists of adapters"), "", "open", [this] { chooseLists(); });
  add("adapters.ask", tr("Ask for adapters in words"), "Ctrl+L", "search", [this] {
    chooseSource(Source::Words);
    words_->setFocus(Qt::ShortcutFocusReason);
  });
  add("adapters.embed", tr("Make missing embeddings with the model of the newest run"), "", "", [this] {
    if (desk_.hasModel()) emit embedWanted();
  });
  add("adapters.next_source", tr("Ask with words, a file's row or an adapter"), "", "",
      [this] { source_->setCurrentIndex((source_->currentIndex() + 1) % source_->count()); });
  add("adapters.next_weights", tr("Next rule of the weights"), "", "",
      [this] { weights_->setCurrentIndex((weights_->currentIndex() + 1) % weights_->count()); });
  add("adapters.bars_table", tr("Best adapters as bars or table"), "", "table",
      [this] { bars_->showTable(!bars_->showsTable()); });
  add("adapters.matrix_table", tr("Similarity as map or table"), "", "matrix",
      [this] { mapBoth_->showTable(!mapBoth_->showsTable()); });
}

QJsonObject AdaptersPane::saveState() const {
  return {{QStringLiteral("k"), k_->value()},
          {QStringLiteral("temperature"), temperature_->value()},
          {QStringLiteral("weights"), weights_->currentText()}};
}

void AdaptersPane::restoreState(const QJsonObject& state) {
  if (state.contains(QStringLiteral("temperature"))) {
    temperature_->setValue(state.value(QStringLiteral("temperature")).toDouble());
  }
  if (state.contains(QStringLiteral("k"))) k_->setValue(state.value(QStringLiteral("k")).toInt());
  const int rule = weights_->findText(state.value(QStringLiteral("weights")).toString());
  if (rule >= 0) weights_->setCurrentIndex(rule);
}

std::vector<TourStep> AdaptersPane::tourSteps() {
  const auto loaded = [this] { return lists_.empty() || !pool_->entries.empty() || isShowingEmpty(); };
  std::vector<TourStep> steps = {{QStringLiteral("another"), {}, loaded}};
  if (desk_.model() && desk_.model()->canStart()) {
    steps.push_back({QStringLiteral("words"), [this] { chooseSource(Source::Words); },
                     whenModelAnswers(
                         *desk_.model(),
                         [this] { askText(tr("Apical four chamber view with severely reduced systolic function")); },
                         [this] { return !asking_.isOpen(); })});
  }
  return steps;
}

}  // namespace counterpoint
