// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody points at to make a workspace of: their table, or a folder of clips. Only read, never changed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "core/config/check_finding.h"
#include "core/media/study_table.h"

namespace counterpoint {

struct OwnSource {
  std::filesystem::path path;    // absolute
  std::filesystem::path folder;  // that relative names of clips begin at: the table's, or the folder itself
  bool isFolder = false;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // as many fields as columns
  std::vector<std::size_t> lines;              // of each row, from 1; 0 of a folder
  std::vector<std::filesystem::path> tables;   // of a folder: the tables that lie in it
  std::vector<CheckFinding> findings;          // lines that could not be read
};

// A table: separated by α, comma, semicolon or tab, whichever gives most columns. A folder: every clip below it by its
// ending (.dcm, too), with columns FileName, Folder, and Split and Report where folders are called train, val or test
// and where texts lie beside clips (NAME.txt). Throws Error{Data} for what is neither, holds nothing, or is over
// `mostRows`; Error{Stopped} when `stop` is asked for.
OwnSource readOwnSource(const std::filesystem::path& path, const std::stop_token& stop = {},
                        std::size_t mostRows = 2'000'000);

// Which column is which; of a folder its own columns.
StudyColumns guessColumns(const OwnSource& source);

}  // namespace counterpoint
