// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/own_table.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "core/base/amounts.h"
#include "core/base/error.h"
#include "core/base/random.h"
#include "core/base/words.h"
#include "core/media/clip_names.h"
#include "core/media/column_guess.h"
#include "core/media/csv.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTried = 20;  // rows by which the clips' folder is found
constexpr const char* kSplits[] = {"train", "val", "test"};
constexpr const char* kEndings[] = {"", ".avi", ".mp4", ".dcm", ".mov", ".npy"};

bool isThere(const fs::path& path) {
  struct ::stat facts {};
  return ::stat(path.c_str(), &facts) == 0 && (!S_ISREG(facts.st_mode) || facts.st_size > 0);
}

struct ClipPlace {
  fs::path root;
  std::string ending;  // that the names lack
};

// Where most of the first names are: beside the table, above it, or in a folder beside it.
ClipPlace findClips(const OwnSource& source, const std::vector<OwnRow>& rows) {
  std::vector<fs::path> folders{source.folder};
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(source.folder, code))
    if (entry.is_directory(code)) folders.push_back(entry.path());
  std::sort(folders.begin() + 1, folders.end());
  folders.push_back(source.folder.parent_path());
  ClipPlace best{source.folder, {}};
  std::size_t most = 0;
  for (const auto& folder : folders) {
    for (const std::string ending : kEndings) {
      std::size_t found = 0;
      for (std::size_t i = 0; i < std::min(rows.size(), kTried); ++i)
        found += isThere(folder / (rows[i].file + ending)) ? 1 : 0;
      if (found <= most) continue;
      most = found;
      best = {folder, ending};
    }
  }
  return best;
}

class Maker {
 public:
  Maker(const OwnSource& source, const OwnTableOptions& options) : source_(source), options_(options) {}

  OwnTable make() {
    table_.source = source_.path;
    table_.findings = source_.findings;
    table_.patientsKnown = !options_.columns.study.empty();
    readRows();
    findFiles();
    fillReports();
    splitStudies();
    count();
    report();
    std::stable_sort(table_.findings.begin(), table_.findings.end(),
                     [](const CheckFinding& a, const CheckFinding& b) { return a.severity < b.severity; });
    return std::move(table_);
  }

 private:
  std::optional<std::size_t> placeOf(const std::string& name) const {
    if (name.empty()) return {};
    const auto found = std::find(source_.columns.begin(), source_.columns.end(), name);
    if (found == source_.columns.end()) {
      const std::string near = nearestWord(name, source_.columns);
      throw usageError(
          fmt::format("has no column \"{}\"", name), source_.path.string(),
          near.empty() ? "Its columns are: " + join(source_.columns, ", ") + "." : "Did you mean \"" + near + "\"?");
    }
    return static_cast<std::size_t>(found - source_.columns.begin());
  }

  void add(CheckSeverity severity, std::string key, std::string what, std::string cure,
           std::optional<CheckMend> mend = {}) {
    table_.findings.push_back({severity, std::move(key), std::move(what), source_.path.string(), std::move(cure),
                               std::move(mend), source_.path.string()});
  }

  void readRows() {
    const StudyColumns& names = options_.columns;
    if (names.file.empty())
      throw usageError("no column is said to name the clips", source_.path.string(),
                       "Say which: --column file=NAME. Its columns are: " + join(source_.columns, ", ") + ".");
    const auto file = placeOf(names.file), study = placeOf(names.study), split = placeOf(names.split),
               reportPlace = placeOf(names.report), view = placeOf(names.view), rWave = placeOf(names.rWave);
    std::unordered_set<std::string> seen;
    Examples noFile, duplicates;
    for (std::size_t i = 0; i < source_.rows.size(); ++i) {
      const auto field = [&](std::optional<std::size_t> place) {
        return place ? std::string(trim(source_.rows[i][*place])) : std::string();
      };
      OwnRow row;
      row.line = source_.lines[i];
      row.file = field(file);
      if (row.file.empty()) {
        noFile.add(fmt::format("line {}", row.line));
        continue;
      }
      if (!seen.insert(row.file).second) {
        duplicates.add(fmt::format("{} (line {})", row.file, row.line));
        continue;
      }
      row.study = field(study);
      if (row.study.empty()) row.study = row.file;
      row.split = field(split);
      row.report = field(reportPlace);
      row.view = field(view);
      row.rWave = field(rWave);
      table_.rows.push_back(std::move(row));
    }
    if (noFile.count > 0)
      add(CheckSeverity::Warning, "column.file",
          fmt::format("{} without a clip left out: {}", countOf(noFile.count, "line", "lines"), noFile.words()),
          "Name the clip's file.");
    if (duplicates.count > 0)
      add(CheckSeverity::Warning, "column.file",
          fmt::format("{} of a clip that stands above left out: {}", countOf(duplicates.count, "line", "lines"),
                      duplicates.words()),
          "Each clip stands once.");
    readRWaves();
  }

  void readRWaves() {
    Examples wrong;
    for (OwnRow& row : table_.rows) {
      if (row.rWave.empty()) continue;
      char* end = nullptr;
      const double value = std::strtod(row.rWave.c_str(), &end);
      if (*end == '\0' && std::isfinite(value) && value >= 0) continue;
      wrong.add(fmt::format("line {} (\"{}\")", row.line, row.rWave));
      row.rWave.clear();
    }
    if (wrong.count > 0)
      add(CheckSeverity::Warning, "column.r_wave",
          fmt::format("{} no time in seconds: {}", countOf(wrong.count, "R wave is", "R waves are"), wrong.words()),
          "They are left empty.");
  }

  void findFiles() {
    const ClipPlace place = findClips(source_, table_.rows);
    table_.root = place.root;
    Examples missing, dicom;
    for (OwnRow& row : table_.rows) {
      row.file += place.ending;
      row.there = isThere(table_.root / row.file);
      if (!row.there) missing.add(row.file);
      if (isDicomName(row.file)) dicom.add(row.file);
    }
    table_.missing = missing.count;
    if (missing.count == table_.rows.size()) {
      add(CheckSeverity::Bad, "column.file",
          fmt::format("none of the {} clips is there: {}", countInWords(missing.count), missing.words()),
          "Choose the column with their paths; relative ones begin at the table's folder.");
    } else if (missing.count > 0) {
      add(CheckSeverity::Warning, "column.file",
          fmt::format("{} not there, or empty: {}", countOf(missing.count, "clip is", "clips are"), missing.words()),
          "They stay in the table and are skipped until they are there.");
    }
    if (dicom.count > 0)
      add(dicom.count == table_.rows.size() ? CheckSeverity::Bad : CheckSeverity::Warning, "column.file",
          fmt::format("{} DICOM, which is not read yet: {}", countOf(dicom.count, "clip is", "clips are"),
                      dicom.words()),
          "They are not trained on: convert them to MP4 or AVI.");
  }

  // Often one clip of a study carries the report of all.
  void fillReports() {
    std::unordered_map<std::string, std::string> known;
    for (const OwnRow& row : table_.rows)
      if (!row.report.empty()) known.emplace(row.study, row.report);
    std::size_t filled = 0;
    Examples without;
    for (OwnRow& row : table_.rows) {
      if (!row.report.empty()) continue;
      if (const auto found = known.find(row.study); found != known.end()) {
        row.report = found->second;
        ++filled;
      } else {
        without.add(row.file);
      }
    }
    table_.withoutReport = without.count;
    if (filled > 0)
      add(CheckSeverity::Info, "column.report",
          fmt::format("{} the report of another clip of their study", countOf(filled, "clip takes", "clips take")), {});
    if (without.count == table_.rows.size()) {
      add(CheckSeverity::Bad, "column.report", "there are no reports: nothing can be trained from these clips",
          "Choose the column with the reports, or put NAME.txt beside each clip of a folder. Without them the clips "
          "can "
          "be looked at in Review, and described, embedded and searched with a model that is trained already.");
    } else if (without.count > 0) {
      add(CheckSeverity::Warning, "column.report",
          fmt::format("{} no report: {}", countOf(without.count, "clip has", "clips have"), without.words()),
          "They are not trained on; they can be looked at, described and searched.");
    }
  }

  bool usable(const OwnRow& row) const { return !row.report.empty() && !isDicomName(row.file); }

  void splitStudies() {
    if (options_.columns.split.empty() || options_.dealSplits) {
      deal();
    } else {
      readSplits();
    }
    for (OwnRow& row : table_.rows)
      if (!usable(row)) row.split.clear();
  }

  // The studies that can be trained on, in an order that depends on the seed and their names alone.
  std::vector<std::string> shuffledStudies(const std::string& ofSplit = {}) const {
    std::set<std::string> names;
    for (const OwnRow& row : table_.rows)
      if (usable(row) && row.there && (ofSplit.empty() || row.split == ofSplit)) names.insert(row.study);
    std::vector<std::string> studies(names.begin(), names.end());
    Random random(deriveSeed(options_.seed, "split"));
    random.shuffle(studies);
    return studies;
  }

  void deal() {
    const int whole = std::accumulate(options_.shares.begin(), options_.shares.end(), 0);
    if (whole <= 0 || *std::min_element(options_.shares.begin(), options_.shares.end()) < 0 || options_.shares[0] == 0)
      throw usageError("shares must be at least 0, and that of train above 0", "shares", "Say for example 80,10,10.");
    table_.dealt = true;
    const auto studies = shuffledStudies();
    const auto total = studies.size();
    const auto part = [&](int share) {
      const auto count = static_cast<std::size_t>(std::lround(static_cast<double>(total) * share / whole));
      return share > 0 ? std::max<std::size_t>(1, count) : count;
    };
    // A val is needed; a test only where there are studies for it.
    const std::size_t val = total >= 2 ? std::min(std::max<std::size_t>(1, part(options_.shares[1])), total - 1) : 0;
    const std::size_t test = total >= 3 ? std::min(part(options_.shares[2]), total - val - 1) : 0;
    std::unordered_map<std::string, const char*> splits;
    for (std::size_t i = 0; i < total; ++i) splits[studies[i]] = kSplits[i < val ? 1 : i < val + test ? 2 : 0];
    for (OwnRow& row : table_.rows) {
      const auto found = splits.find(row.study);
      row.split = found == splits.end() ? "" : found->second;
    }
    if (!table_.patientsKnown)
      add(CheckSeverity::Warning, "column.study",
          "no column says which clips belong together: each clip is dealt by itself",
          "Choose the column with the study, or better the patient: else clips of one patient may lie in train and in "
          "test, and what is measured is known from training.");
  }

  void readSplits() {
    Examples unknown;
    std::map<std::string, std::set<std::string>> splitsOf;
    for (OwnRow& row : table_.rows) {
      const std::string split = splitOf(row.split);
      if (split.empty())
        unknown.add(row.split.empty() ? fmt::format("line {}: nothing", row.line)
                                      : fmt::format("line {}: \"{}\"", row.line, row.split));
      row.split = split;
      if (!split.empty()) splitsOf[row.study].insert(split);
    }
    const CheckMend anew{"Deal the studies anew", "split", "deal"};
    if (unknown.count > 0)
      add(CheckSeverity::Warning, "column.split",
          fmt::format("{} no split that is known: {}", countOf(unknown.count, "clip has", "clips have"),
                      unknown.words()),
          "They are not used. Write train, val or test, or let the studies be dealt.", anew);
    Examples shared;
    for (const auto& [study, names] : splitsOf)
      if (names.size() > 1) shared.add(study);
    if (shared.count > 0)
      add(CheckSeverity::Warning, "column.split",
          fmt::format("{} in two splits: {}", countOf(shared.count, "study lies", "studies lie"), shared.words()),
          "What is measured on them is known from training: let the studies be dealt.", anew);
    if (!table_.patientsKnown)
      add(CheckSeverity::Warning, "column.study", "no column says which clips belong together",
          "Choose the one with the study or the patient: only then is it seen whether one lies in two splits.");
    fillVal();
  }

  // A table with train and test alone: some of train's studies become val.
  void fillVal() {
    const auto has = [&](const char* split) {
      return std::any_of(table_.rows.begin(), table_.rows.end(),
                         [&](const OwnRow& row) { return row.split == split && usable(row) && row.there; });
    };
    if (!has("train") || has("val")) return;
    const auto studies = shuffledStudies("train");
    if (studies.size() < 2) return;
    const int both = options_.shares[0] + options_.shares[1];
    const double share = both > 0 ? static_cast<double>(options_.shares[1]) / both : 0.1;
    const auto count = std::clamp<std::size_t>(
        static_cast<std::size_t>(std::lround(share * static_cast<double>(studies.size()))), 1, studies.size() - 1);
    const std::unordered_set<std::string> chosen(studies.begin(), studies.begin() + static_cast<std::ptrdiff_t>(count));
    for (OwnRow& row : table_.rows)
      if (row.split == "train" && chosen.contains(row.study)) row.split = "val";
    add(CheckSeverity::Info, "column.split",
        fmt::format("there is no val: {} of train {} now", countOf(count, "study", "studies"),
                    count == 1 ? "is it" : "are it"),
        {});
  }

  void count() {
    std::map<std::string, std::pair<std::size_t, std::set<std::string>>> counts;
    for (const OwnRow& row : table_.rows) {
      ++counts[row.split].first;
      counts[row.split].second.insert(row.study);
    }
    for (const auto& [split, all] : counts) table_.splits.push_back({split, all.first, all.second.size()});
  }

  void report() {
    if (table_.withoutReport == table_.rows.size() || table_.missing == table_.rows.size()) return;
    for (const char* split : {"train", "val"}) {
      if (table_.clipsOf(split) > 0) continue;
      add(CheckSeverity::Bad, "column.split",
          fmt::format("no clip is left to {}", *split == 't' ? "train on" : "validate on"),
          "At least two studies with reports are needed, one for train and one for val.",
          options_.columns.split.empty() || options_.dealSplits
              ? std::nullopt
              : std::optional(CheckMend{"Deal the studies anew", "split", "deal"}));
    }
  }

  const OwnSource& source_;
  const OwnTableOptions& options_;
  OwnTable table_;
};

}  // namespace

std::size_t OwnTable::clipsOf(const std::string& split) const {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [&](const OwnRow& row) { return row.there && row.split == split; }));
}

bool OwnTable::canTrain() const { return clipsOf("train") > 0 && clipsOf("val") > 0; }

OwnTable makeOwnTable(const OwnSource& source, const OwnTableOptions& options) { return Maker(source, options).make(); }

std::string ownStudiesCsv(const OwnTable& table) {
  std::string text = "FileName,StudyInstanceUID,Split,View,Report,RWave\n";
  for (const OwnRow& row : table.rows) {
    const std::string* fields[] = {&row.file, &row.study, &row.split, &row.view, &row.report, &row.rWave};
    for (std::size_t i = 0; i < std::size(fields); ++i) {
      if (i > 0) text += ',';
      text += csvField(*fields[i], ",");
    }
    text += '\n';
  }
  return text;
}

}  // namespace counterpoint
