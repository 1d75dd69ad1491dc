// SPDX-License-Identifier: GPL-3.0-or-later
// Launch: how many ranks, on which devices.
#pragma once

#include <QStringList>
#include <QWidget>

#include "widgets/configure/device_list.h"

class QAction;
class QLabel;
class QMenu;
class QPushButton;
class QSpinBox;
class QToolButton;

namespace counterpoint {

class LaunchBar : public QWidget {
  Q_OBJECT

 public:
  explicit LaunchBar(QWidget* parent = nullptr);

  void setDevices(const DeviceList& devices);
  int ranks() const;
  void setRanks(int ranks);
  QStringList devices() const;  // ids of the chosen GPUs, or "cpu"; empty: by the config
  // What is ticked as soon as it is there.
  void setPreferred(const QStringList& devices);
  // Why it cannot be launched; empty when it can.
  void setObstacle(const QString& text);
  // What would end the run soon after its start: said on the button, which still launches. Empty: nothing is known.
  void setWarning(const QString& text);
  // Whose key the button's tooltip names.
  void setAction(QAction* action);
  QPushButton* button() const { return launch_; }
  QMenu* deviceMenu() const { return menu_; }

 signals:
  void launchAsked();
  void planChanged();  // ranks or devices

 private:
  void describe();
  QAction* addDevice(const QString& id);

  QSpinBox* ranks_;
  QToolButton* choose_;
  QMenu* menu_;
  QPushButton* launch_;
  DeviceList devices_;
  QStringList preferred_;
  QString obstacle_, warning_;
  QAction* action_ = nullptr;
};

}  // namespace counterpoint
