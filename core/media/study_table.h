// SPDX-License-Identifier: GPL-3.0-or-later
// The table of a data set: one row a clip, with its study, split, report and times (DeepCORO's main CSV).
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace counterpoint {

// Names in the heading line. `file` must be there, and whichever is named otherwise than here.
struct StudyColumns {
  std::string file = "FileName";
  std::string study = "StudyInstanceUID";
  std::string split = "Split";
  std::string report = "Report";
  std::string view = "View";
  std::string rWave = "RWave";
};

enum class OnMissing { Error, Skip };

struct StudyTableOptions {
  StudyColumns columns = {};
  std::filesystem::path root = {};  // relative file names begin here; empty: the folder of the CSV
  OnMissing onMissing = OnMissing::Error;
  bool checkFiles = true;
  bool forTraining = false;  // split and report must be there too
};

struct ClipRow {
  std::size_t line = 0;        // in the CSV, from 1
  std::string file;            // as the CSV writes it: the clip's id
  std::filesystem::path path;  // where it lies
  std::string study;           // `file` where the CSV names none
  std::string split;           // lower case, trimmed; empty where the CSV has no such column
  std::string report;
  std::string view;
  std::optional<double> rWave;  // seconds
};

struct Study {
  std::string id;
  std::vector<std::size_t> rows;  // into StudyTable::rows(), in the order of the CSV
  std::string report;             // of its last row; "No Report" where that is empty
};

class StudyTable {
 public:
  // The separator (α, comma or tab) is the first that yields the file column. Throws Error{Data} naming file, line and
  // column; with OnMissing::Error also for missing clips, all counted, the first ones named.
  static StudyTable load(const std::filesystem::path& csv, const StudyTableOptions& options = {});

  const std::filesystem::path& path() const { return path_; }
  const std::vector<ClipRow>& rows() const { return rows_; }
  // Names of clips that are not there (OnMissing::Skip); they are in no row.
  const std::vector<std::string>& missing() const { return missing_; }
  std::vector<std::string> splits() const;  // sorted

  // Rows of one split ("all": every row), in the order of the CSV. Throws Error{Data} listing the splits there are when
  // there is none.
  std::vector<ClipRow> rowsOf(const std::string& split) const;
  // Studies of one split, sorted by id as text.
  std::vector<Study> studiesOf(const std::string& split) const;

 private:
  std::filesystem::path path_;
  std::vector<ClipRow> rows_;
  std::vector<std::string> missing_;
};

}  // namespace counterpoint
