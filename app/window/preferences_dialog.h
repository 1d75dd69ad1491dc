// SPDX-License-Identifier: GPL-3.0-or-later
// Preferences: look, keys, training. Each change acts at once; what needs a new start says so and offers it.
#pragma once

#include <QDialog>

#include "widgets/configure/device_list.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSlider;
class QSpinBox;
class QTabWidget;
class QVBoxLayout;

namespace counterpoint {

class ActionRegistry;
class KeysEditor;
class Preferences;

class PreferencesDialog : public QDialog {
  Q_OBJECT

 public:
  enum Page { Look, Keys, Training };

  // `scaleNow`: what this window was started with.
  PreferencesDialog(Preferences& preferences, ActionRegistry& actions, double scaleNow, QWidget* parent = nullptr);

  void showPage(Page page);
  void setDevices(const DeviceList& devices);
  // What the rank program says with the LibTorch that is chosen.
  void setRankAnswer(const QString& text, bool good);

  QComboBox* theme() const { return theme_; }
  QSpinBox* scale() const { return scale_; }
  QPushButton* restartButton() const { return restart_; }
  KeysEditor* keys() const { return keys_; }
  QLineEdit* libTorch() const { return libTorch_; }
  QLabel* libTorchState() const { return libTorchState_; }
  QWidget* deviceBox() const { return deviceBox_; }

 signals:
  void themeChosen(const QString& name);
  void restartAsked();
  void libTorchChanged();
  void devicesChanged();

 private:
  QWidget* makeLook();
  QWidget* makeKeys();
  QWidget* makeTraining();
  void takeScale(int percent);
  void takeLibTorch();
  void browse();
  void takeDevices();

  Preferences& preferences_;
  ActionRegistry& actions_;
  double scaleNow_;
  QTabWidget* pages_;
  QComboBox* theme_ = nullptr;
  QSlider* slider_ = nullptr;
  QSpinBox* scale_ = nullptr;
  QLabel* scaleNote_ = nullptr;
  QPushButton* restart_ = nullptr;
  KeysEditor* keys_ = nullptr;
  QLineEdit* libTorch_ = nullptr;
  QLabel *libTorchState_ = nullptr, *rankState_ = nullptr, *deviceNote_ = nullptr;
  QWidget* deviceBox_ = nullptr;
  QVBoxLayout* deviceRows_ = nullptr;
};

}  // namespace counterpoint
