// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/perspective.h"

#include "widgets/common/measures.h"
#include "widgets/common/pane.h"

#include <QDockWidget>
#include <QShowEvent>
#include <QTimer>

namespace counterpoint {
namespace {

Qt::DockWidgetArea areaOf(PanePlace place) {
  switch (place) {
    case PanePlace::Left: return Qt::LeftDockWidgetArea;
    case PanePlace::Bottom: return Qt::BottomDockWidgetArea;
    default: return Qt::RightDockWidgetArea;
  }
}

}  // namespace

Perspective::Perspective(const QString& identifier, const QString& title, const QString& icon, QWidget* parent)
    : QMainWindow(parent, Qt::Widget), iconName_(icon) {
  setObjectName(identifier);
  setWindowTitle(title);
  setAccessibleName(title);
  setDockNestingEnabled(true);
  setDockOptions(AllowNestedDocks | AllowTabbedDocks | GroupedDragging);
  setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
  setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
  setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
}

void Perspective::addPane(Pane* pane, PanePlace place, double share, bool tabbed) {
  panes_.push_back(pane);
  if (place == PanePlace::Centre && !centralWidget()) {
    setCentralWidget(pane);
    return;
  }
  auto* dock = new QDockWidget(pane->title(), this);
  dock->setObjectName(QStringLiteral("dock.%1").arg(pane->identifier()));
  dock->setAccessibleName(pane->title());
  dock->setWidget(pane);
  const Qt::DockWidgetArea area = areaOf(place);
  QDockWidget* before = nullptr;
  for (const Place& other : docks_) {
    if (other.place == place) before = other.dock;
  }
  if (before && tabbed) {
    tabifyDockWidget(before, dock);
  } else if (before) {
    splitDockWidget(before, dock, place == PanePlace::Bottom ? Qt::Horizontal : Qt::Vertical);
  } else {
    addDockWidget(area, dock);
  }
  docks_.push_back({dock, place, share, tabbed});
}

void Perspective::reveal(Pane* pane) {
  for (const Place& place : docks_) {
    if (place.dock->widget() != pane) continue;
    place.dock->show();
    place.dock->raise();
  }
  pane->setFocus(Qt::OtherFocusReason);
}

void Perspective::applyShares() {
  // The widest wish in a place decides, once there is a size to share.
  const auto resize = [this](PanePlace place, Qt::Orientation orientation, int whole) {
    QList<QDockWidget*> docks;
    QList<int> sizes;
    for (const Place& entry : docks_) {
      if (entry.place != place || entry.tabbed) continue;
      docks << entry.dock;
      sizes << qRound(whole * entry.share);
      if (place != PanePlace::Bottom) break;
    }
    if (!docks.isEmpty()) resizeDocks(docks, sizes, orientation);
  };
  resize(PanePlace::Left, Qt::Horizontal, width());
  resize(PanePlace::Right, Qt::Horizontal, width());
  QList<QDockWidget*> bottom;
  QList<int> heights;
  for (const Place& entry : docks_) {
    if (entry.place != PanePlace::Bottom) continue;
    bottom << entry.dock;
    heights << qRound(height() * entry.share);
  }
  if (!bottom.isEmpty()) resizeDocks(bottom, heights, Qt::Vertical);
  for (const Place& entry : docks_) {
    if (!entry.tabbed) entry.dock->raise();
  }
}

void Perspective::resetLayout() {
  for (const Place& entry : docks_) removeDockWidget(entry.dock);
  std::vector<Place> again;
  std::swap(again, docks_);
  for (const Place& entry : again) {
    QDockWidget* before = nullptr;
    for (const Place& other : docks_) {
      if (other.place == entry.place) before = other.dock;
    }
    entry.dock->setFloating(false);
    if (before && entry.tabbed) {
      tabifyDockWidget(before, entry.dock);
    } else if (before) {
      splitDockWidget(before, entry.dock, entry.place == PanePlace::Bottom ? Qt::Horizontal : Qt::Vertical);
    } else {
      addDockWidget(areaOf(entry.place), entry.dock);
    }
    entry.dock->show();
    docks_.push_back(entry);
  }
  applyShares();
}

QByteArray Perspective::layoutState() const { return shown_ ? saveState(kLayoutVersion) : pending_; }

bool Perspective::restoreLayout(const QByteArray& state) {
  // Before it has a size, proportions would be lost.
  if (!shown_) {
    pending_ = state;
    return true;
  }
  return restoreState(state, kLayoutVersion);
}

void Perspective::showEvent(QShowEvent* event) {
  QMainWindow::showEvent(event);
  if (shown_) return;
  shown_ = true;
  QTimer::singleShot(0, this, [this] {
    const bool wanted = !pending_.isEmpty();
    const bool restored = wanted && restoreState(pending_, kLayoutVersion);
    pending_.clear();
    if (!restored) applyShares();
    if (wanted && !restored) emit layoutRefused();
  });
}

}  // namespace counterpoint
