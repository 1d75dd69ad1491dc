// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/own_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/base/amounts.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/words.h"
#include "core/media/clip_names.h"
#include "core/media/column_guess.h"
#include "core/media/csv.h"
#include "core/media/table_tally.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> kSeparators{"\xCE\xB1", ",", ";", "\t"};
constexpr std::uint64_t kMostTableBytes = std::uint64_t{1} << 30, kMostReportBytes = 64 << 10;
constexpr std::size_t kGuessedFrom = 50, kEntriesBetweenStops = 256;

bool isTableName(const fs::path& path) {
  const std::string ending = lowerAscii(path.extension().string());
  return ending == ".csv" || ending == ".tsv" || ending == ".tab";
}

std::string_view firstLine(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text.substr(0, text.find_first_of("\r\n"));
}

std::string_view separatorOf(std::string_view text, const std::string& where) {
  std::string_view best = ",";
  std::size_t most = 0;
  for (const auto separator : kSeparators) {
    try {
      const auto records = parseCsv(firstLine(text), separator, where);
      const std::size_t columns = records.empty() ? 0 : records.front().fields.size();
      if (columns > most) {
        most = columns;
        best = separator;
      }
    } catch (const Error&) {
      // Not by this one.
    }
  }
  return best;
}

OwnSource readTable(const fs::path& path, const std::stop_token& stop, std::size_t mostRows) {
  OwnSource source;
  source.path = path;
  source.folder = path.parent_path();
  const std::string text = readFile(path, kMostTableBytes);
  if (text.find('\0') != std::string::npos)
    throw dataError("is no table of text", path.string(), "Save it as CSV (UTF-8) first.");
  auto records = parseCsv(text, separatorOf(text, path.string()), path.string());
  if (records.size() < 2)
    throw dataError(records.empty() ? "is empty" : "has a line of names and no clips", path.string());
  if (records.size() - 1 > mostRows)
    throw dataError(fmt::format("has {} lines, more than {}", records.size() - 1, mostRows), path.string());
  for (const auto& name : records.front().fields) source.columns.emplace_back(trim(name));
  Examples wrong;
  for (std::size_t i = 1; i < records.size(); ++i) {
    if (i % kEntriesBetweenStops == 0 && stop.stop_requested()) throw Error(ErrorKind::Stopped, "reading was stopped");
    if (records[i].fields.size() != source.columns.size()) {
      wrong.add(fmt::format("line {} has {}", records[i].line, records[i].fields.size()));
      continue;
    }
    source.lines.push_back(records[i].line);
    source.rows.push_back(std::move(records[i].fields));
  }
  if (wrong.count > 0)
    source.findings.push_back({CheckSeverity::Warning,
                               {},
                               fmt::format("{} of other than {} fields left out: {}",
                                           countOf(wrong.count, "line", "lines"), source.columns.size(), wrong.words()),
                               path.string(),
                               "Quote fields that hold the separator or line breaks.",
                               {},
                               path.string()});
  if (source.rows.empty()) throw dataError("has no line that can be read", path.string());
  return source;
}

// A clip's place in the tree: what of its folders is a split, and the rest.
struct Place {
  std::string folder, split;
};

Place placeOf(const fs::path& relative) {
  Place place;
  fs::path rest;
  for (const auto& part : relative.parent_path()) {
    const std::string split = splitOf(part.string());
    if (place.split.empty() && !split.empty()) {
      place.split = split;
    } else {
      rest /= part;
    }
  }
  place.folder = rest.generic_string();
  return place;
}

std::string reportBeside(const fs::path& clip) {
  fs::path text = clip;
  text.replace_extension(".txt");
  std::error_code code;
  if (!fs::is_regular_file(text, code)) return {};
  try {
    return std::string(trim(readFile(text, kMostReportBytes)));
  } catch (const Error&) {
    return {};
  }
}

OwnSource readFolder(const fs::path& path, const std::stop_token& stop, std::size_t mostRows) {
  OwnSource source;
  source.path = source.folder = path;
  source.isFolder = true;
  std::vector<fs::path> clips;
  std::error_code code;
  std::size_t seen = 0;
  for (fs::recursive_directory_iterator entry(path, fs::directory_options::skip_permission_denied, code), end;
       !code && entry != end; entry.increment(code)) {
    if (++seen % kEntriesBetweenStops == 0 && stop.stop_requested())
      throw Error(ErrorKind::Stopped, "reading was stopped");
    const fs::path& file = entry->path();
    if (file.filename().string().starts_with('.')) {
      if (entry->is_directory(code)) entry.disable_recursion_pending();
      continue;
    }
    if (isVideoName(file) || isDicomName(file) || isArrayName(file)) clips.push_back(file);
    if (isTableName(file)) source.tables.push_back(file);
    if (clips.size() > mostRows) throw dataError(fmt::format("holds more than {} clips", mostRows), path.string());
  }
  if (code) throw systemError(code.value(), "read", path.string());
  std::sort(clips.begin(), clips.end());
  std::sort(source.tables.begin(), source.tables.end());
  if (clips.empty())
    throw dataError("holds no clip", path.string(),
                    source.tables.empty() ? "Choose the folder with your videos (.mp4, .avi, …), or a table of them."
                                          : "Choose the table " + source.tables.front().string() + " instead.");
  bool anySplit = false, anyReport = false;
  for (const auto& clip : clips) {
    const fs::path relative = clip.lexically_relative(path);
    const Place place = placeOf(relative);
    // Without a folder of its own each clip is a study.
    source.rows.push_back({relative.generic_string(), place.folder.empty() ? clip.stem().string() : place.folder,
                           place.split, reportBeside(clip)});
    source.lines.push_back(0);
    anySplit = anySplit || !place.split.empty();
    anyReport = anyReport || !source.rows.back()[3].empty();
  }
  source.columns = {"FileName", "Folder"};
  if (anySplit) source.columns.emplace_back("Split");
  if (anyReport) source.columns.emplace_back("Report");
  for (auto& row : source.rows) {
    if (!anyReport) row.erase(row.begin() + 3);
    if (!anySplit) row.erase(row.begin() + 2);
  }
  return source;
}

}  // namespace

OwnSource readOwnSource(const fs::path& path, const std::stop_token& stop, std::size_t mostRows) {
  std::error_code code;
  const fs::path whole = fs::absolute(path, code).lexically_normal();
  const auto status = fs::status(whole, code);
  if (!fs::exists(status))
    throw dataError("does not exist", path.string(), "Name a table (.csv) or a folder of clips.");
  if (fs::is_directory(status)) return readFolder(whole.has_filename() ? whole : whole.parent_path(), stop, mostRows);
  if (isVideoName(whole) || isDicomName(whole))
    throw dataError("is one clip", path.string(), "Choose its folder, or a table of clips.");
  return readTable(whole, stop, mostRows);
}

StudyColumns guessColumns(const OwnSource& source) {
  if (source.isFolder) {
    const auto has = [&](const char* name) {
      return std::find(source.columns.begin(), source.columns.end(), name) != source.columns.end();
    };
    return {"FileName", "Folder", has("Split") ? "Split" : "", has("Report") ? "Report" : "", "", ""};
  }
  const auto count = std::min(source.rows.size(), kGuessedFrom);
  return guessColumns(source.columns, {source.rows.begin(), source.rows.begin() + static_cast<std::ptrdiff_t>(count)});
}

}  // namespace counterpoint
