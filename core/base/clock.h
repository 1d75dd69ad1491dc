// SPDX-License-Identifier: GPL-3.0-or-later
// Times: wall clock for files, steady clock for durations, both as seconds.
#pragma once

#include <string>

namespace counterpoint {

double wallSeconds();    // since 1970, UTC
double steadySeconds();  // since an arbitrary start; never goes back

std::string localTimeStamp(double wallTime);  // "2026-11-20_14-03-22", for folder names
std::string isoTime(double wallTime);         // "2026-11-20T14:03:22Z"
std::string durationInWords(double seconds);  // "4 min", "1 h 12 min", "38 s"

}  // namespace counterpoint
