// SPDX-License-Identifier: GPL-3.0-or-later
// The defaults tree as a picture: which config names which, where each goes, and in which order they are merged.
#pragma once

#include <QTreeWidget>

#include "core/config/compose/compose.h"

namespace counterpoint {

class DefaultsPicture : public QTreeWidget {
  Q_OBJECT

 public:
  explicit DefaultsPicture(QWidget* parent = nullptr);

  // Null: there is no defaults list, and the picture says so.
  void setComposed(const Composed* composed);

 signals:
  void openAsked(const QString& file);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void drawBranches(QPainter* painter, const QRect& rect, const QModelIndex& index) const override;
};

}  // namespace counterpoint
