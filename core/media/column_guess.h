// SPDX-License-Identifier: GPL-3.0-or-later
// Which column of a stranger's table is which, by its name and by what stands in it.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/media/study_table.h"

namespace counterpoint {

struct ColumnRole {
  std::string StudyColumns::*column;
  const char *key, *title, *meaning;  // "file", "Clip", "its path"
  bool needed;                        // to train
};
// File first; `key` is the last word of data.columns.KEY.
extern const std::array<ColumnRole, 6> kColumnRoles;

// Exact names, then the spellings that tables are seen with ("video_path", "study_id", "fold", "impression"), then
// what stands in the rows. Empty: no such column. No column is given twice.
StudyColumns guessColumns(const std::vector<std::string>& heading, const std::vector<std::vector<std::string>>& rows);

// "train", "val" or "test" for the words that people write ("training", "valid", "dev", "hold-out"); empty for others.
std::string splitOf(std::string_view word);

}  // namespace counterpoint
