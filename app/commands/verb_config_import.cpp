// SPDX-License-Identifier: GPL-3.0-or-later
// config import: another system's config file as ours, with a report of what became of each key.
#include "app/commands/verbs.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/config/import/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

struct ConfigImportOptions {
  std::string from, to;
  std::vector<std::string> overrides;
  bool force = false;
};

void addImportOptions(CLI::App& command, ConfigImportOptions& options) {
  command
      .add_option("from", options.from, "YAML, a Hydra tree's folder or main file, a shell script, lines of arguments")
      ->required()
      ->type_name("FILE|FOLDER");
  command.add_option("overrides", options.overrides, "key=value or group=option on top of YAML")->type_name("OVERRIDE");
  command
      .add_option("--out", options.to, "The config to write; without it, it is printed and the report goes to stderr")
      ->type_name("FILE");
  command.add_flag("--force", options.force, "Write over a file that is there");
}

Json jsonOf(const ImportReport& report) {
  Json lines = Json::array();
  for (const auto& line : report.lines) {
    lines.push_back({{"kind", wordOf(line.kind)},
                     {"from", line.from},
                     {"to", line.to},
                     {"was", line.was},
                     {"value", line.value},
                     {"why", line.why},
                     {"source", line.source},
                     {"line", line.position.line}});
  }
  Json notes = Json::array(), problems = Json::array();
  for (const auto& note : report.notes) notes.push_back({{"where", note.where()}, {"text", note.text}});
  for (const auto& problem : report.problems) {
    problems.push_back({{"key", problem.key}, {"what", problem.what}, {"cure", problem.cure}});
  }
  return {{"system", report.system}, {"title", report.title}, {"recipe", report.recipe}, {"lines", lines},
          {"notes", notes},          {"problems", problems},  {"values", report.values}, {"yaml", report.yaml}};
}

std::string shortText(const Json& value) {
  const std::string text = yamlText(value);
  return text.size() <= 40 ? text : text.substr(0, 37) + "...";
}

// "fixed    image_size       data.image_size = 224    a text of both edges there, one number here (line 3)"
std::string textOf(const ImportLine& line, std::size_t width) {
  std::string what = line.to.empty() ? shortText(line.was) : line.to + " = " + shortText(line.value);
  if (line.kind == ImportLine::Kind::Fixed) what += ", was " + shortText(line.was);
  std::string text = fmt::format("{:<8} {:<{}}  {}", wordOf(line.kind), line.from, width, what);
  if (!line.why.empty()) text += ": " + line.why;
  if (line.position.line > 0) {
    text += fmt::format(" ({}, line {})", fs::path(line.source).filename().string(), line.position.line);
  }
  return text;
}

void print(const ImportReport& report, std::ostream& out) {
  std::size_t width = 0;
  for (const auto& line : report.lines) width = std::max(width, line.from.size());
  out << fmt::format("{} -> {}\n", report.title, report.recipe);
  for (const auto& line : report.lines) out << textOf(line, width) << "\n";
  for (const auto& note : report.notes) out << fmt::format("info: {}: {}\n", note.where(), note.text);
  for (const auto& problem : report.problems) {
    out << fmt::format("to do: {}{}\n", problem.what, problem.cure.empty() ? "" : ". " + problem.cure);
  }
}

int runImport(const ConfigImportOptions& options, const Context& context) {
  std::error_code code;
  if (!options.to.empty() && !options.force && fs::exists(options.to, code)) {
    throw usageError("is there already", options.to, "Choose another name, or write over it with --force.");
  }
  const ImportReport report = importConfig(options.from, options.overrides);
  if (!options.to.empty()) writeFileAtomically(options.to, report.yaml);
  if (context.json) {
    std::cout << jsonOf(report).dump(2) << "\n";
  } else if (options.to.empty()) {
    std::cout << report.yaml;
    print(report, std::cerr);
  } else {
    print(report, std::cout);
  }
  return report.problems.empty() ? 0 : static_cast<int>(ErrorKind::Usage);
}

}  // namespace

Verb configImportVerb() {
  return plainVerb<ConfigImportOptions>(
      {"config import", "Configs", "a config of UniIR, DeepCORO, Hydra, LoraRetriever or STS-CFT as ours",
       "config import train.yaml --out configs/mine.yaml", true},
      addImportOptions, runImport);
}

}  // namespace counterpoint
