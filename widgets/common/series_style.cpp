// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/series_style.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace counterpoint {
namespace {

constexpr std::array<QRgb, kSeriesColours> kColours = {0xFF0072B2, 0xFFD55E00, 0xFF009E73, 0xFFCC79A7,
                                                       0xFFE69F00, 0xFF56B4E9, 0xFF6B5FB5, 0xFF999933};
constexpr std::array<Qt::PenStyle, 4> kDashes = {Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};
constexpr std::array<SeriesMarker, 5> kMarkers = {SeriesMarker::None, SeriesMarker::Disc, SeriesMarker::Square,
                                                  SeriesMarker::Triangle, SeriesMarker::Diamond};

// Nine samples of matplotlib's viridis; linear in between is within 2/255 of the full table.
constexpr std::array<QRgb, 9> kViridis = {0xFF440154, 0xFF472D7B, 0xFF3B528B, 0xFF2C728E, 0xFF21918C,
                                          0xFF28AE80, 0xFF5EC962, 0xFFADDC30, 0xFFFDE725};

QColor between(QRgb first, QRgb second, double share) {
  const auto mix = [share](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * share)); };
  return QColor(mix(qRed(first), qRed(second)), mix(qGreen(first), qGreen(second)), mix(qBlue(first), qBlue(second)));
}

}  // namespace

SeriesStyle seriesStyle(int index) {
  const auto place = static_cast<std::size_t>(std::max(0, index));
  const std::size_t round = place / kSeriesColours;
  return {QColor::fromRgb(kColours[place % kSeriesColours]), kDashes[round % kDashes.size()],
          kMarkers[round % kMarkers.size()]};
}

QColor viridis(double value) {
  const double place = std::clamp(std::isfinite(value) ? value : 0.0, 0.0, 1.0) * (kViridis.size() - 1);
  const auto low = std::min(static_cast<std::size_t>(place), kViridis.size() - 2);
  return between(kViridis[low], kViridis[low + 1], place - static_cast<double>(low));
}

QColor blueWhiteRed(double value) {
  const double share = std::clamp(std::isfinite(value) ? value : 0.0, -1.0, 1.0);
  return between(0xFFFFFFFF, share < 0 ? 0xFF2166AC : 0xFFB2182B, std::abs(share));
}

}  // namespace counterpoint
