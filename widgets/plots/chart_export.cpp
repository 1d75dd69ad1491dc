// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/chart_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "core/base/files.h"
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"
#include "widgets/plots/chart_legend.h"
#include "widgets/plots/metric_chart.h"

#include <QBuffer>
#include <QPdfWriter>
#include <QSvgGenerator>

namespace counterpoint {
namespace {

constexpr int kTitle = 28;
constexpr int kLegendRow = 20;
constexpr int kPointsAnInch = 72;
constexpr double kPictureRatio = 2;
constexpr std::size_t kRowsASlice = 8192;

// Draws title, chart and legend into a painter that counts in pixels of `size`.
void paint(MetricChart& chart, QCPPainter& painter, QSize size) {
  const auto entries = chart.legendEntries();
  const int legend = static_cast<int>(entries.size()) * kLegendRow;
  const ThemeRoles& look = themeRoles(ThemeName::Light);
  painter.fillRect(QRect(QPoint(0, 0), size), look.panel);
  painter.setFont(uiFont(measures::kMedium, true));
  painter.setPen(look.text);
  painter.drawText(QRect(measures::kEdge, 0, size.width() - 2 * measures::kEdge, kTitle),
                   Qt::AlignLeft | Qt::AlignVCenter, chart.metric());
  painter.save();
  painter.translate(0, kTitle);
  chart.paintLight(painter, {size.width(), std::max(size.height() - kTitle - legend - measures::kGap, kTitle)});
  painter.restore();
  painter.setRenderHint(QPainter::Antialiasing);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const QRectF box(measures::kEdge, size.height() - legend - measures::kGrid + static_cast<int>(i) * kLegendRow,
                     size.width() - 2 * measures::kEdge, kLegendRow);
    paintLegendEntry(painter, box, entries[i], look.text, look.quiet);
  }
}

void finish(const QByteArray& bytes, const QString& path) {
  writeFileAtomically(path.toStdString(), std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string result = "\"";
  for (const char character : text) result += character == '"' ? std::string("\"\"") : std::string(1, character);
  return result + '"';
}

}  // namespace

QString extensionOf(ExportFormat format) {
  switch (format) {
    case ExportFormat::Png: return QStringLiteral("png");
    case ExportFormat::Svg: return QStringLiteral("svg");
    case ExportFormat::Pdf: return QStringLiteral("pdf");
    case ExportFormat::Csv: return QStringLiteral("csv");
  }
  return {};
}

QString fileNameFor(const QString& metric) {
  QString name = metric;
  for (QChar& character : name) {
    if (!character.isLetterOrNumber() && !QStringLiteral("-_.@").contains(character)) character = u'_';
  }
  return name.startsWith(u'.') ? u'_' + name : name;
}

QImage chartPicture(MetricChart& chart, QSize size, double ratio) {
  QImage image(size * ratio, QImage::Format_RGB32);
  QCPPainter painter(&image);
  painter.scale(ratio, ratio);
  paint(chart, painter, size);
  painter.end();
  image.setDevicePixelRatio(ratio);
  return image;
}

void writeChart(MetricChart& chart, const QString& path, ExportFormat format, QSize size) {
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  if (format == ExportFormat::Png) {
    if (!chartPicture(chart, size, kPictureRatio).save(&buffer, "PNG")) {
      throw environmentError("the picture cannot be made", path.toStdString(), "Choose a smaller size.");
    }
  } else if (format == ExportFormat::Svg) {
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(0, 0), size));
    generator.setTitle(chart.metric());
    QCPPainter painter;
    painter.begin(&generator);
    painter.setMode(QCPPainter::pmVectorized);
    painter.setMode(QCPPainter::pmNoCaching);
    paint(chart, painter, size);
  } else {
    QPdfWriter writer(&buffer);
    writer.setTitle(chart.metric());
    writer.setResolution(kPointsAnInch);
    writer.setPageSize(QPageSize(QSizeF(size), QPageSize::Point));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0));
    QCPPainter painter;
    painter.begin(&writer);
    painter.setMode(QCPPainter::pmVectorized);
    painter.setMode(QCPPainter::pmNoCaching);
    paint(chart, painter, size);
  }
  buffer.close();
  finish(buffer.data(), path);
}

std::vector<WantedNumbers> numbersOf(const MetricChart& chart, bool visibleOnly) {
  std::vector<WantedNumbers> wanted;
  for (const ChartCurve& curve : chart.curves()) {
    WantedNumbers numbers{curve.feed, curve.run, chart.metric(), std::nullopt, chart.settings().axis};
    if (visibleOnly) numbers.stretch = chart.xRange();
    wanted.push_back(std::move(numbers));
  }
  return wanted;
}

std::string numbersAsText(const std::vector<WantedNumbers>& wanted) {
  std::string text = "run,metric,step,epoch,time,value\n";
  for (const WantedNumbers& numbers : wanted) {
    const std::string metric = numbers.metric.toStdString();
    const std::string head = quoted(numbers.run.toStdString()) + "," + quoted(metric) + ",";
    const double shift = numbers.axis == XAxis::Relative ? numbers.feed->startTime() : 0;
    std::size_t first = 0, last = std::numeric_limits<std::size_t>::max();
    if (numbers.stretch) {
      std::tie(first, last) = numbers.feed->read([&](const EventReader& events) {
        const Series* series = events.find(metric);
        return series ? series->range(seriesAxis(numbers.axis), numbers.stretch->first + shift,
                                      numbers.stretch->second + shift)
                      : std::pair<std::size_t, std::size_t>(0, 0);
      });
    }
    // In slices, so that neither the reader nor the window waits for a long curve.
    bool more = true;
    while (more) {
      more = numbers.feed->read([&](const EventReader& events) {
        const Series* series = events.find(metric);
        const std::size_t end = std::min({last, series ? series->size() : 0, first + kRowsASlice});
        for (; first < end; ++first) {
          const SeriesPoint& point = (*series)[first];
          fmt::format_to(std::back_inserter(text), "{}{},{},{:.6f},{}\n", head, point.step, point.epoch, point.time,
                         std::isnan(point.value) ? "nan" : fmt::format("{}", point.value));
        }
        return series && end < std::min(last, series->size());
      });
    }
  }
  return text;
}

}  // namespace counterpoint
