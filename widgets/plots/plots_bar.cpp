// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plots_bar.h"

#include <cmath>

#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>

namespace counterpoint {
namespace {

constexpr int kMostSmoothing = 999;  // thousandths
constexpr double kThousand = 1000;
constexpr double kFirstSmoothing = 0.6;

QToolButton* toggle(const QString& text, const QString& name, const QString& help) {
  auto* button = new QToolButton;
  button->setText(text);
  button->setCheckable(true);
  button->setAutoRaise(true);
  button->setToolTip(help);
  button->setAccessibleName(name);
  button->setAccessibleDescription(help);
  return button;
}

}  // namespace

PlotsBar::PlotsBar(QWidget* parent)
    : QWidget(parent),
      search_(new QLineEdit),
      slider_(new QSlider(Qt::Horizontal)),
      number_(new QDoubleSpinBox),
      axis_(new QComboBox),
      logX_(toggle(tr("log x"), tr("Logarithmic x"), tr("Logarithmic x in all charts"))),
      logY_(toggle(tr("log y"), tr("Logarithmic values"), tr("Logarithmic values in all charts"))),
      robust_(toggle(tr("outliers"), tr("Include outliers"), tr("The range of values takes in outliers"))),
      link_(toggle(tr("link"), tr("Zoom all charts together"), tr("Zoom and move all charts together"))),
      reset_(new QToolButton),
      export_(new QToolButton) {
  setMinimumHeight(measures::kToolBar);
  setAccessibleName(tr("Chart controls"));
  search_->setPlaceholderText(tr("filter charts"));
  search_->setAccessibleName(tr("Filter charts by name or pattern"));
  search_->setToolTip(tr("Part of a name, or a pattern: recall|loss, ^val/"));
  search_->setClearButtonEnabled(true);
  search_->setMaximumWidth(220);
  slider_->setRange(0, kMostSmoothing);
  slider_->setPageStep(100);
  slider_->setMinimumWidth(60);
  slider_->setMaximumWidth(140);
  slider_->setAccessibleName(tr("Smoothing"));
  slider_->setToolTip(tr("Smoothing: the weight of what came before, corrected for the start"));
  number_->setRange(0, kMostSmoothing / kThousand);
  number_->setDecimals(3);
  number_->setSingleStep(0.05);
  number_->setAccessibleName(tr("Smoothing, as a number"));
  number_->setFont(tabularFont());
  axis_->addItems(xAxisNames());
  axis_->setAccessibleName(tr("What x counts"));
  axis_->setToolTip(axis_->accessibleName());
  link_->setIcon(icon(QStringLiteral("link")));
  link_->setToolButtonStyle(Qt::ToolButtonIconOnly);
  link_->setChecked(true);
  robust_->setChecked(true);
  for (const auto& [button, iconName, name] :
       {std::tuple(reset_, QStringLiteral("zoom_reset"), tr("Show everything again")),
        std::tuple(export_, QStringLiteral("export"), tr("Export charts"))}) {
    button->setAutoRaise(true);
    button->setIcon(icon(iconName));
    button->setToolTip(name);
    button->setAccessibleName(name);
  }
  export_->setPopupMode(QToolButton::InstantPopup);
  for (QToolButton* button : {link_, reset_, export_}) button->setIconSize({measures::kIcon, measures::kIcon});

  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(measures::kEdge, measures::kGrid, measures::kEdge, measures::kGrid);
  row->setSpacing(measures::kGap);
  row->addWidget(search_, 1);
  row->addStretch(1);
  const auto label = [row](const QString& text, QWidget* buddy) {
    auto* words = new QLabel(text);
    words->setBuddy(buddy);
    setTextRole(words, "quiet");
    row->addWidget(words);
  };
  label(tr("smooth"), slider_);
  row->addWidget(slider_);
  row->addWidget(number_);
  row->addSpacing(measures::kGap);
  label(tr("x"), axis_);
  row->addWidget(axis_);
  row->addSpacing(measures::kGap);
  for (QToolButton* button : {logX_, logY_, robust_, link_, reset_, export_}) row->addWidget(button);

  connect(slider_, &QSlider::valueChanged, this, [this](int thousandths) {
    const QSignalBlocker quiet(number_);
    number_->setValue(thousandths / kThousand);
    emit settingsChanged();
  });
  connect(number_, &QDoubleSpinBox::valueChanged, this,
          [this](double value) { slider_->setValue(static_cast<int>(std::lround(value * kThousand))); });
  slider_->setValue(static_cast<int>(kFirstSmoothing * kThousand));
  connect(axis_, &QComboBox::currentIndexChanged, this, &PlotsBar::settingsChanged);
  for (QToolButton* button : {logX_, logY_, robust_, link_}) {
    connect(button, &QToolButton::toggled, this, &PlotsBar::settingsChanged);
  }
  connect(search_, &QLineEdit::textChanged, this, &PlotsBar::patternChanged);
  connect(reset_, &QToolButton::clicked, this, &PlotsBar::resetRequested);
}

ChartSettings PlotsBar::settings() const {
  ChartSettings settings;
  settings.axis = static_cast<XAxis>(axis_->currentIndex());
  settings.smoothing = slider_->value() / kThousand;
  settings.logX = logX_->isChecked();
  settings.logY = logY_->isChecked();
  settings.robust = !robust_->isChecked();
  return settings;
}

void PlotsBar::setSettings(const ChartSettings& settings) {
  axis_->setCurrentIndex(static_cast<int>(settings.axis));
  slider_->setValue(static_cast<int>(std::lround(settings.smoothing * kThousand)));
  logX_->setChecked(settings.logX);
  logY_->setChecked(settings.logY);
  robust_->setChecked(!settings.robust);
}

bool PlotsBar::linked() const { return link_->isChecked(); }
void PlotsBar::setLinked(bool linked) { link_->setChecked(linked); }
QString PlotsBar::pattern() const { return search_->text(); }
void PlotsBar::setPattern(const QString& pattern) { search_->setText(pattern); }

}  // namespace counterpoint
