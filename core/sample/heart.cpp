// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sample/heart.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace counterpoint {
namespace {

// From 0 to 1 without a corner at either end.
double ease(double part) {
  const double sine = std::sin(0.5 * std::numbers::pi * std::clamp(part, 0.0, 1.0));
  return sine * sine;
}

}  // namespace

std::string_view viewName(EchoView view) {
  switch (view) {
    case EchoView::ParasternalLongAxis: return "Parasternal long axis";
    case EchoView::ParasternalShortAxis: return "Parasternal short axis";
    case EchoView::ApicalFourChamber: return "Apical four chamber";
    case EchoView::Subcostal: return "Subcostal";
  }
  return {};
}

std::string viewIdentifier(EchoView view) {
  std::string identifier(viewName(view));
  for (char& c : identifier) c = c == ' ' ? '_' : static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return identifier;
}

Beat::Beat(double beatsPerMinute, double firstRWave)
    : firstRWave_(firstRWave), cycle_(60.0 / beatsPerMinute), systole_(0.36 * std::sqrt(cycle_)) {}

double Beat::contraction(double seconds) const {
  const double sinceFirst = seconds - firstRWave_;
  const double phase = sinceFirst - cycle_ * std::floor(sinceFirst / cycle_);
  if (phase < systole_) return ease(phase / systole_);
  // Early filling returns three quarters; the rest waits for the atrial kick in the last quarter of diastole.
  const double part = (phase - systole_) / (cycle_ - systole_);
  return 1.0 - 0.75 * ease(part / 0.5) - 0.25 * ease((part - 0.75) / 0.25);
}

}  // namespace counterpoint
