// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers, durations and sizes as a person reads them. Display only: files are written by core.
#pragma once

#include <QString>

namespace counterpoint {

// `digits` significant digits; "0.41", "3.0e-4", "12 400", "not a number", "∞".
QString numberText(double value, int digits = 3);
QString countText(qint64 count);               // "12 400"
QString percentText(double share);             // 0.624 -> "62 %"
QString bytesText(double bytes);               // "1.2 GB"
QString durationText(double seconds);          // "4 min", "1 h 12 min", "38 s"
QString etaText(double seconds, bool steady);  // "4 min left", "estimating"
QString agoText(double secondsAgo);            // "just now", "5 min ago"

}  // namespace counterpoint
