// SPDX-License-Identifier: GPL-3.0-or-later
// One room of the window: panes in docks. It composes and keeps the layout; it knows nothing of what the panes do.
#pragma once

#include <QMainWindow>

#include <vector>

class QDockWidget;

namespace counterpoint {

class Pane;

enum class PanePlace { Centre, Left, Right, Bottom };

class Perspective : public QMainWindow {
  Q_OBJECT

 public:
  Perspective(const QString& identifier, const QString& title, const QString& icon, QWidget* parent = nullptr);

  QString identifier() const { return objectName(); }
  QString title() const { return windowTitle(); }
  QString iconName() const { return iconName_; }
  const std::vector<Pane*>& panes() const { return panes_; }

  // Takes the pane. `share` is its part of the room, 0…1, in the direction that its place divides. Panes in one place
  // stack as tabs when `tabbed`, else lie beside one another.
  void addPane(Pane* pane, PanePlace place, double share = 0.3, bool tabbed = false);
  // Shows the pane: its dock is opened and raised, and gets the focus.
  void reveal(Pane* pane);

  void resetLayout();
  QByteArray layoutState() const;
  // Raised whenever a pane is added, moved to another place or renamed: older layouts would tear the room apart.
  static constexpr int kLayoutVersion = 1;
  // A state of another version leaves the default layout as it is. Before the room is first shown the state waits;
  // what then cannot be applied is told by layoutRefused.
  bool restoreLayout(const QByteArray& state);

  // No menu of docks: what can be shown stands in the registry.
  QMenu* createPopupMenu() override { return nullptr; }

 signals:
  void layoutRefused();

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  struct Place {
    QDockWidget* dock;
    PanePlace place;
    double share;
    bool tabbed;
  };
  void applyShares();

  QString iconName_;
  std::vector<Pane*> panes_;
  std::vector<Place> docks_;
  QByteArray pending_;
  bool shown_ = false;
};

}  // namespace counterpoint
