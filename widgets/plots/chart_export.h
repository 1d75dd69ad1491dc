// SPDX-License-Identifier: GPL-3.0-or-later
// Charts as files: pictures with title and legend, and the numbers. Exports are always light, as paper is.
#pragma once

#include <vector>

#include "widgets/plots/chart_types.h"

#include <QImage>
#include <QSize>
#include <QString>

namespace counterpoint {

class MetricChart;

enum class ExportFormat { Png, Svg, Pdf, Csv };

QString extensionOf(ExportFormat format);  // "png"

// The chart as a picture of this size; `ratio` pixels for each.
QImage chartPicture(MetricChart& chart, QSize size, double ratio);

// Title, legend and chart as vectors. Throws Error{Environment} when the file cannot be written.
void writeChart(MetricChart& chart, const QString& path, ExportFormat format, QSize size = {800, 480});

// One curve, or a stretch of it in units of the axis, to be written as numbers.
struct WantedNumbers {
  std::shared_ptr<RunFeed> feed;
  QString run, metric;
  std::optional<std::pair<double, double>> stretch;
  XAxis axis = XAxis::Step;
};

// What a chart holds; `visibleOnly`: only what it shows of x.
std::vector<WantedNumbers> numbersOf(const MetricChart& chart, bool visibleOnly);

// run,metric,step,epoch,time,value in the C locale, full precision, "nan", "inf", "-inf". From any thread.
std::string numbersAsText(const std::vector<WantedNumbers>& wanted);

// "train/loss" -> "train_loss": fit for a file name.
QString fileNameFor(const QString& metric);

}  // namespace counterpoint
