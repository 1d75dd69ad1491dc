// SPDX-License-Identifier: GPL-3.0-or-later
// How the pane is put together: what is asked with above, bars and map below.
#include "widgets/adapters/adapter_charts.h"
#include "widgets/adapters/adapters_pane.h"
#include "widgets/common/data_table.h"
#include "widgets/common/measures.h"
#include "widgets/common/review_desk.h"
#include "widgets/common/theme.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
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
  k_ = named(new QSpinBox, tr("How many adapters"), tr("How many of the best adapters are weighed; at most all"));
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
  embed_ = new QPushButton(tr("Make missing embeddings"));
  settings->addWidget(embed_);
  column->addLayout(settings);

  connect(source_, &QComboBox::currentIndexChanged, this,
          [this](int index) { chooseSource(static_cast<Source>(index)); });
  connect(words_, &QLineEdit::returnPressed, this, [this] { askText(words_->text()); });
  connect(askWords_, &QPushButton::clicked, this, [this] {
    if (!asking_.isOpen()) return askText(words_->text());
    asking_.cancel();
    drawModel();
  });
  connect(embed_, &QPushButton::clicked, this, &AdaptersPane::embedWanted);
  connect(load_, &QPushButton::clicked, this, [this] {
    if (desk_.wantsTraining()) {
      emit trainWanted();
    } else if (desk_.canLoadModel()) {
      desk_.model()->startNewest();
    }
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
      quiet(tr("White is 0. The diagonal, each adapter with itself, is not in the scale of colours. "
               "T shows the numbers as a table")));
  split->addWidget(left);
  split->addWidget(right);
  split->setSizes({400, 600});
  split->setStretchFactor(1, 1);
  return split;
}

}  // namespace counterpoint
