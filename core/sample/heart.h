// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of a phantom's heart, and how its left ventricle beats.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace counterpoint {

enum class EchoView { ParasternalLongAxis, ParasternalShortAxis, ApicalFourChamber, Subcostal };

inline constexpr std::array kEchoViews = {EchoView::ParasternalLongAxis, EchoView::ParasternalShortAxis,
                                          EchoView::ApicalFourChamber, EchoView::Subcostal};

// "Apical four chamber": a report's first words and the column View.
std::string_view viewName(EchoView view);
// "apical_four_chamber": file and adapter names.
std::string viewIdentifier(EchoView view);

// One study's heart. All are drawn independently of one another, so that neither size nor shape nor rate tells the
// ejection fraction.
struct HeartTruth {
  double ejectionFraction = 0.6;  // (largest − smallest area) / largest area of the left ventricle, 0.15 … 0.75
  double beatsPerMinute = 70;     // 45 … 120
  double size = 1;                // linear, of the left ventricle, 0.8 … 1.2
  double elongation = 1;          // width × elongation, length / elongation
  double wallThickness = 0.055;   // at the R wave, in heights of the frame
};

// The beat as a function of time from any R wave. Systole shortens with the square root of the cycle's length, as in
// Bazett's rule, so that contraction always ends within half a second of the R wave.
class Beat {
 public:
  Beat(double beatsPerMinute, double firstRWave);

  double cycle() const { return cycle_; }      // seconds between R waves
  double systole() const { return systole_; }  // seconds from the R wave to the smallest area
  // 0 at each R wave (largest area), 1 at the end of systole; continuous.
  double contraction(double seconds) const;

 private:
  double firstRWave_, cycle_, systole_;
};

}  // namespace counterpoint
