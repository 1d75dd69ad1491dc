// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/table_source.h"

#include <string>

#include "core/base/error.h"

namespace counterpoint {

TableSource TableSource::from(const Json& values, const std::filesystem::path& base) {
  const Json& data = values.at("data");
  const Json& names = data.at("columns");
  TableSource source;
  source.csv = base / data.at("csv").get<std::string>();
  if (const auto root = data.at("root").get<std::string>(); !root.empty()) source.options.root = base / root;
  auto& columns = source.options.columns;
  columns.file = names.at("file").get<std::string>();
  columns.study = names.at("study").get<std::string>();
  columns.split = names.at("split").get<std::string>();
  columns.report = names.at("report").get<std::string>();
  columns.view = names.at("view").get<std::string>();
  columns.rWave = names.at("r_wave").get<std::string>();
  source.options.onMissing = data.at("on_missing").get<std::string>() == "skip" ? OnMissing::Skip : OnMissing::Error;
  source.options.forTraining = true;
  return source;
}

StudyTable TableSource::load() const {
  std::error_code code;
  if (!std::filesystem::exists(csv, code))
    throw dataError("there is no such table of clips", csv.string(), "Set data.csv to one that is there.");
  return StudyTable::load(csv, options);
}

}  // namespace counterpoint
