// SPDX-License-Identifier: GPL-3.0-or-later
// A run that is to be drawn; its style is the same in every chart and in the list of runs.
#pragma once

#include <filesystem>

#include "widgets/common/series_style.h"

#include <QString>

namespace counterpoint {

struct PlottedRun {
  std::filesystem::path path;
  QString name;
  SeriesStyle style;
};

}  // namespace counterpoint
