// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/study_source.h"

#include "core/base/files.h"
#include "core/config/config.h"

#include <tuple>

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kConfigBytes = 1 << 20;

auto namesOf(const StudyColumns& columns) {
  return std::tie(columns.file, columns.study, columns.split, columns.report, columns.view, columns.rWave);
}

}  // namespace

bool StudySource::operator==(const StudySource& other) const {
  return csv == other.csv && root == other.root && namesOf(columns) == namesOf(other.columns);
}

StudySource studySourceOf(const fs::path& run, const fs::path& workspace, const StudySource& usual) {
  std::error_code error;
  const fs::path file = run / "config.yaml";
  if (run.empty() || !fs::exists(file, error)) return usual;
  try {
    const Json values = composeText(readFile(file, kConfigBytes), file.string()).values;
    const Json& data = values.at("data");
    const auto under = [&workspace](const std::string& path) { return (workspace / path).lexically_normal(); };
    StudySource source;
    source.csv = under(data.at("csv").get<std::string>());
    if (!fs::exists(source.csv, error)) return usual;
    if (const auto root = data.at("root").get<std::string>(); !root.empty()) source.root = under(root);
    const Json& columns = data.at("columns");
    const auto column = [&columns](const char* name) { return columns.at(name).get<std::string>(); };
    source.columns = {column("file"),   column("study"), column("split"),
                      column("report"), column("view"),  column("r_wave")};
    return source;
  } catch (const std::exception&) {
    return usual;  // the config of another recipe has no clips; a damaged one is named where the run is shown
  }
}

ClipAnnotation loadAnnotation(const AnnotationStore& annotations, const ClipItem& clip, std::vector<Notice>& notices) {
  try {
    return annotations.load(clip.study, clip.id);
  } catch (const std::exception& problem) {
    notices.push_back(Notice::of(problem));
    return {};
  }
}

LoadedStudies loadStudies(const StudySource& source, const AnnotationStore& annotations) {
  LoadedStudies all;
  std::error_code error;
  if (source.csv.empty() || !fs::exists(source.csv, error)) return all;
  try {
    StudyTableOptions options;
    options.columns = source.columns;
    options.root = source.root;
    options.onMissing = OnMissing::Skip;
    const StudyTable table = StudyTable::load(source.csv, options);
    for (const ClipRow& row : table.rows()) {
      ClipItem item{row.file, fs::absolute(row.path, error), row.study, row.split, row.view, row.report, {}, row.rWave};
      item.annotation = loadAnnotation(annotations, item, all.notices);
      all.clips.push_back(std::move(item));
    }
    for (const std::string& name : table.missing()) all.missing << QString::fromStdString(name);
  } catch (const std::exception& problem) {
    all.notices.push_back(Notice::of(problem));
  }
  return all;
}

}  // namespace counterpoint
