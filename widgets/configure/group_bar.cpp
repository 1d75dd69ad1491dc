// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/group_bar.h"

#include "widgets/common/measures.h"
#include "widgets/common/theme.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QSignalBlocker>

#include <algorithm>

namespace counterpoint {
namespace {

constexpr int kColumns = 3;

bool sameButForChoice(const std::vector<GroupChoice>& first, const std::vector<GroupChoice>& second) {
  return std::equal(first.begin(), first.end(), second.begin(), second.end(), [](const auto& one, const auto& other) {
    return one.key == other.key && one.options == other.options;
  });
}

}  // namespace

GroupBar::GroupBar(QWidget* parent) : QWidget(parent), grid_(new QGridLayout(this)) {
  setAccessibleName(tr("Groups"));
  grid_->setContentsMargins(measures::kEdge, 0, measures::kGap, measures::kGap);
  grid_->setHorizontalSpacing(measures::kGap);
  grid_->setVerticalSpacing(measures::kGrid);
  for (int column = 0; column < kColumns; ++column) grid_->setColumnStretch(2 * column + 1, 1);
  hide();
}

void GroupBar::setChoices(const std::vector<GroupChoice>& choices) {
  const bool same = sameButForChoice(choices_, choices);
  choices_ = choices;
  // The boxes stay while what they offer stays, so that the focus does too.
  if (!same) build();
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    const QSignalBlocker quiet(boxes_[i]);
    const auto& chosen = choices_[i].chosen;
    boxes_[i]->setCurrentIndex(chosen ? boxes_[i]->findText(QString::fromStdString(*chosen)) : 0);
  }
  setVisible(!choices_.empty());
}

void GroupBar::build() {
  qDeleteAll(findChildren<QWidget*>(Qt::FindDirectChildrenOnly));
  boxes_.clear();
  for (const GroupChoice& choice : choices_) {
    const int index = static_cast<int>(boxes_.size());
    const QString key = QString::fromStdString(choice.key);
    auto* box = new QComboBox;
    // Of a group that is chosen to be nothing, "null" is what the file says.
    box->addItem(QStringLiteral("null"));
    for (const auto& option : choice.options) box->addItem(QString::fromStdString(option));
    if (choice.chosen && box->findText(QString::fromStdString(*choice.chosen)) < 0)
      box->addItem(QString::fromStdString(*choice.chosen));
    box->setAccessibleName(tr("Group %1").arg(key));
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(8);
    auto* label = new QLabel(key);
    setTextRole(label, "quiet");
    label->setBuddy(box);
    grid_->addWidget(label, index / kColumns, 2 * (index % kColumns));
    grid_->addWidget(box, index / kColumns, 2 * (index % kColumns) + 1);
    connect(box, &QComboBox::activated, this, [this, box, key](int row) {
      emit chosen(key, row == 0 ? std::nullopt : std::optional(box->itemText(row)));
    });
    boxes_.push_back(box);
  }
}

QComboBox* GroupBar::choice(const QString& key) const {
  for (std::size_t i = 0; i < choices_.size(); ++i)
    if (choices_[i].key == key.toStdString()) return boxes_[i];
  return nullptr;
}

}  // namespace counterpoint
