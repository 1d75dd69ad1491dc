// SPDX-License-Identifier: GPL-3.0-or-later
// A stranger's rows as our table of studies: columns mapped, clips found, splits read or dealt, faults named.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/config/check_finding.h"
#include "core/media/own_source.h"
#include "core/media/table_tally.h"

namespace counterpoint {

struct OwnTableOptions {
  StudyColumns columns{{}, {}, {}, {}, {}, {}};  // names in the source; empty: there is none
  bool dealSplits = false;                       // anew, though there is a column
  std::array<int, 3> shares{80, 10, 10};         // of studies: train, val, test; what is dealt
  std::uint64_t seed = 0;
};

struct OwnRow {
  std::size_t line = 0;  // in the source
  std::string file;      // as our table writes it: relative to OwnTable::root, or absolute
  bool there = false;
  std::string study, split, report, view, rWave;  // split empty: not used
};

struct OwnTable {
  std::filesystem::path source, root;  // absolute; relative names begin at root
  std::vector<OwnRow> rows;            // in the order of the source
  bool dealt = false;                  // splits are ours
  bool patientsKnown = false;          // a column says what belongs together
  std::vector<SplitCount> splits;
  std::size_t missing = 0, withoutReport = 0;
  std::vector<CheckFinding> findings;  // bad ones first; a mend's key is an option: "split", "column.report"

  std::size_t clipsOf(const std::string& split) const;
  // Train and val have clips with reports that can be read.
  bool canTrain() const;
};

// The same source and options give the same table. Names without ending are found as videos are ("0X1A" as
// Videos/0X1A.avi). Clips without report and those that cannot be read have no split; a clip without report takes that
// of its study. Throws Error{Usage} for a column that is not there and shares that are none.
OwnTable makeOwnTable(const OwnSource& source, const OwnTableOptions& options);

// data/studies.csv.
std::string ownStudiesCsv(const OwnTable& table);

}  // namespace counterpoint
