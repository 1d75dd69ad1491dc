// SPDX-License-Identifier: GPL-3.0-or-later
// The groups of a composed config as drop-downs. Without groups it takes no room.
#pragma once

#include <QWidget>

#include <optional>
#include <vector>

#include "core/config/compose/group_choices.h"

class QComboBox;
class QGridLayout;

namespace counterpoint {

class GroupBar : public QWidget {
  Q_OBJECT

 public:
  explicit GroupBar(QWidget* parent = nullptr);

  void setChoices(const std::vector<GroupChoice>& choices);
  QComboBox* choice(const QString& key) const;  // null when there is none

 signals:
  void chosen(const QString& key, const std::optional<QString>& option);

 private:
  void build();

  QGridLayout* grid_;
  std::vector<GroupChoice> choices_;
  std::vector<QComboBox*> boxes_;
};

}  // namespace counterpoint
