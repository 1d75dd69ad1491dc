// SPDX-License-Identifier: GPL-3.0-or-later
// Confidence that means something: raw model confidences mapped to observed shares of right answers.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"

namespace counterpoint {

// A non-decreasing map fitted by pooling adjacent violators (isotonic regression; Zadrozny and Elkan 2002), evaluated
// by linear interpolation between the centres of its pools and constant outside.
class Calibration {
 public:
  // raw[i] in 0…1, right[i] whether that answer was right. At least `least` answers are needed; fewer give nothing.
  static std::optional<Calibration> fit(const std::vector<double>& raw, const std::vector<bool>& right,
                                        std::size_t least = 20);
  // Throws Error{Data} for anything that is no such map.
  static Calibration fromJson(const Json& value);
  // RUN/checkpoints/…/calibration.json; empty when there is none.
  static std::optional<Calibration> read(const std::filesystem::path& file);

  double apply(double raw) const;
  Json toJson() const;

 private:
  std::vector<double> raw_, share_;
  std::size_t answers_ = 0;
};

// Mean squared difference between confidence and what happened (Brier 1950).
double brierScore(const std::vector<double>& confidence, const std::vector<bool>& right);

}  // namespace counterpoint
