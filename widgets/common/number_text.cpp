// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/number_text.h"

#include "core/base/clock.h"

#include <QCoreApplication>

#include <cmath>

namespace counterpoint {
namespace {

constexpr QChar kThinSpace(0x2009);

QString tr(const char* text) { return QCoreApplication::translate("numbers", text); }

QString grouped(QString digits) {
  const qsizetype first = digits.startsWith(QLatin1Char('-')) ? 1 : 0;
  const qsizetype point = digits.indexOf(QLatin1Char('.'));
  const qsizetype end = point < 0 ? digits.size() : point;
  if (end - first <= 4) return digits;
  for (qsizetype place = end - 3; place > first; place -= 3) digits.insert(place, kThinSpace);
  return digits;
}

}  // namespace

QString numberText(double value, int digits) {
  if (std::isnan(value)) return tr("not a number");
  if (std::isinf(value)) return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
  if (value == 0) return QStringLiteral("0");
  const double size = std::abs(value);
  if (size < 1e-3 || size >= 1e7) return QString::number(value, 'e', digits - 1);
  const int whole = static_cast<int>(std::floor(std::log10(size))) + 1;
  if (std::floor(value) == value) return grouped(QString::number(value, 'f', 0));
  return grouped(QString::number(value, 'f', std::max(0, digits - whole)));
}

QString countText(qint64 count) { return grouped(QString::number(count)); }

QString percentText(double share) {
  if (!std::isfinite(share)) return QStringLiteral("–");
  return QStringLiteral("%1 %").arg(QString::number(share * 100, 'f', share > 0 && share < 0.01 ? 1 : 0));
}

QString bytesText(double bytes) {
  const char* const units[] = {"B", "kB", "MB", "GB", "TB"};
  int unit = 0;
  while (bytes >= 1000 && unit < 4) {
    bytes /= 1000;
    ++unit;
  }
  return QStringLiteral("%1 %2").arg(QString::number(bytes, 'f', unit > 0 && bytes < 10 ? 1 : 0),
                                     QString::fromLatin1(units[unit]));
}

QString durationText(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return QStringLiteral("–");
  return QString::fromStdString(durationInWords(seconds));
}

QString etaText(double seconds, bool steady) {
  return steady && std::isfinite(seconds) ? tr("%1 left").arg(durationText(seconds)) : tr("estimating");
}

QString agoText(double secondsAgo) {
  return secondsAgo < 10 ? tr("just now") : tr("%1 ago").arg(durationText(secondsAgo));
}

}  // namespace counterpoint
