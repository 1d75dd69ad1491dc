// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/table_tally.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <unordered_map>

#include "core/base/error.h"
#include "core/base/words.h"
#include "core/media/clip_names.h"

namespace counterpoint {
namespace {

constexpr std::size_t kExamples = 3, kLongestField = 120, kLinesBetweenStops = 256;
constexpr std::size_t kMostSplits = 64;  // of which a study's are remembered

std::string cut(std::string text) {
  if (text.size() <= kLongestField) return text;
  std::size_t end = kLongestField;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // between characters
  return text.substr(0, end) + "…";
}

class Counter {
 public:
  Counter(const TableSource& source, const std::map<std::string, std::size_t>& places, std::size_t columns)
      : root_(source.options.root.empty() ? source.csv.parent_path() : source.options.root),
        places_(places),
        columns_(columns) {}

  void look(const CsvRecord& record) {
    const auto line = [&] { return "line " + std::to_string(record.line); };
    if (record.fields.size() != columns_) {
      ++tally_.facts.unreadableLines;
      tally_.wrongCount.add(fmt::format("line {} has {}", record.line, record.fields.size()));
      return;
    }
    const std::string file(trim(field(record, "file")));
    if (file.empty()) {
      ++tally_.facts.unreadableLines;
      tally_.noFile.add(line());
      return;
    }
    ++tally_.facts.clips;
    std::string study(trim(field(record, "study")));
    if (study.empty()) study = file;
    const std::string split = lowerAscii(trim(field(record, "split")));
    countSplit(split, study);
    const bool used = !split.empty();  // what no split has is in nobody's way
    if (used && trim(field(record, "report")).empty()) tally_.emptyReports.add(line());
    if (const auto [first, fresh] = lines_.emplace(file, record.line); !fresh)
      tally_.duplicates.add(fmt::format("{} (lines {} and {})", file, first->second, record.line));
    if (places_.contains("r_wave")) lookAtRWave(trim(field(record, "r_wave")), line(), used);
    lookAtFile(file, used);
  }

  TableTally finish() {
    std::vector<std::string> shared;
    for (const auto& [study, mask] : studies_) {
      for (std::size_t split = 0; split < std::min(counts_.size(), kMostSplits); ++split)
        if (mask & (std::uint64_t{1} << split)) ++counts_[split].studies;
      if ((mask & (mask - 1)) != 0) shared.push_back(study);
    }
    std::sort(shared.begin(), shared.end());
    for (const auto& study : shared) tally_.shared.add(study);
    DataFacts& facts = tally_.facts;
    for (const auto& [name, place] : splits_)
      facts.splits.push_back({name, counts_[place].clips, counts_[place].studies});
    facts.studies = studies_.size();
    facts.missing = tally_.missing.count;
    facts.emptyReports = tally_.emptyReports.count;
    facts.duplicates = tally_.duplicates.count;
    facts.sharedStudies = shared.size();
    return std::move(tally_);
  }

 private:
  std::string_view field(const CsvRecord& record, const char* role) const {
    const auto place = places_.find(role);
    return place == places_.end() ? std::string_view() : std::string_view(record.fields[place->second]);
  }

  void countSplit(const std::string& split, const std::string& study) {
    const std::size_t place = splits_.emplace(split, splits_.size()).first->second;
    if (place >= counts_.size()) counts_.resize(place + 1);
    ++counts_[place].clips;
    auto& mask = studies_[study];
    if (place < kMostSplits) mask |= std::uint64_t{1} << place;
  }

  void lookAtRWave(std::string_view text, const std::string& line, bool used) {
    if (text.empty() || lowerAscii(text) == "nan") {
      if (used) tally_.noRWave.add(line);
      return;
    }
    double value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code == std::errc() && end == text.data() + text.size() && std::isfinite(value) && value >= 0) return;
    ++tally_.facts.unreadableLines;
    tally_.wrongRWave.add(fmt::format("{} (\"{}\")", line, cut(std::string(text))));
  }

  void lookAtFile(const std::string& file, bool used) {
    const std::filesystem::path path = root_ / file;
    struct ::stat facts {};
    if (::stat(path.c_str(), &facts) != 0) {
      if (tally_.missing.count == 0) tally_.firstMissing = file;
      tally_.missing.add(file);
      return;
    }
    if (used && isDicomName(path)) tally_.dicom.add(file);
    if (!S_ISREG(facts.st_mode)) return;
    tally_.facts.clipBytes += static_cast<double>(facts.st_size);
    if (used && facts.st_size == 0) tally_.empty.add(file);
    if (used && !isVideoName(path) && !isArrayName(path) && !isImageName(path) && !isDicomName(path))
      tally_.strange.add(file);
  }

  const std::filesystem::path root_;
  const std::map<std::string, std::size_t>& places_;
  const std::size_t columns_;
  TableTally tally_;
  std::map<std::string, std::size_t> splits_;
  std::vector<SplitCount> counts_;
  std::unordered_map<std::string, std::uint64_t> studies_;  // in which splits
  std::unordered_map<std::string, std::size_t> lines_;      // where a clip stands first
};

}  // namespace

std::size_t DataFacts::clipsOf(const std::string& split) const {
  for (const auto& count : splits)
    if (count.split == split) return count.clips;
  return 0;
}

std::size_t DataFacts::studiesOf(const std::string& split) const {
  for (const auto& count : splits)
    if (count.split == split) return count.studies;
  return 0;
}

void Examples::add(const std::string& example) {
  if (count++ < kExamples) first.push_back(example);
}

std::string Examples::words() const { return join(first, ", ") + (count > first.size() ? ", …" : ""); }

TableTally tallyTable(const std::vector<CsvRecord>& records, const TableSource& source,
                      const std::map<std::string, std::size_t>& places, const std::stop_token& stop) {
  Counter counter(source, places, records.front().fields.size());
  for (std::size_t i = 1; i < records.size(); ++i) {
    if (i % kLinesBetweenStops == 0 && stop.stop_requested())
      throw Error(ErrorKind::Stopped, "the check was stopped", source.csv.string());
    counter.look(records[i]);
  }
  return counter.finish();
}

std::vector<std::vector<std::string>> firstRowsOf(const std::vector<CsvRecord>& records, std::size_t most) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 1; i < records.size() && i <= most; ++i) {
    rows.push_back(records[i].fields);
    for (auto& field : rows.back()) field = cut(std::move(field));
  }
  return rows;
}

}  // namespace counterpoint
