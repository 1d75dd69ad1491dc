// SPDX-License-Identifier: GPL-3.0-or-later
// The table of clips as a config names it: keys data.csv, data.root, data.columns.*, data.on_missing.
#pragma once

#include <filesystem>

#include "core/base/json.h"
#include "core/media/study_table.h"

namespace counterpoint {

struct TableSource {
  std::filesystem::path csv;
  StudyTableOptions options;

  // `values` are those of a complete config; relative paths begin at `base`.
  static TableSource from(const Json& values, const std::filesystem::path& base);

  // Throws Error{Data} as StudyTable::load does; a missing table has its cure.
  StudyTable load() const;
};

}  // namespace counterpoint
