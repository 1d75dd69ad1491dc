// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/column_guess.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "core/base/words.h"
#include "core/media/clip_names.h"

namespace counterpoint {
namespace {

// Letters and digits alone, small: "Patient_Study" and "patient study" are one.
std::string plain(std::string_view text) {
  std::string letters;
  for (const char c : lowerAscii(text))
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80) letters += c;
  return letters;
}

struct Spellings {
  std::string StudyColumns::*column;
  std::vector<std::string_view> whole;  // of the plain name, most telling first
  std::vector<std::string_view> parts;  // that it may contain
};

const std::vector<Spellings>& spellings() {
  static const std::vector<Spellings> all = {
      {&StudyColumns::file,
       {"filename",  "filepath",  "file",          "clip",           "clippath",   "clipfile",
        "video",     "videopath", "videofile",     "videoname",      "avi",        "avifile",
        "mp4",       "cine",      "cinepath",      "loop",           "path",       "name",
        "dicomfile", "dicompath", "dicomfilepath", "sopinstanceuid", "externalkey"},
       {"filename", "filepath", "clip", "video", "cine", "path", "file"}},
      {&StudyColumns::study,
       {"studyinstanceuid", "study",           "studyid",      "studyuid", "studykey", "exam",    "examid",
        "accession",        "accessionnumber", "patientstudy", "echo",     "echoid",   "patient", "patientid",
        "subject",          "subjectid",       "mrn",          "case",     "caseid",   "pid"},
       {"study", "exam", "accession", "patient", "subject"}},
      {&StudyColumns::split,
       {"split", "fold", "partition", "subset", "set", "phase", "dataset", "datasplit", "group", "usage"},
       {"split", "partition", "subset"}},
      {&StudyColumns::report,
       {"report", "reporttext", "text", "caption", "findings", "finding", "impression", "impressions", "conclusion",
        "conclusions", "description", "narrative", "summary", "interpretation", "befund", "reports"},
       {"report", "caption", "findings", "impression", "conclusion", "narrative", "text"}},
      {&StudyColumns::view,
       {"view", "viewname", "viewlabel", "viewclass", "viewposition", "echoview", "projection", "plane", "window"},
       {"view"}},
      {&StudyColumns::rWave,
       {"rwave", "rwaveseconds", "rwavetime", "rpeak", "rpeaktime", "rtime", "rwaves", "edtime", "firstrwave"},
       {"rwave", "rpeak"}},
  };
  return all;
}

constexpr double kMostOf = 0.8;  // of the values that are there
constexpr std::size_t kReportWords = 3;
constexpr double kMostSeconds = 60;

// True where most values of the column are of a kind, and there is one.
bool mostly(const std::vector<std::vector<std::string>>& rows, std::size_t column, const auto& is) {
  std::size_t there = 0, right = 0;
  for (const auto& row : rows) {
    if (column >= row.size() || trim(row[column]).empty()) continue;
    ++there;
    right += is(trim(row[column])) ? 1 : 0;
  }
  return there > 0 && static_cast<double>(right) >= kMostOf * static_cast<double>(there);
}

bool isClipName(std::string_view text) {
  const std::filesystem::path path(text);
  return isVideoName(path) || isDicomName(path) || isArrayName(path);
}

bool isSeconds(std::string_view text) {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() && end == text.data() + text.size() && std::isfinite(value) && value >= 0 &&
         value <= kMostSeconds;
}

bool isSentence(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), ' ')) + 1 >= kReportWords;
}

}  // namespace

const std::array<ColumnRole, 6> kColumnRoles{{
    {&StudyColumns::file, "file", "Clip", "path of the clip's file", true},
    {&StudyColumns::study, "study", "Study", "what belongs together: an examination or a patient", false},
    {&StudyColumns::split, "split", "Split", "train, val or test", false},
    {&StudyColumns::report, "report", "Report", "the report in words", true},
    {&StudyColumns::view, "view", "View", "the view, shown and never trained on", false},
    {&StudyColumns::rWave, "r_wave", "R wave", "seconds of the first R wave", false},
}};

std::string splitOf(std::string_view word) {
  static const std::pair<const char*, std::vector<std::string_view>> kWords[] = {
      {"train", {"train", "training", "tr", "trainset", "trn", "development"}},
      {"val", {"val", "valid", "validation", "validate", "dev", "tune", "tuning", "eval", "valset"}},
      {"test", {"test", "testing", "heldout", "holdout", "te", "testset", "external"}},
  };
  const std::string letters = plain(word);
  for (const auto& [split, words] : kWords)
    if (std::find(words.begin(), words.end(), letters) != words.end()) return split;
  return {};
}

StudyColumns guessColumns(const std::vector<std::string>& heading, const std::vector<std::vector<std::string>>& rows) {
  StudyColumns guess{{}, {}, {}, {}, {}, {}};
  std::vector<std::string> names;
  for (const auto& column : heading) names.push_back(plain(column));
  std::set<std::size_t> taken;
  // What stands in a column may speak against its name: a "file" without files is none.
  const auto fits = [&](std::string StudyColumns::*column, std::size_t i) {
    if (column == &StudyColumns::split) return mostly(rows, i, [](std::string_view v) { return !splitOf(v).empty(); });
    if (column == &StudyColumns::rWave) return mostly(rows, i, isSeconds);
    return true;
  };
  const auto take = [&](std::string StudyColumns::*column, std::size_t i) {
    guess.*column = std::string(trim(heading[i]));
    taken.insert(i);
  };
  const auto search = [&](std::string StudyColumns::*column, const auto& matches) {
    for (std::size_t i = 0; (guess.*column).empty() && i < heading.size(); ++i)
      if (!taken.contains(i) && !trim(heading[i]).empty() && matches(i)) take(column, i);
  };
  // Values first for the clip: many tables have a name and a path.
  search(&StudyColumns::file, [&](std::size_t i) { return mostly(rows, i, isClipName); });
  for (const auto& entry : spellings())
    for (const auto whole : entry.whole)
      search(entry.column, [&](std::size_t i) { return names[i] == whole && (rows.empty() || fits(entry.column, i)); });
  for (const auto& entry : spellings())
    for (const auto part : entry.parts)
      search(entry.column, [&](std::size_t i) {
        return names[i].find(part) != std::string::npos && (rows.empty() || fits(entry.column, i));
      });
  search(&StudyColumns::split, [&](std::size_t i) { return fits(&StudyColumns::split, i); });
  search(&StudyColumns::report, [&](std::size_t i) { return mostly(rows, i, isSentence); });
  return guess;
}

}  // namespace counterpoint
