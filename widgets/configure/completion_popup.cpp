// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/completion_popup.h"

#include "widgets/common/measures.h"
#include "widgets/common/theme.h"
#include "widgets/configure/candidate_delegate.h"

#include <QCoreApplication>
#include <QKeyEvent>
#include <QListView>
#include <QStandardItemModel>

#include <algorithm>

namespace counterpoint {
namespace {

constexpr int kMostRows = 10, kMostWidth = 640;

}  // namespace

CompletionPopup::CompletionPopup(QWidget* typedIn)
    : QCompleter(typedIn), model_(new QStandardItemModel(this)), list_(new QListView) {
  setWidget(typedIn);
  setCompletionMode(UnfilteredPopupCompletion);
  setModel(model_);
  setMaxVisibleItems(kMostRows);
  list_->setAccessibleName(tr("What may stand here"));
  list_->setUniformItemSizes(true);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setPopup(list_);
  list_->setItemDelegate(new CandidateDelegate(list_));
  list_->installEventFilter(this);
  connect(this, qOverload<const QModelIndex&>(&QCompleter::activated), this,
          [this](const QModelIndex& index) { emit chosen(index.data(Qt::EditRole).toString()); });
}

void CompletionPopup::offer(const Completions& completions, const QRect& cursor, bool select) {
  if (completions.candidates.empty()) {
    close();
    return;
  }
  model_->clear();
  list_->setFont(codeFont());
  int name = 0, help = 0;
  const QFontMetrics code(codeFont()), words(uiFont(measures::kMedium));
  for (const CompletionCandidate& candidate : completions.candidates) {
    auto* item = new QStandardItem(QString::fromStdString(candidate.text));
    const QString meaning = QString::fromStdString(candidate.help);
    item->setData(meaning, CandidateDelegate::kHelpRole);
    item->setToolTip(meaning);
    item->setData(meaning.isEmpty() ? item->text() : item->text() + QStringLiteral(", ") + meaning,
                  Qt::AccessibleTextRole);
    model_->appendRow(item);
    name = std::max(name, code.horizontalAdvance(item->text()));
    help = std::max(help, words.horizontalAdvance(meaning));
  }
  static_cast<CandidateDelegate*>(list_->itemDelegate())->setNameWidth(name + measures::kGap);
  QRect place = cursor;
  place.setWidth(std::min(kMostWidth, name + help + 2 * measures::kGroupGap + 3 * measures::kGap));
  complete(place);
  list_->setCurrentIndex(select ? completionModel()->index(0, 0) : QModelIndex());
}

void CompletionPopup::close() { list_->hide(); }
bool CompletionPopup::isOpen() const { return list_->isVisible(); }

QStringList CompletionPopup::texts() const {
  QStringList all;
  for (int row = 0; row < model_->rowCount(); ++row) all << model_->item(row)->text();
  return all;
}

bool CompletionPopup::eventFilter(QObject* watched, QEvent* event) {
  if (watched == list_ && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    const bool takes = key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Tab;
    if (takes && list_->currentIndex().isValid()) {
      const QString text = list_->currentIndex().data(Qt::EditRole).toString();
      close();
      emit chosen(text);
      return true;
    }
    if (takes) {  // nothing is chosen: the key belongs to the text
      close();
      QCoreApplication::sendEvent(widget(), event);
      return true;
    }
  }
  return QCompleter::eventFilter(watched, event);
}

}  // namespace counterpoint
