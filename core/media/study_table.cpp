// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/study_table.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/base/words.h"
#include "core/media/csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

namespace counterpoint {
namespace {

std::optional<std::size_t> columnOf(const std::vector<std::string>& heading, const std::string& name) {
  for (std::size_t i = 0; i < heading.size(); ++i)
    if (trim(heading[i]) == name) return i;
  return {};
}

struct ColumnNumbers {
  std::optional<std::size_t> file, study, split, report, view, rWave;
};

[[noreturn]] void refuseColumn(const std::string& name, const std::vector<std::string>& known,
                               const std::string& where) {
  const std::string nearest = nearestWord(name, known);
  throw dataError(fmt::format("has no column \"{}\"", name), where + ", line 1",
                  nearest.empty() ? "Its columns are: " + join(known, ", ") : "Did you mean \"" + nearest + "\"?");
}

ColumnNumbers columnsOf(const std::vector<std::string>& heading, const StudyTableOptions& options,
                        const std::string& where) {
  const StudyColumns usual;
  const auto find = [&](std::string StudyColumns::*column, bool needed = false) {
    const std::string& name = options.columns.*column;
    const auto found = columnOf(heading, name);
    if (!found && (needed || name != usual.*column)) refuseColumn(name, heading, where);
    return found;
  };
  return {find(&StudyColumns::file, true),
          find(&StudyColumns::study),
          find(&StudyColumns::split, options.forTraining),
          find(&StudyColumns::report, options.forTraining),
          find(&StudyColumns::view),
          find(&StudyColumns::rWave)};
}

std::string_view separatorOf(std::string_view text, const StudyColumns& columns, const std::string& where) {
  if (const auto separator = separatorWith(text, columns.file)) return *separator;
  refuseColumn(columns.file, likelyColumns(text), where);
}

std::optional<double> secondsOf(std::string_view text, const std::string& where, const std::string& column) {
  text = trim(text);
  if (text.empty() || lowerAscii(text) == "nan") return {};
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(value) || value < 0)
    throw dataError(fmt::format("{} is \"{}\"", column, text), where, "Write seconds, such as 0.42, or leave it empty");
  return value;
}

}  // namespace

StudyTable StudyTable::load(const std::filesystem::path& csv, const StudyTableOptions& options) {
  const std::string where = csv.string();
  const std::string text = readFile(csv);
  std::string_view content = text;
  if (content.starts_with("\xEF\xBB\xBF")) content.remove_prefix(3);
  const std::vector<CsvRecord> records = parseCsv(content, separatorOf(content, options.columns, where), where);
  const std::vector<std::string>& heading = records.front().fields;
  const ColumnNumbers columns = columnsOf(heading, options, where);
  const std::filesystem::path root = options.root.empty() ? csv.parent_path() : options.root;
  StudyTable table;
  table.path_ = csv;
  for (std::size_t i = 1; i < records.size(); ++i) {
    const CsvRecord& record = records[i];
    const std::string here = fmt::format("{}, line {}", where, record.line);
    if (record.fields.size() != heading.size())
      throw dataError(fmt::format("{} fields under {} columns", record.fields.size(), heading.size()), here,
                      "Quote fields that hold the separator or line breaks");
    const auto field = [&](std::optional<std::size_t> column) {
      return column ? record.fields[*column] : std::string();
    };
    ClipRow row;
    row.line = record.line;
    row.file = std::string(trim(field(columns.file)));
    if (row.file.empty()) throw dataError(options.columns.file + " is empty", here, "Name the clip's file");
    const std::filesystem::path file(row.file);
    row.path = file.is_absolute() ? file : root / file;
    row.study = std::string(trim(field(columns.study)));
    if (row.study.empty()) row.study = row.file;
    row.split = lowerAscii(trim(field(columns.split)));
    row.report = field(columns.report);
    row.view = std::string(trim(field(columns.view)));
    row.rWave = secondsOf(field(columns.rWave), here, options.columns.rWave);
    std::error_code ignored;
    if (options.checkFiles && !std::filesystem::exists(row.path, ignored))
      table.missing_.push_back(row.file);
    else
      table.rows_.push_back(std::move(row));
  }
  if (!table.missing_.empty()) {
    const std::size_t named = std::min<std::size_t>(table.missing_.size(), 3);
    const std::vector<std::string> first(table.missing_.begin(),
                                         table.missing_.begin() + static_cast<std::ptrdiff_t>(named));
    const std::string what = fmt::format("{} of {} clips are missing: {}{}", table.missing_.size(), records.size() - 1,
                                         join(first, ", "), named < table.missing_.size() ? ", …" : "");
    if (options.onMissing == OnMissing::Error)
      throw dataError(what, where, "Check that the disk is there, or set data.on_missing to skip");
    logWarning("{}: {}; they are skipped", where, what);
  }
  return table;
}

std::vector<std::string> StudyTable::splits() const {
  std::set<std::string> names;
  for (const ClipRow& row : rows_) names.insert(row.split);
  return {names.begin(), names.end()};
}

std::vector<ClipRow> StudyTable::rowsOf(const std::string& split) const {
  const std::string wanted = lowerAscii(trim(split));
  std::vector<ClipRow> rows;
  for (const ClipRow& row : rows_)
    if (wanted == "all" || row.split == wanted) rows.push_back(row);
  if (rows.empty())
    throw dataError(fmt::format("has no clip of the split \"{}\"", split), path_.string(),
                    rows_.empty() ? "It has no clip at all" : "Its splits are: " + join(splits(), ", "));
  return rows;
}

std::vector<Study> StudyTable::studiesOf(const std::string& split) const {
  const std::string wanted = lowerAscii(trim(split));
  std::map<std::string, Study> studies;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (wanted != "all" && rows_[i].split != wanted) continue;
    Study& study = studies[rows_[i].study];
    study.id = rows_[i].study;
    study.rows.push_back(i);
    study.report = rows_[i].report;
  }
  std::vector<Study> sorted;
  for (auto& [id, study] : studies) {
    if (trim(study.report).empty()) study.report = "No Report";
    sorted.push_back(std::move(study));
  }
  return sorted;
}

}  // namespace counterpoint
