// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/chart_card.h"

#include "widgets/common/data_table.h"
#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/number_text.h"
#include "widgets/common/theme.h"
#include "widgets/plots/chart_legend.h"
#include "widgets/plots/curve_table.h"
#include "widgets/plots/metric_chart.h"

#include <QContextMenuEvent>
#include <QDateTime>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

namespace counterpoint {
namespace {

constexpr int kNameWidth = 220, kTimeWidth = 160;  // columns of the table

QToolButton* quietButton(const QString& iconName, const QString& name) {
  auto* button = new QToolButton;
  button->setAutoRaise(true);
  button->setIconSize({measures::kIcon, measures::kIcon});
  if (!iconName.isEmpty()) button->setIcon(icon(iconName));
  button->setToolTip(name);
  button->setAccessibleName(name);
  return button;
}

}  // namespace

QString xText(double x, XAxis axis) {
  switch (axis) {
    case XAxis::Step: return QObject::tr("step %1").arg(countText(static_cast<qint64>(x)));
    case XAxis::Epoch: return QObject::tr("epoch %1").arg(numberText(x, 4));
    case XAxis::Relative: return QObject::tr("after %1").arg(durationText(x));
    case XAxis::Wall:
      return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(x * 1000)).toString(u"yyyy-MM-dd hh:mm:ss");
  }
  return {};
}

ChartCard::ChartCard(const QString& metric, QWidget* parent)
    : QFrame(parent),
      metric_(metric),
      chart_(new MetricChart(metric)),
      model_(new CurveTable(metric, this)),
      numbers_(new ChartWithTable(chart_, model_, metric)),
      legend_(new ChartLegend),
      title_(new QLabel),
      where_(new QLabel),
      log_(quietButton({}, tr("Logarithmic values of %1").arg(metric))),
      pin_(quietButton(QStringLiteral("star"), tr("Pin %1 to the top").arg(metric))),
      expand_(quietButton(QStringLiteral("full_screen"), tr("Show %1 alone").arg(metric))),
      more_(quietButton(QStringLiteral("more"), tr("More for %1").arg(metric))) {
  setObjectName(QStringLiteral("card"));
  setAccessibleName(tr("Chart %1").arg(metric));
  title_->setFont(uiFont(measures::kMedium, true));
  title_->setText(metric.section(u'/', 1).isEmpty() ? metric : metric.section(u'/', 1));
  title_->setToolTip(metric);
  title_->setMinimumWidth(0);
  title_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  title_->setTextFormat(Qt::PlainText);
  where_->setFont(tabularFont(measures::kSmall));
  setTextRole(where_, "quiet");
  log_->setText(tr("log"));
  log_->setCheckable(true);
  log_->setFont(uiFont(measures::kSmall));
  pin_->setCheckable(true);
  legend_->setAccessibleName(tr("Legend of %1").arg(metric));

  auto* header = new QHBoxLayout;
  header->setSpacing(0);
  header->addWidget(title_, 1);
  header->addWidget(where_);
  header->addSpacing(measures::kGap);
  for (QToolButton* button : {log_, pin_, expand_, more_}) header->addWidget(button);

  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(measures::kEdge, measures::kGrid, measures::kEdge, measures::kGap);
  column->setSpacing(measures::kGrid);
  column->addLayout(header);
  column->addWidget(numbers_, 1);
  column->addWidget(legend_);

  DataTable* rows = numbers_->table();
  rows->horizontalHeader()->setStretchLastSection(false);
  rows->setColumnWidth(CurveTable::Run, kNameWidth);
  rows->setColumnWidth(CurveTable::Time, kTimeWidth);
  rows->setColumnWidth(CurveTable::Value, kTimeWidth);
  connect(numbers_, &ChartWithTable::toggled, this, [this](bool table) {
    if (table) model_->refresh();
  });
  connect(log_, &QToolButton::clicked, this, [this](bool on) { setOwnLogY(on); });
  connect(pin_, &QToolButton::toggled, this, [this](bool on) {
    pin_->setIcon(icon(on ? QStringLiteral("star_filled") : QStringLiteral("star")));
    emit pinToggled(on);
  });
  connect(expand_, &QToolButton::clicked, this, &ChartCard::expandToggled);
  connect(more_, &QToolButton::clicked, this,
          [this] { emit menuRequested(more_->mapToGlobal(QPoint(0, more_->height()))); });
  connect(chart_, &MetricChart::crosshairMoved, this, &ChartCard::showValues);
}

QString ChartCard::group() const { return metric_.contains(u'/') ? metric_.section(u'/', 0, 0) : tr("other"); }

void ChartCard::setCurves(const std::vector<ChartCurve>& curves) {
  chart_->setCurves(curves);
  model_->setCurves(curves);
}

void ChartCard::setSettings(const ChartSettings& settings) {
  settings_ = settings;
  apply();
}

void ChartCard::setOwnLogX(std::optional<bool> log) {
  ownLogX_ = log;
  apply();
  refresh();
}

void ChartCard::setOwnLogY(std::optional<bool> log) {
  ownLogY_ = log;
  apply();
  refresh();
}

void ChartCard::apply() {
  ChartSettings own = settings_;
  own.logX = ownLogX_.value_or(settings_.logX);
  own.logY = ownLogY_.value_or(settings_.logY);
  log_->setChecked(own.logY);
  chart_->setSettings(own);
}

bool ChartCard::isPinned() const { return pin_->isChecked(); }

void ChartCard::setPinned(bool pinned) { pin_->setChecked(pinned); }

void ChartCard::setExpanded(bool expanded) {
  const QString name = expanded ? tr("Back to all charts") : tr("Show %1 alone").arg(metric_);
  expand_->setToolTip(name);
  expand_->setAccessibleName(name);
  expand_->setIcon(icon(expanded ? QStringLiteral("close") : QStringLiteral("full_screen")));
}

bool ChartCard::refresh(bool reset) {
  if (reset) chart_->forget();
  if (!isVisible() || visibleRegion().isEmpty()) return false;
  if (numbers_->showsTable()) {
    model_->refresh();
  } else {
    chart_->refresh();
  }
  showValues();
  return true;
}

void ChartCard::showValues() {
  legend_->setEntries(chart_->legendEntries(), chart_->crosshair().has_value());
  where_->setText(chart_->crosshair() ? xText(*chart_->crosshair(), chart_->settings().axis) : QString());
}

void ChartCard::showEvent(QShowEvent* event) {
  QFrame::showEvent(event);
  refresh();
}

void ChartCard::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(roles().panel);
  painter.drawRoundedRect(rect(), measures::kCorner, measures::kCorner);
}

void ChartCard::contextMenuEvent(QContextMenuEvent* event) { emit menuRequested(event->globalPos()); }

}  // namespace counterpoint
