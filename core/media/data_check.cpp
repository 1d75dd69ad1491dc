// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/data_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/amounts.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/words.h"
#include "core/config/schema.h"
#include "core/media/column_guess.h"
#include "core/media/csv.h"
#include "core/media/table_source.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostTableBytes = std::uint64_t{1} << 30;

class TableCheck {
 public:
  TableCheck(const Json& values, const fs::path& base, DataCheck& check, std::stop_token stop)
      : values_(values), base_(base), check_(check), stop_(std::move(stop)), source_(TableSource::from(values, base)) {}

  void run() {
    std::string text;
    try {
      text = readFile(source_.csv, kMostTableBytes);
    } catch (const Error& error) {
      add(CheckSeverity::Bad, "data.csv", error.problem(), error.where(), error.cure());
      return;
    }
    std::vector<CsvRecord> records;
    const auto separator = separatorWith(text, source_.options.columns.file);
    try {
      std::string_view content = text;
      const auto columns = likelyColumns(content);
      if (!separator) {
        check_.facts.columns = columns;
        refuseColumns(columns, {});
        return;
      }
      records = parseCsv(content, *separator, where());
    } catch (const Error& error) {
      add(CheckSeverity::Bad, "data.csv", error.problem(), error.where(), error.cure());
      return;
    }
    text.clear();
    check_.facts.columns = records.front().fields;
    const auto rows = firstRowsOf(records);
    if (!findColumns()) {
      check_.facts.rows = records.size() - 1;
      check_.facts.firstRows = rows;
      refuseColumns(check_.facts.columns, rows);
      return;
    }
    DataFacts before = std::move(check_.facts);
    tally_ = tallyTable(records, source_, places_, stop_);
    check_.facts = tally_.facts;
    check_.facts.table = std::move(before.table);
    check_.facts.columns = std::move(before.columns);
    check_.facts.firstRows = rows;
    check_.facts.rows = records.size() - 1;
    report();
  }

 private:
  std::string where() const { return source_.csv.string(); }

  void add(CheckSeverity severity, std::string key, std::string what, std::string at, std::string cure,
           std::optional<CheckMend> mend = {}) {
    check_.findings.push_back(
        {severity, std::move(key), std::move(what), std::move(at), std::move(cure), std::move(mend), where()});
  }

  bool findColumns() {
    const StudyColumns& wanted = source_.options.columns;
    const StudyColumns usual;
    bool good = true;
    for (const ColumnRole& role : kColumnRoles) {
      const auto& heading = check_.facts.columns;
      const std::string& name = wanted.*role.column;
      const auto found =
          std::find_if(heading.begin(), heading.end(), [&](const std::string& column) { return trim(column) == name; });
      if (found != heading.end()) {
        places_[role.key] = static_cast<std::size_t>(found - heading.begin());
        continue;
      }
      const bool demanded = role.column == &StudyColumns::file || role.column == &StudyColumns::split ||
                            role.column == &StudyColumns::report || name != usual.*role.column;
      good = good && !demanded;
    }
    return good;
  }

  // Each column that is asked for and not there, with the one that it probably is.
  void refuseColumns(const std::vector<std::string>& heading, const std::vector<std::vector<std::string>>& rows) {
    const StudyColumns& wanted = source_.options.columns;
    const StudyColumns usual, guess = guessColumns(heading, rows);
    for (const ColumnRole& role : kColumnRoles) {
      const std::string& name = wanted.*role.column;
      const bool there =
          std::any_of(heading.begin(), heading.end(), [&](const std::string& column) { return trim(column) == name; });
      const bool demanded = role.column == &StudyColumns::file || role.column == &StudyColumns::split ||
                            role.column == &StudyColumns::report || name != usual.*role.column;
      if (there || !demanded) continue;
      std::string key = std::string("data.columns.") + role.key, cure;
      std::optional<CheckMend> mend;
      const std::string& other = guess.*role.column;
      if (!other.empty()) {
        mend = CheckMend{fmt::format("Use the column \"{}\"", other), key, yamlText(other)};
        cure = fmt::format("Is it \"{}\"?", other);
      } else if (role.column == &StudyColumns::split) {
        cure = "Add one with train, val or test for each clip, or make a workspace from this table, which deals them.";
      } else {
        cure = "Its columns are: " + join(heading, ", ") + ".";
      }
      add(CheckSeverity::Bad, std::move(key), fmt::format("has no column \"{}\" ({})", name, role.meaning),
          where() + ", line 1", std::move(cure), std::move(mend));
    }
  }

  void report() {
    reportLines();
    reportClips();
    reportSplits();
    reportReports();
    const DataFacts& facts = check_.facts;
    std::vector<std::string> parts;
    for (const auto& split : facts.splits)
      parts.push_back(fmt::format("{} {} of {}", split.split.empty() ? "not used" : split.split,
                                  countInWords(split.clips), countOf(split.studies, "study", "studies")));
    add(CheckSeverity::Info, {},
        fmt::format("{} of {}, {}: {}", countOf(facts.clips, "clip", "clips"),
                    countOf(facts.studies, "study", "studies"), bytesInWords(facts.clipBytes), join(parts, ", ")),
        where(), {});
  }

  void reportLines() {
    const auto bad = [&](const Examples& seen, const std::string& what, const std::string& cure) {
      if (seen.count > 0) add(CheckSeverity::Bad, "data.csv", fmt::format("{}: {}", what, seen.words()), where(), cure);
    };
    bad(tally_.wrongCount,
        fmt::format("{} of other than {} fields", countOf(tally_.wrongCount.count, "line", "lines"),
                    check_.facts.columns.size()),
        "Quote fields that hold the separator or line breaks.");
    bad(tally_.noFile, fmt::format("{} without a clip", countOf(tally_.noFile.count, "line", "lines")),
        "Name the clip's file.");
    bad(tally_.wrongRWave,
        fmt::format("{} is no time in seconds in {}", source_.options.columns.rWave,
                    countOf(tally_.wrongRWave.count, "line", "lines")),
        "Write seconds, such as 0.42, or leave it empty.");
    if (tally_.duplicates.count > 0)
      add(CheckSeverity::Warning, "data.csv",
          fmt::format("{} more than once: {}", countOf(tally_.duplicates.count, "clip stands", "clips stand"),
                      tally_.duplicates.words()),
          where(), "Remove the extra lines: such clips count twice.");
    if (values_.at("data").at("start") == "r_wave" && (!places_.contains("r_wave") || tally_.noRWave.count > 0))
      add(CheckSeverity::Bad, "data.start",
          places_.contains("r_wave")
              ? fmt::format("{} without an R wave: {}", countOf(tally_.noRWave.count, "clip", "clips"),
                            tally_.noRWave.words())
              : fmt::format("has no column \"{}\", and data.start asks for it", source_.options.columns.rWave),
          where(), "Fill it, or let clips begin at their first frame.",
          CheckMend{"Begin at the first frame", "data.start", "first"});
  }

  // Another folder in which the first missing clip is.
  std::optional<CheckMend> otherRoot() const {
    const std::string now = values_.at("data").at("root").get<std::string>();
    std::error_code code;
    for (const auto& [root, folder] :
         {std::pair<std::string, fs::path>{"", source_.csv.parent_path()},
          {".", base_},
          {"data", base_ / "data"},
          {source_.csv.parent_path().parent_path().string(), source_.csv.parent_path().parent_path()}}) {
      if (root == now || !fs::exists(folder / tally_.firstMissing, code)) continue;
      return CheckMend{root.empty() ? std::string("Start at the table's own folder")
                                    : fmt::format("Start at {}", root == "." ? "the workspace" : root),
                       "data.root", yamlText(root)};
    }
    return {};
  }

  void reportClips() {
    const DataFacts& facts = check_.facts;
    if (tally_.missing.count > 0) {
      const bool skip = source_.options.onMissing == OnMissing::Skip, all = tally_.missing.count == facts.clips;
      auto mend = otherRoot();
      std::string cure = "Check that the disk is there, or set data.on_missing to skip.";
      if (mend) {
        cure = "They lie in another folder: set data.root.";
      } else if (!skip && !all) {
        mend = CheckMend{"Skip missing clips", "data.on_missing", "skip"};
      }
      add(skip && !all ? CheckSeverity::Warning : CheckSeverity::Bad, mend ? mend->key : "data.on_missing",
          fmt::format("{} of {} {} missing: {}", countInWords(tally_.missing.count),
                      countOf(facts.clips, "clip", "clips"), tally_.missing.count == 1 ? "is" : "are",
                      tally_.missing.words()),
          where(), skip && !all ? "They are skipped." : cure,
          skip && !all && mend && mend->key != "data.root" ? std::nullopt : mend);
    }
    if (tally_.empty.count > 0)
      add(CheckSeverity::Bad, "data.csv",
          fmt::format("{} empty: {}", countOf(tally_.empty.count, "clip is", "clips are"), tally_.empty.words()),
          where(), "Copy them again from their source.");
    if (tally_.dicom.count > 0)
      add(CheckSeverity::Bad, "data.csv",
          fmt::format(
              "{}: {}",
              countOf(tally_.dicom.count, "clip is DICOM, which is", "clips are DICOM, which is") + " not read yet",
              tally_.dicom.words()),
          where(), "Convert them to MP4 or AVI, and name those.");
    if (tally_.strange.count > 0)
      add(CheckSeverity::Warning, "data.csv",
          fmt::format("{} of an ending that is no video's: {}", countOf(tally_.strange.count, "clip is", "clips are"),
                      tally_.strange.words()),
          where(), "counterpoint-worker inspect CLIP says whether it can be read.");
  }

  void reportSplits() {
    const DataFacts& facts = check_.facts;
    std::vector<std::string> others;
    for (const auto& split : facts.splits)
      if (!split.split.empty() && split.split != "train" && split.split != "val" && split.split != "test")
        others.push_back(fmt::format("\"{}\" ({})", split.split, countInWords(split.clips)));
    for (const char* split : {"train", "val"}) {
      if (facts.clipsOf(split) > 0) continue;
      add(CheckSeverity::Bad, "data.columns.split", fmt::format("has no clip of the split \"{}\"", split), where(),
          others.empty() ? "Give some studies this split."
                         : fmt::format("Its splits are {}: write train, val and test.", join(others, ", ")));
    }
    if (!others.empty() && facts.clipsOf("train") > 0 && facts.clipsOf("val") > 0)
      add(CheckSeverity::Warning, "data.columns.split", "has splits that nothing uses: " + join(others, ", "), where(),
          "Write train, val or test.");
    if (tally_.shared.count > 0) {
      add(CheckSeverity::Warning, "data.csv",
          fmt::format("{} in two splits: {}", countOf(tally_.shared.count, "study lies", "studies lie"),
                      tally_.shared.words()),
          where(), "Give all clips of a study one split: else what is measured is known from training.");
    }
    const bool studies = values_.at("data").at("sample") == "study";
    const std::size_t samples = studies ? facts.studiesOf("train") : facts.clipsOf("train");
    const auto batch = values_.at("train").at("batch_size").get<std::size_t>();
    if (samples > 0 && samples < batch) {
      const auto ranks = std::max<std::size_t>(1, values_.at("launch").at("ranks").get<std::size_t>());
      const std::size_t fitting = std::max<std::size_t>(1, samples / ranks) * ranks;
      add(CheckSeverity::Bad, "train.batch_size",
          fmt::format("a batch of {} is more than the {} to train on", batch,
                      studies ? countOf(samples, "study", "studies") : countOf(samples, "clip", "clips")),
          where(), "Lower it: only whole batches are trained on.",
          fitting <= samples ? std::optional(CheckMend{fmt::format("Use batches of {}", fitting), "train.batch_size",
                                                       std::to_string(fitting)})
                             : std::nullopt);
    }
  }

  void reportReports() {
    if (tally_.emptyReports.count == 0) return;
    const bool all = tally_.emptyReports.count == check_.facts.clips - check_.facts.clipsOf("");
    add(all ? CheckSeverity::Bad : CheckSeverity::Warning, "data.columns.report",
        all ? std::string("no clip has a report")
            : fmt::format("{} no report: {}", countOf(tally_.emptyReports.count, "clip has", "clips have"),
                          tally_.emptyReports.words()),
        where(),
        all ? "Clips and texts are trained together: without reports there is nothing to learn from."
            : "They train on an empty text, which all of them share: fill it, or leave them out.");
  }

  const Json& values_;
  const fs::path base_;
  DataCheck& check_;
  std::stop_token stop_;
  TableSource source_;
  std::map<std::string, std::size_t> places_;  // of the columns that are there, by ColumnRole::key
  TableTally tally_;
};

// Every key that names a file, but for the table, which is looked at by itself.
void checkPaths(const Schema& schema, const Json& values, const fs::path& base, DataCheck& check) {
  for (const SchemaKey& key : schema.keys()) {
    if (key.type != ValueType::Path) continue;
    const Json* value = &values;
    for (const auto& part : split(key.path, '.')) {
      if (!value->is_object() || !value->contains(part)) break;
      value = &value->at(part);
    }
    if (!value->is_string() || value->get_ref<const std::string&>().empty()) continue;
    const fs::path path = base / value->get<std::string>();
    std::error_code code;
    if (fs::exists(path, code)) continue;
    std::optional<CheckMend> mend;
    for (const char* usual : {"data/studies.csv", "data/tokenizer/vocab.txt", "data/vocab.txt"}) {
      const bool suits = (key.path == "data.csv") == std::string_view(usual).ends_with(".csv") &&
                         (key.path == "data.csv" || key.path == "text.tokenizer");
      if (!mend && suits && fs::exists(base / usual, code))
        mend = CheckMend{fmt::format("Use {}", usual), key.path, yamlText(usual)};
    }
    check.findings.push_back({CheckSeverity::Bad, key.path, "does not exist", path.string(),
                              fmt::format("Set {} to what is there.", key.path), std::move(mend),
                              path.parent_path().string()});
  }
}

}  // namespace

DataCheck checkData(const Schema& schema, const Json& values, const fs::path& base, const std::stop_token& stop) {
  DataCheck check;
  checkPaths(schema, values, base, check);
  if (schema.recipe() == "echo_text" && values.at("data").at("csv").is_string()) {
    const fs::path table = base / values.at("data").at("csv").get<std::string>();
    check.facts.table = table.string();
    std::error_code code;
    if (fs::exists(table, code)) TableCheck(values, base, check, stop).run();
  }
  std::stable_sort(check.findings.begin(), check.findings.end(),
                   [](const CheckFinding& a, const CheckFinding& b) { return a.severity < b.severity; });
  return check;
}

Json jsonOf(const DataFacts& facts) {
  Json splits = Json::array();
  for (const auto& count : facts.splits)
    splits.push_back({{"split", count.split}, {"clips", count.clips}, {"studies", count.studies}});
  return {{"table", facts.table},
          {"columns", facts.columns},
          {"first_rows", facts.firstRows},
          {"rows", facts.rows},
          {"clips", facts.clips},
          {"studies", facts.studies},
          {"splits", std::move(splits)},
          {"missing", facts.missing},
          {"empty_reports", facts.emptyReports},
          {"duplicates", facts.duplicates},
          {"studies_in_two_splits", facts.sharedStudies},
          {"unreadable_lines", facts.unreadableLines},
          {"clip_bytes", facts.clipBytes}};
}

}  // namespace counterpoint
