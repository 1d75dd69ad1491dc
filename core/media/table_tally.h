// SPDX-License-Identifier: GPL-3.0-or-later
// A table of clips read leniently: every fault counted with its first examples, none ends it.
#pragma once

#include <cstddef>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "core/media/csv.h"
#include "core/media/table_source.h"

namespace counterpoint {

struct SplitCount {
  std::string split;  // as the table writes it, lower case; "" where nothing stands there
  std::size_t clips = 0, studies = 0;
};

struct DataFacts {
  std::string table;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> firstRows;  // at most three, long fields cut
  std::vector<SplitCount> splits;                   // sorted
  std::size_t rows = 0, clips = 0, studies = 0;     // clips: rows that could be read
  std::size_t missing = 0, emptyReports = 0, duplicates = 0, sharedStudies = 0, unreadableLines = 0;
  double clipBytes = 0;  // of the clips that are there

  std::size_t clipsOf(const std::string& split) const;
  std::size_t studiesOf(const std::string& split) const;
};

// How often something is seen, and the first times.
struct Examples {
  std::size_t count = 0;
  std::vector<std::string> first;

  void add(const std::string& example);
  std::string words() const;  // "a, b, c, …"
};

struct TableTally {
  DataFacts facts;
  Examples wrongCount, noFile, wrongRWave;  // lines that StudyTable refuses
  Examples noRWave, missing, empty, dicom, strange, emptyReports, duplicates, shared;
  std::string firstMissing;
};

// Asks the file system for each clip's size and opens none. `places`: the column of each ColumnRole::key that is there,
// "file" among them. Throws Error{Stopped} when `stop` is asked for.
TableTally tallyTable(const std::vector<CsvRecord>& records, const TableSource& source,
                      const std::map<std::string, std::size_t>& places, const std::stop_token& stop);

// The first rows of a table, for a person to look at.
std::vector<std::vector<std::string>> firstRowsOf(const std::vector<CsvRecord>& records, std::size_t most = 3);

}  // namespace counterpoint
