// SPDX-License-Identifier: GPL-3.0-or-later
// How the pane is put together: queries on the left, results in the middle, the detail on the right.
#include "widgets/common/data_table.h"
#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/review_desk.h"
#include "widgets/common/theme.h"
#include "widgets/retrieval/hit_delegate.h"
#include "widgets/retrieval/retrieve_pane.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

namespace counterpoint {
namespace {

constexpr int kDetailPicture = 192;

// Chips: right, wrong, view.
class HitFilter : public QSortFilterProxyModel {
 public:
  using QSortFilterProxyModel::QSortFilterProxyModel;
  void set(bool right, bool wrong, const QString& view) {
    right_ = right;
    wrong_ = wrong;
    view_ = view;
    invalidateFilter();
  }

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override {
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    if (!(index.data(HitsModel::RightRole).toBool() ? right_ : wrong_)) return false;
    return view_.isEmpty() || index.data(HitsModel::ViewRole).toString() == view_;
  }

 private:
  bool right_ = true, wrong_ = true;
  QString view_;
};

QToolButton* chip(const QString& text, const QString& tip) {
  auto* button = new QToolButton;
  button->setText(text);
  button->setToolTip(tip);
  button->setAccessibleName(tip);
  button->setCheckable(true);
  button->setChecked(true);
  return button;
}

QVBoxLayout* panelColumn(QWidget* panel) {
  panel->setProperty("surface", "panel");
  auto* column = new QVBoxLayout(panel);
  column->setContentsMargins(measures::kEdge, measures::kEdge, measures::kEdge, measures::kEdge);
  column->setSpacing(measures::kGap);
  return column;
}

}  // namespace

RetrievePane::RetrievePane(ReviewDesk& desk, QWidget* parent)
    : Pane(QStringLiteral("retrieve"), tr("Retrieve"), parent),
      desk_(desk),
      queriesModel_(new QueriesModel(this)),
      hitsModel_(new HitsModel(this)),
      sortedQueries_(new QSortFilterProxyModel(this)),
      shownHits_(new HitFilter(this)) {
  reader_.setMaxThreadCount(1);
  auto* split = new QSplitter;
  split->setChildrenCollapsible(false);
  split->addWidget(makeQueries());
  split->addWidget(makeResults());
  split->addWidget(makeDetail());
  split->setStretchFactor(1, 1);
  split->setSizes({340, 680, 240});
  setContent(split);
  connect(&desk_, &ReviewDesk::runsChanged, this, &RetrievePane::takeRun);
  connect(&desk_, &ReviewDesk::loaded, this, &RetrievePane::drawModel);
  connect(&desk_, &ReviewDesk::captionChanged, this, &RetrievePane::drawModel);
  connect(&thumbnails_, &Thumbnails::arrived, this, [this](const QString& clip) {
    hitsModel_->redraw();
    if (clip == detailClip_) drawDetailPicture();
  });
  connect(emptyState(), &EmptyState::pressed, this, [this] {
    if (desk_.place().workspace.empty()) {
      emit openRequested();
    } else if (desk_.wantsTraining()) {
      emit trainWanted();
    } else {
      loadModel();
    }
  });
  takeRun();
}

QWidget* RetrievePane::makeQueries() {
  auto* panel = new QWidget;
  QVBoxLayout* column = panelColumn(panel);
  auto* row = new QHBoxLayout;
  auto* title = new QLabel(tr("Evaluated queries"));
  setTextRole(title, "heading");
  split_ = new QComboBox;
  split_->setAccessibleName(tr("Split"));
  split_->setToolTip(tr("Split that is browsed and searched"));
  row->addWidget(title, 1);
  row->addWidget(split_);
  column->addLayout(row);
  queryFilter_ = new QLineEdit;
  queryFilter_->setPlaceholderText(tr("Filter queries"));
  queryFilter_->setAccessibleName(tr("Filter queries"));
  queryFilter_->setClearButtonEnabled(true);
  column->addWidget(queryFilter_);
  queries_ = new DataTable(tr("Evaluated queries"));
  sortedQueries_->setSourceModel(queriesModel_);
  sortedQueries_->setFilterKeyColumn(QueriesModel::Query);
  sortedQueries_->setFilterCaseSensitivity(Qt::CaseInsensitive);
  queries_->setModel(sortedQueries_);
  queries_->setSelectionMode(QAbstractItemView::SingleSelection);
  queries_->setSortingEnabled(true);
  queries_->sortByColumn(QueriesModel::Worst, Qt::DescendingOrder);
  for (const int narrow : {QueriesModel::Worst, QueriesModel::Best, QueriesModel::Count}) {
    queries_->setColumnWidth(narrow, narrow == QueriesModel::Worst ? 68 : 62);
  }
  column->addWidget(queries_, 1);
  connect(queryFilter_, &QLineEdit::textChanged, sortedQueries_, &QSortFilterProxyModel::setFilterFixedString);
  connect(split_, &QComboBox::currentIndexChanged, this, &RetrievePane::takeSplit);
  connect(queries_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& index) {
    if (index.isValid()) showRecord(queriesModel_->record(sortedQueries_->mapToSource(index).row()));
  });
  return panel;
}

QWidget* RetrievePane::makeResults() {
  auto* panel = new QWidget;
  QVBoxLayout* column = panelColumn(panel);
  auto* row = new QHBoxLayout;
  row->setSpacing(measures::kGap);
  question_ = new QLineEdit;
  question_->setPlaceholderText(tr("Ask in words: severely reduced ejection fraction"));
  question_->setAccessibleName(tr("Question in words"));
  ask_ = new QPushButton(tr("Ask"));
  ask_->setProperty("primary", true);
  withClip_ = new QPushButton(tr("Ask with a clip"));
  withClip_->setMenu(new QMenu(withClip_));  // of the actions that registerActions() makes
  row->addWidget(question_, 1);
  row->addWidget(ask_);
  row->addWidget(withClip_);
  column->addLayout(row);
  auto* modelRow = new QHBoxLayout;
  modelText_ = new QLabel;
  modelText_->setWordWrap(true);
  setTextRole(modelText_, "quiet");
  load_ = new QPushButton;
  modelRow->addWidget(modelText_, 1);
  modelRow->addWidget(load_);
  column->addLayout(modelRow);
  metrics_ = new QLabel;
  metrics_->setFont(tabularFont());
  metrics_->setAccessibleName(tr("Metrics of the split"));
  metrics_->setToolTip(tr("Over every query of the split"));
  asked_ = new QLabel;
  asked_->setWordWrap(true);
  asked_->setFont(uiFont(measures::kLarge, true));
  asked_->setTextFormat(Qt::PlainText);
  ranks_ = new QLabel;
  ranks_->setWordWrap(true);
  ranks_->setFont(tabularFont());
  ranks_->setAccessibleName(tr("Ranks of the right answers"));
  setTextRole(metrics_, "quiet");
  column->addWidget(metrics_);
  column->addWidget(asked_);
  auto* chips = new QHBoxLayout;
  chips->setSpacing(measures::kGap);
  right_ = chip(tr("✓ right"), tr("Show right answers"));
  wrong_ = chip(tr("others"), tr("Show answers that are not right"));
  view_ = new QComboBox;
  view_->setAccessibleName(tr("Show one view"));
  view_->setToolTip(view_->accessibleName());
  auto* table = new QToolButton;
  table->setIcon(icon(QStringLiteral("table")));
  table->setAccessibleName(tr("Gallery or table"));
  table->setToolTip(tr("Gallery or table (T)"));
  chips->addWidget(ranks_, 1);
  for (QWidget* widget : {static_cast<QWidget*>(right_), static_cast<QWidget*>(wrong_), static_cast<QWidget*>(view_),
                          static_cast<QWidget*>(table)}) {
    chips->addWidget(widget);
  }
  column->addLayout(chips);

  gallery_ = new QListView;
  gallery_->setAccessibleName(tr("Ranked clips"));
  gallery_->setViewMode(QListView::IconMode);
  gallery_->setResizeMode(QListView::Adjust);
  gallery_->setMovement(QListView::Static);
  gallery_->setUniformItemSizes(true);
  gallery_->setSelectionBehavior(QAbstractItemView::SelectRows);  // the table shares the selection
  gallery_->setFrameShape(QFrame::NoFrame);
  gallery_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  gallery_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  gallery_->setItemDelegate(new HitDelegate(thumbnails_, gallery_));
  shownHits_->setSourceModel(hitsModel_);
  gallery_->setModel(shownHits_);
  hits_ = new ChartWithTable(gallery_, shownHits_, tr("Ranked clips"));
  hits_->table()->setSelectionMode(QAbstractItemView::SingleSelection);
  hits_->table()->setSelectionModel(gallery_->selectionModel());
  hits_->table()->setColumnWidth(HitsModel::Rank, 56);
  hits_->table()->setColumnWidth(HitsModel::Right, 72);
  hits_->table()->setColumnWidth(HitsModel::Score, 72);
  hits_->table()->setColumnWidth(HitsModel::View, 140);
  hits_->table()->setColumnWidth(HitsModel::StudyId, 120);
  hits_->table()->setColumnWidth(HitsModel::Text, 320);
  column->addWidget(hits_, 1);

  connect(question_, &QLineEdit::returnPressed, this, [this] { askText(question_->text()); });
  connect(ask_, &QPushButton::clicked, this, [this] {
    if (asking_.isOpen()) {
      cancelAsking();
    } else {
      askText(question_->text());
    }
  });
  connect(load_, &QPushButton::clicked, this, &RetrievePane::loadModel);
  connect(right_, &QToolButton::toggled, this, &RetrievePane::applyChips);
  connect(wrong_, &QToolButton::toggled, this, &RetrievePane::applyChips);
  connect(view_, &QComboBox::currentIndexChanged, this, &RetrievePane::applyChips);
  connect(table, &QToolButton::clicked, this, [this] { hits_->showTable(!hits_->showsTable()); });
  connect(gallery_->selectionModel(), &QItemSelectionModel::currentChanged, this,
          [this](const QModelIndex& index) { showDetail(index.row()); });
  connect(gallery_, &QListView::activated, this, &RetrievePane::openCurrent);
  connect(hits_->table(), &DataTable::activated, this, &RetrievePane::openCurrent);
  return panel;
}

QWidget* RetrievePane::makeDetail() {
  auto* panel = new QWidget;
  QVBoxLayout* column = panelColumn(panel);
  picture_ = new QLabel;
  picture_->setFixedSize(kDetailPicture, kDetailPicture);
  picture_->setAlignment(Qt::AlignCenter);
  picture_->setStyleSheet(QStringLiteral("background: black"));  // a clip lies on black in every theme
  picture_->setAccessibleName(tr("First picture of the clip"));
  detail_ = new QLabel;
  detail_->setWordWrap(true);
  detail_->setProperty("surface", "panel");
  detail_->setTextFormat(Qt::RichText);
  detail_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  detail_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  detail_->setAccessibleName(tr("The chosen clip"));
  open_ = new QPushButton(tr("Open in Review"));
  column->addWidget(picture_, 0, Qt::AlignHCenter);
  auto* scroll = new QScrollArea;
  scroll->setWidget(detail_);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->setAccessibleName(tr("Text of the chosen clip"));
  column->addWidget(scroll, 1);
  column->addWidget(open_, 0, Qt::AlignLeft);
  connect(open_, &QPushButton::clicked, this, &RetrievePane::openCurrent);
  return panel;
}

void RetrievePane::applyChips() {
  static_cast<HitFilter*>(shownHits_)->set(right_->isChecked(), wrong_->isChecked(), view_->currentData().toString());
}

}  // namespace counterpoint
