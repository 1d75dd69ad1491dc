// SPDX-License-Identifier: GPL-3.0-or-later
// Cards in sections, as many side by side as fit; one card may fill the place alone.
#pragma once

#include <QHash>
#include <QList>
#include <QSet>
#include <QWidget>

class QToolButton;

namespace counterpoint {

class ChartCard;

struct ChartSection {
  QString name;
  QList<ChartCard*> cards;
};

class ChartGrid : public QWidget {
  Q_OBJECT

 public:
  explicit ChartGrid(QWidget* parent = nullptr);

  // Cards that are in no section are hidden. The grid does not own the order, only the places.
  void setSections(QList<ChartSection> sections);
  // Only this card, as high as `height`; null: all.
  void setAlone(ChartCard* card);
  const QList<ChartSection>& sections() const { return sections_; }
  ChartCard* alone() const { return alone_; }
  void setViewportHeight(int height);

  QStringList folded() const { return {folded_.begin(), folded_.end()}; }
  void setFolded(const QStringList& names);

 signals:
  void placed();

 protected:
  void resizeEvent(QResizeEvent* event) override;
  bool event(QEvent* event) override;

 private:
  void place();
  QToolButton* header(const QString& name);

  QList<ChartSection> sections_;
  QHash<QString, QToolButton*> headers_;
  QSet<QString> folded_;
  ChartCard* alone_ = nullptr;
  int viewportHeight_ = 0;
};

}  // namespace counterpoint
