// SPDX-License-Identifier: GPL-3.0-or-later
// The controls above the charts.
#pragma once

#include "widgets/plots/chart_types.h"

#include <QWidget>

class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QMenu;
class QSlider;
class QToolButton;

namespace counterpoint {

class PlotsBar : public QWidget {
  Q_OBJECT

 public:
  explicit PlotsBar(QWidget* parent = nullptr);

  ChartSettings settings() const;
  void setSettings(const ChartSettings& settings);
  bool linked() const;
  void setLinked(bool linked);
  QString pattern() const;
  void setPattern(const QString& pattern);

  QLineEdit* search() const { return search_; }
  QToolButton* logX() const { return logX_; }
  QToolButton* logY() const { return logY_; }
  QToolButton* robust() const { return robust_; }
  QToolButton* link() const { return link_; }
  QToolButton* exportButton() const { return export_; }
  QComboBox* axis() const { return axis_; }
  QSlider* slider() const { return slider_; }

 signals:
  void settingsChanged();
  void patternChanged();
  void resetRequested();

 private:
  QLineEdit* search_;
  QSlider* slider_;
  QDoubleSpinBox* number_;
  QComboBox* axis_;
  QToolButton *logX_, *logY_, *robust_, *link_, *reset_, *export_;
};

}  // namespace counterpoint
