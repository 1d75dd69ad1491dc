// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <ctime>

namespace counterpoint {
namespace {

double secondsOf(std::chrono::nanoseconds time) { return static_cast<double>(time.count()) * 1e-9; }

}  // namespace

double wallSeconds() { return secondsOf(std::chrono::system_clock::now().time_since_epoch()); }

double steadySeconds() { return secondsOf(std::chrono::steady_clock::now().time_since_epoch()); }

std::string localTimeStamp(double wallTime) {
  return fmt::format("{:%Y-%m-%d_%H-%M-%S}", fmt::localtime(static_cast<std::time_t>(wallTime)));
}

std::string isoTime(double wallTime) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(wallTime)));
}

std::string durationInWords(double seconds) {
  if (!(seconds >= 0)) return "unknown";
  const auto whole = static_cast<long long>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min", (whole + 30) / 60);
  const long long minutes = (whole + 30) / 60;
  return fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

}  // namespace counterpoint
