// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/clips/studies_pane.h"

#include "widgets/common/action_registry.h"
#include "widgets/common/measures.h"
#include "widgets/common/review_desk.h"
#include "widgets/common/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTreeView>
#include <QVBoxLayout>

#include <set>

namespace counterpoint {
namespace {

const QString kCaptioned = QStringLiteral("❝");

enum Role { ClipRole = Qt::UserRole + 1, SplitRole, WordsRole };

// A study is shown with all its clips where its own words fit, else with those that fit.
class StudyFilter : public QSortFilterProxyModel {
 public:
  using QSortFilterProxyModel::QSortFilterProxyModel;
  void set(const QString& words, const QString& split) {
    words_ = words.simplified().toCaseFolded().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    split_ = split;
    invalidateFilter();
  }

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override {
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    if (!parent.isValid()) {
      for (int child = 0; child < sourceModel()->rowCount(index); ++child) {
        if (filterAcceptsRow(child, index)) return true;
      }
      return false;
    }
    if (!split_.isEmpty() && index.data(SplitRole).toString() != split_) return false;
    const QString text = index.data(WordsRole).toString();
    return std::all_of(words_.begin(), words_.end(), [&](const QString& word) { return text.contains(word); });
  }

 private:
  QStringList words_;
  QString split_;
};

}  // namespace

StudiesPane::StudiesPane(ReviewDesk& desk, QWidget* parent)
    : Pane(QStringLiteral("studies"), tr("Studies"), parent),
      desk_(desk),
      filter_(new QLineEdit),
      split_(new QComboBox),
      tree_(new QTreeView),
      count_(new QLabel),
      model_(new QStandardItemModel(this)),
      shown_(new StudyFilter(this)) {
  auto* content = new QWidget;
  content->setProperty("surface", "panel");
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(measures::kEdge, measures::kGap, measures::kEdge, measures::kGap);
  column->setSpacing(measures::kGap);
  filter_->setPlaceholderText(tr("Filter: study, view, words of the report, starred, captioned, accepted"));
  filter_->setAccessibleName(tr("Filter studies"));
  filter_->setClearButtonEnabled(true);
  split_->setAccessibleName(tr("Split"));
  split_->setToolTip(tr("Which split of the study table is shown"));
  auto* row = new QHBoxLayout;
  row->setSpacing(measures::kGap);
  row->addWidget(filter_, 1);
  row->addWidget(split_);
  column->addLayout(row);
  tree_->setAccessibleName(tr("Studies and clips"));
  tree_->setHeaderHidden(true);
  tree_->setUniformRowHeights(true);
  tree_->setFrameShape(QFrame::NoFrame);
  tree_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  shown_->setSourceModel(model_);
  tree_->setModel(shown_);
  column->addWidget(tree_, 1);
  setTextRole(count_, "quiet");
  column->addWidget(count_);
  setContent(content);

  connect(filter_, &QLineEdit::textChanged, this, &StudiesPane::applyFilter);
  connect(split_, &QComboBox::currentIndexChanged, this, &StudiesPane::applyFilter);
  connect(tree_->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& index) {
    if (const QVariant clip = index.data(ClipRole); clip.isValid()) desk_.setCurrent(clip.toInt());
  });
  connect(&desk_, &ReviewDesk::loaded, this, &StudiesPane::fill);
  connect(&desk_, &ReviewDesk::currentChanged, this, [this] { select(desk_.current()); });
  connect(&desk_, &ReviewDesk::annotationChanged, this, &StudiesPane::drawItem);
  connect(&desk_, &ReviewDesk::captionsRead, this, [this] {
    for (int clip = 0; clip < static_cast<int>(items_.size()); ++clip) drawItem(clip);
  });
  connect(emptyState(), &EmptyState::pressed, this, &StudiesPane::openRequested);
  fill();
}

void StudiesPane::fill() {
  const QSignalBlocker quiet(tree_->selectionModel());
  items_.clear();
  model_->clear();
  std::set<QString> splits;
  QHash<QString, QStandardItem*> studies;
  for (int i = 0; i < static_cast<int>(desk_.clips().size()); ++i) {
    const ClipItem& clip = desk_.clips()[static_cast<std::size_t>(i)];
    QStandardItem*& study = studies[QString::fromStdString(clip.study)];
    if (!study) {
      study = new QStandardItem(studyTitle(clip));
      model_->appendRow(study);
    }
    auto* item = new QStandardItem;
    item->setData(i, ClipRole);
    item->setData(QString::fromStdString(clip.split), SplitRole);
    study->appendRow(item);
    items_.push_back(item);
    if (!clip.split.empty()) splits.insert(QString::fromStdString(clip.split));
    drawItem(i);
  }
  {
    const QSignalBlocker still(split_);
    const QString before = wantedSplit_.isEmpty() ? split_->currentData().toString() : wantedSplit_;
    split_->clear();
    split_->addItem(tr("all splits"), QString());
    for (const QString& split : splits) split_->addItem(split, split);
    split_->setCurrentIndex(std::max(0, split_->findData(before)));
    split_->setVisible(splits.size() > 1);
  }
  applyFilter();
  showEmpty(items_.empty());
  if (desk_.isLoading()) {
    emptyState()->set(QStringLiteral("studies"), tr("Reading the study table…"), {}, {});
  } else if (desk_.place().workspace.empty()) {
    emptyState()->set(QStringLiteral("studies"), tr("No studies yet"),
                      tr("Studies of the open workspace are listed here, with their clips."), tr("Open a workspace"));
  } else {
    emptyState()->set(
        QStringLiteral("studies"), tr("The workspace has no studies"),
        tr("%1 has no clips that can be found.").arg(QString::fromStdString(desk_.place().studies.string())),
        tr("Open another workspace"));
  }
  // The clip of the session gives way to one that was asked for.
  if (!wantedClip_.isEmpty() && !items_.empty()) {
    const QString wanted = std::exchange(wantedClip_, {});
    if (desk_.current() < 0 && !desk_.isOpening()) desk_.openClip(wanted);
  }
  select(desk_.current());
}

void StudiesPane::drawItem(int clip) {
  if (clip < 0 || clip >= static_cast<int>(items_.size())) return;
  const ClipItem& item = desk_.clips()[static_cast<std::size_t>(clip)];
  const ClipAnnotation& kept = item.annotation;
  const QString title = clipTitle(item);
  QStringList badges;
  QString spoken = title;
  if (desk_.captionOf(item)) {
    badges << kCaptioned;
    spoken += tr(", captioned");
  }
  if (kept.starred) {
    badges << QStringLiteral("★");
    spoken += tr(", starred");
  }
  if (const JudgedCaption* caption = desk_.judgedOf(item)) {
    const QString judged = judgementText(caption->state);
    badges << judged.left(1);
    spoken += QStringLiteral(", ") + judged.mid(2);
  }
  if (!kept.note.empty()) {
    badges << QStringLiteral("¶");
    spoken += tr(", note");
  }
  QStandardItem* target = items_[static_cast<std::size_t>(clip)];
  target->setText(badges.isEmpty() ? title : badges.join(QLatin1Char(' ')) + QStringLiteral("  ") + title);
  target->setToolTip(spoken + QLatin1Char('\n') + QString::fromStdString(item.path.string()));
  target->setData(spoken, Qt::AccessibleTextRole);
  target->setData(
      QString::fromStdString(item.study + ' ' + item.view + ' ' + item.report + ' ' + item.id).toCaseFolded() +
          QLatin1Char(' ') + spoken.toCaseFolded(),
      WordsRole);
  // The study tells how many clips it has, how many of them have a caption and how many are judged.
  QStandardItem* study = target->parent();
  int judged = 0, captioned = 0;
  for (int row = 0; row < study->rowCount(); ++row) {
    const int other = study->child(row)->data(ClipRole).toInt();
    const ClipItem& one = desk_.clips()[static_cast<std::size_t>(other)];
    if (desk_.judgedOf(one)) ++judged;
    if (desk_.captionOf(one)) ++captioned;
  }
  QString text = studyTitle(item) + tr("   %1").arg(study->rowCount());
  if (captioned > 0) text += QStringLiteral("   %1 %2").arg(kCaptioned).arg(captioned);
  if (judged > 0) text += tr("   ✓ %1").arg(judged);
  study->setText(text);
  study->setToolTip(tr("%1 clips, %2 with a caption, %3 judged").arg(study->rowCount()).arg(captioned).arg(judged));
}

void StudiesPane::applyFilter() {
  const QString split = split_->currentData().toString();
  static_cast<StudyFilter*>(shown_)->set(filter_->text(), split);
  if (!filter_->text().trimmed().isEmpty() && shown_->rowCount() < 50) tree_->expandAll();
  const int clips = shownClips();
  QString text = tr("%1 clips in %2 studies").arg(clips).arg(shown_->rowCount());
  if (!desk_.missing().isEmpty()) text += tr("; %1 missing").arg(desk_.missing().size());
  count_->setText(text);
  count_->setToolTip(desk_.missing().mid(0, 20).join(QLatin1Char('\n')));
  select(desk_.current());
}

int StudiesPane::shownClips() const {
  int clips = 0;
  for (int row = 0; row < shown_->rowCount(); ++row) clips += shown_->rowCount(shown_->index(row, 0));
  return clips;
}

void StudiesPane::select(int clip) {
  if (clip < 0 || clip >= static_cast<int>(items_.size())) return;
  const QModelIndex index = shown_->mapFromSource(items_[static_cast<std::size_t>(clip)]->index());
  if (!index.isValid() || index == tree_->currentIndex()) return;
  tree_->expand(index.parent());
  tree_->setCurrentIndex(index);
  tree_->scrollTo(index);
}

void StudiesPane::go(int step) {
  QModelIndex index = tree_->currentIndex();
  do {
    index = !index.isValid() ? shown_->index(0, 0) : step > 0 ? tree_->indexBelow(index) : tree_->indexAbove(index);
    if (index.isValid() && !index.parent().isValid()) tree_->expand(index);
  } while (index.isValid() && !index.data(ClipRole).isValid());
  if (index.isValid()) tree_->setCurrentIndex(index);
}

void StudiesPane::registerActions(ActionRegistry& registry) {
  ActionSpec spec{QStringLiteral("review.next_clip"), tr("Next clip"), tr("Review"), QStringLiteral("PgDown"),
                  QStringLiteral("down")};
  spec.run = [this] { go(1); };
  spec.scope = keyScope_;
  registry.add(spec);
  spec.id = QStringLiteral("review.previous_clip");
  spec.text = tr("Previous clip");
  spec.key = QStringLiteral("PgUp");
  spec.icon = QStringLiteral("up");
  spec.run = [this] { go(-1); };
  registry.add(spec);
  spec.id = QStringLiteral("review.next_split");
  spec.text = tr("Show the next split of the studies");
  spec.key.clear();
  spec.icon.clear();
  spec.run = [this] { split_->setCurrentIndex((split_->currentIndex() + 1) % std::max(1, split_->count())); };
  registry.add(spec);
  spec.id = QStringLiteral("review.filter");
  spec.text = tr("Filter studies");
  spec.key.clear();
  spec.icon = QStringLiteral("filter");
  spec.run = [this] { filter_->setFocus(Qt::ShortcutFocusReason); };
  registry.add(spec);
}

QJsonObject StudiesPane::saveState() const {
  const ClipItem* clip = desk_.currentClip();
  return {{QStringLiteral("clip"), clip ? QString::fromStdString(clip->id) : wantedClip_},
          {QStringLiteral("split"), split_->currentData().toString()}};
}

void StudiesPane::restoreState(const QJsonObject& state) {
  wantedSplit_ = state.value(QStringLiteral("split")).toString();
  wantedClip_ = state.value(QStringLiteral("clip")).toString();
  if (!items_.empty()) fill();
}

}  // namespace counterpoint
