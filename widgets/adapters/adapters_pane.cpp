// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/adapters/adapters_pane.h"

#include "core/formats/npy.h"
#include "widgets/adapters/adapter_charts.h"
#include "widgets/common/action_registry.h"
#include "widgets/common/data_table.h"
#include "widgets/common/measures.h"
#include "widgets/common/number_text.h"
#include "widgets/common/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QSplitter>
#include <QStackedLayout>

namespace counterpoint {
namespace {

constexpr struct {
  LoraWeights rule;
  const char* name;
} kRules[] = {{LoraWeights::Softmax, "softmax"},
              {LoraWeights::Linear, "linear"},
              {LoraWeights::Uniform, "uniform"},
              {LoraWeights::Raw, "raw"}};

QLabel* quiet(const QString& text) {
  auto* label = new QLabel(text);
  setTextRole(label, "quiet");
  return label;
}

template <typename Control>
Control* named(Control* control, const QString& name, const QString& tip = {}) {
  control->setAccessibleName(name);
  control->setToolTip(tip.isEmpty() ? name : tip);
  return control;
}

}  // namespace

AdaptersPane::AdaptersPane(QWidget* parent)
    : Pane(QStringLiteral("adapters"), tr("Adapters"), parent),
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
  emptyState()->set(QStringLiteral("adapters"), tr("No adapters yet"),
                    tr("A list of LoRA adapters with their embeddings shows here which of them fit a query, and how "
                       "alike they are. Embeddings are made with counterpoint-worker lora embed."),
                    tr("Open a list"));
  connect(emptyState(), &EmptyState::pressed, this, &AdaptersPane::chooseLists);
  chooseSource(Source::Adapter);
  drawModel();
}

AdaptersPane::~AdaptersPane() {
  if (asking_ && model_) model_->cancel(*asking_);
  reader_.waitForDone();
}

QWidget* AdaptersPane::makeControls() {
  auto* panel = new QWidget;
  panel->setProperty("surface", "panel");
  auto* column = new QVBoxLayout(panel);
  column->setContentsMargins(measures::kEdge, measures::kEdge, measures::kEdge, measures::kGap);
  column->setSpacing(measures::kGap);
  auto* ask = new QHBoxLayout;
  ask->setSpacing(measures::kGap);
  source_ = named(new QComboBox, tr("What is asked with"));
  source_->addItems({tr("In words"), tr("Row of a file"), tr("Another adapter")});
  ask->addWidget(quiet(tr("Ask")));
  ask->addWidget(source_);

  auto* holder = new QWidget;
  sources_ = new QStackedLayout(holder);
  sources_->setContentsMargins(0, 0, 0, 0);
  auto* words = new QWidget;
  auto* wordsRow = new QHBoxLayout(words);
  wordsRow->setContentsMargins(0, 0, 0, 0);
  words_ = named(new QLineEdit, tr("Question in words"));
  words_->setPlaceholderText(tr("Set an alarm for seven"));
  askWords_ = new QPushButton(tr("Ask"));
  load_ = new QPushButton;
  wordsRow->addWidget(words_, 1);
  wordsRow->addWidget(askWords_);
  wordsRow->addWidget(load_);
  auto* file = new QWidget;
  auto* fileRow = new QHBoxLayout(file);
  fileRow->setContentsMargins(0, 0, 0, 0);
  file_ = named(new QLineEdit, tr("Embedding file"), tr("A .npy file with one embedding a row"));
  file_->setPlaceholderText(tr("embeddings.npy"));
  auto* browse = new QPushButton(tr("Choose…"));
  browse->setAccessibleName(tr("Choose an embedding file"));
  row_ = named(new QSpinBox, tr("Row of the file"), tr("Row of the file, from 0"));
  row_->setRange(0, 100'000'000);
  row_->setPrefix(tr("row "));
  fileRow->addWidget(file_, 1);
  fileRow->addWidget(browse);
  fileRow->addWidget(row_);
  auto* other = new QWidget;
  auto* otherRow = new QHBoxLayout(other);
  otherRow->setContentsMargins(0, 0, 0, 0);
  adapter_ = named(new QComboBox, tr("Adapter that is asked with"));
  otherRow->addWidget(adapter_);
  otherRow->addStretch(1);
  for (QWidget* one : {words, file, other}) sources_->addWidget(one);
  ask->addWidget(holder, 1);
  column->addLayout(ask);

  auto* settings = new QHBoxLayout;
  settings->setSpacing(measures::kGap);
  k_ = named(new QSpinBox, tr("How many adapters"), tr("How many of the best adapters are weighed"));
  k_->setRange(1, 1000);
  k_->setValue(3);
  temperature_ = named(new QDoubleSpinBox, tr("Temperature"), tr("Of the softmax: small gives all weight to the best"));
  temperature_->setRange(0.01, 10);
  temperature_->setSingleStep(0.05);
  temperature_->setDecimals(2);
  temperature_->setValue(0.2);
  weights_ = named(new QComboBox, tr("Rule of the weights"));
  for (const auto& rule : kRules) weights_->addItem(QLatin1String(rule.name), static_cast<int>(rule.rule));
  for (const auto& [name, control] :
       {std::pair<QString, QWidget*>{tr("best"), k_}, {tr("weights"), weights_}, {tr("temperature"), temperature_}}) {
    settings->addWidget(quiet(name));
    settings->addWidget(control);
    settings->addSpacing(measures::kGap);
  }
  settings->addStretch(1);
  leftOut_ = quiet({});
  settings->addWidget(leftOut_);
  column->addLayout(settings);

  connect(source_, &QComboBox::currentIndexChanged, this,
          [this](int index) { chooseSource(static_cast<Source>(index)); });
  connect(words_, &QLineEdit::returnPressed, this, [this] { askText(words_->text()); });
  connect(askWords_, &QPushButton::clicked, this, [this] { askText(words_->text()); });
  connect(load_, &QPushButton::clicked, this, [this] {
    if (model_) model_->startNewest();
  });
  connect(file_, &QLineEdit::editingFinished, this, [this] {
    if (!file_->text().isEmpty()) askFile(file_->text(), row_->value());
  });
  connect(row_, &QSpinBox::valueChanged, this, [this](int row) {
    if (!file_->text().isEmpty()) askFile(file_->text(), row);
  });
  connect(browse, &QPushButton::clicked, this, [this] {
    const QString chosen = QFileDialog::getOpenFileName(
        this, tr("Embedding file"), QString::fromStdString(root_.string()), tr("NumPy arrays (*.npy)"));
    if (!chosen.isEmpty()) askFile(chosen, row_->value());
  });
  connect(adapter_, &QComboBox::currentTextChanged, this, [this](const QString& name) {
    if (!name.isEmpty()) askAdapter(name);
  });
  connect(k_, &QSpinBox::valueChanged, this, &AdaptersPane::rank);
  connect(temperature_, &QDoubleSpinBox::valueChanged, this, &AdaptersPane::rank);
  connect(weights_, &QComboBox::currentIndexChanged, this, [this] {
    temperature_->setEnabled(weights_->currentData().toInt() == static_cast<int>(LoraWeights::Softmax));
    rank();
  });
  return panel;
}

QWidget* AdaptersPane::makeCharts() {
  auto* split = new QSplitter;
  split->setChildrenCollapsible(false);
  auto* left = new QWidget;
  left->setProperty("surface", "panel");
  auto* column = new QVBoxLayout(left);
  column->setContentsMargins(measures::kEdge, measures::kEdge, measures::kEdge, measures::kEdge);
  column->setSpacing(measures::kGap);
  title_ = new QLabel;
  title_->setWordWrap(true);
  setTextRole(title_, "heading");
  problem_ = new QLabel;
  problem_->setWordWrap(true);
  setTextRole(problem_, "warn");
  problem_->hide();
  bars_ = new ChartWithTable(new RankingBars(*ranking_), ranking_, tr("Best adapters"));
  bars_->table()->setColumnWidth(0, 200);
  bars_->setProperty("surface", "panel");
  bars_->setAttribute(Qt::WA_StyledBackground);
  column->addWidget(title_);
  column->addWidget(problem_);
  auto* scroll = new QScrollArea;
  scroll->setWidget(bars_);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->setAccessibleName(tr("Best adapters"));
  column->addWidget(scroll, 1);
  auto* right = new QWidget;
  right->setProperty("surface", "panel");
  auto* other = new QVBoxLayout(right);
  other->setContentsMargins(measures::kEdge, measures::kEdge, measures::kEdge, measures::kEdge);
  other->setSpacing(measures::kGap);
  auto* heading = new QLabel(tr("Cosine of the means"));
  setTextRole(heading, "heading");
  other->addWidget(heading);
  map_ = new MatrixMap(*matrix_);
  mapBoth_ = new ChartWithTable(map_, matrix_, tr("Similarity matrix"));
  other->addWidget(mapBoth_, 1);
  column->addWidget(quiet(tr("T shows the numbers as a table")));
  other->addWidget(
      quiet(tr("The diagonal, each adapter with itself, is not in the scale of colours. "
               "T shows the numbers as a table")));
  split->addWidget(left);
  split->addWidget(right);
  split->setSizes({400, 600});
  split->setStretchFactor(1, 1);
  return split;
}

void AdaptersPane::setModel(ModelLink* model) {
  model_ = model;
  if (model_) connect(model_, &ModelLink::stateChanged, this, &AdaptersPane::drawModel);
  drawModel();
}

void AdaptersPane::drawModel() {
  const auto state = model_ ? model_->state() : ModelLink::State::Off;
  const bool ready = state == ModelLink::State::Ready;
  words_->setEnabled(ready);
  askWords_->setEnabled(ready);
  load_->setVisible(model_ && !ready);
  load_->setEnabled(state != ModelLink::State::Starting);
  load_->setText(state == ModelLink::State::Starting ? tr("Loading the model…")
                 : state == ModelLink::State::Lost   ? tr("Load the model again")
                                                     : tr("Load the model of the newest run"));
  load_->setAccessibleName(load_->text());
  load_->setToolTip(state == ModelLink::State::Lost ? model_->problem() : QString());
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
    QMetaObject::invokeMethod(this, [this, generation, pool, problem] {
      if (generation == generation_) take(pool, problem);
    });
  });
}

void AdaptersPane::take(std::shared_ptr<LoraPool> pool, const std::optional<Notice>& problem) {
  pool_ = std::move(pool);
  if (problem) emit noticed(*problem);
  query_.clear();
  matrix_->set(similarityMatrix(*pool_));
  {
    const QSignalBlocker still(adapter_);
    adapter_->clear();
    for (const LoraEntry& entry : pool_->entries) {
      adapter_->addItem(QString::fromStdString(entry.name));
      adapter_->setItemData(adapter_->count() - 1, QString::fromStdString(entry.description), Qt::ToolTipRole);
    }
  }
  k_->setMaximum(std::max(1, adapter_->count()));
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
  if (pool_->entries.empty() && !lists_.empty()) {
    emptyState()->set(
        QStringLiteral("adapters"), tr("The adapters have no embeddings yet"),
        problem
            ? problem->oneLine()
            : tr("%1. Make them with counterpoint-worker lora embed.").arg(notes.mid(0, 2).join(QStringLiteral("; "))),
        tr("Open another list"));
  }
  if (!pool_->entries.empty()) askAdapter(adapter_->itemText(0));
  emit loaded();
}

void AdaptersPane::chooseSource(Source source) {
  const QSignalBlocker still(source_);
  source_->setCurrentIndex(static_cast<int>(source));
  sources_->setCurrentIndex(static_cast<int>(source));
}

void AdaptersPane::askAdapter(const QString& name) {
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
  const quint64 generation = generation_;
  reader_.start([this, path, row, generation] {
    std::vector<float> query;
    std::optional<Notice> problem;
    try {
      query = NpyArray::open(path).floatRow(row);
    } catch (const std::exception& error) {
      problem = Notice::of(error);
    }
    QMetaObject::invokeMethod(this, [this, path, row, generation, query, problem] {
      if (generation != generation_) return;
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
  if (text.trimmed().isEmpty() || !model_) return;
  chooseSource(Source::Words);
  words_->setText(text);
  if (asking_) model_->cancel(*asking_);
  ModelLink::Callbacks callbacks;
  callbacks.done = [this, text](const Json& answer) {
    asking_.reset();
    takeVector(answer, tr("“%1”").arg(text.trimmed()));
  };
  callbacks.failed = [this](const Error& error) {
    asking_.reset();
    emit noticed(Notice::of(error));
  };
  asking_ =
      model_->request("embed", {{"kind", "text"}, {"inputs", {text.trimmed().toStdString()}}}, std::move(callbacks));
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
  try {
    ranking_->set(rankLoras(*pool_, query_, options));
    problem_->hide();
  } catch (const Error& error) {
    ranking_->set({});
    problem_->setText(QString::fromStdString(describe(error)));
    problem_->show();
  }
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
  if (model_ && model_->canStart()) {
    steps.push_back(
        {QStringLiteral("words"), [this] { chooseSource(Source::Words); },
         whenModelAnswers(
             *model_, [this] { askText(tr("Apical four chamber view with severely reduced systolic function")); },
             [this] { return !asking_; })});
  }
  return steps;
}

}  // namespace counterpoint
