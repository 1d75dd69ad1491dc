// SPDX-License-Identifier: GPL-3.0-or-later
// config check: every problem of a config; with --data its files and tables, with --memory what its ranks need.
#include "app/commands/launch_config.h"
#include "app/commands/verbs.h"

#include "core/base/amounts.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/words.h"
#include "core/config/config.h"
#include "core/config/import/import.h"
#include "core/config/lookup.h"
#include "core/config/memory_check.h"

#ifdef COUNTERPOINT_HAS_MEDIA
#include "core/media/data_check.h"
#endif

#include <fmt/format.h>

#include <filesystem>
#include <iostream>

namespace counterpoint {
namespace {

struct CheckOptions {
  std::string config, directory;
  std::vector<std::string> overrides;
  bool data = false, memory = false;
};

void addOptions(CLI::App& command, CheckOptions& options) {
  command.add_option("config", options.config, "Name in the workspace's configs or in ours, or a file")
      ->required()
      ->type_name("NAME|FILE");
  command.add_option("overrides", options.overrides, "key=value on top of it")->type_name("OVERRIDE");
  command.add_option("--config-dir", options.directory, "The one folder to look names up in")->type_name("DIR");
#ifdef COUNTERPOINT_HAS_MEDIA
  command.add_flag("--data", options.data, "Look at the files and the table of clips that it names");
#endif
  command.add_flag("--memory", options.memory, "Estimate what a rank needs, beside what is free");
}

Json jsonOf(const ConfigProblem& problem) {
  return {{"key", problem.key},   {"line", problem.position.line}, {"source", problem.source},
          {"what", problem.what}, {"cure", problem.cure},          {"unknown_key", problem.unknownKey}};
}

Json jsonOf(const ConfigNote& note) {
  return {{"key", note.key}, {"line", note.position.line}, {"source", note.source}, {"text", note.text}};
}

// A file without a recipe may be another system's own.
void noteSystem(const std::filesystem::path& file, Composition& made) {
  try {
    const auto report = importConfig(file);
    made.notes.push_back(
        {"recipe",
         {},
         file.string(),
         fmt::format("a file of {}: counterpoint-worker config import {}", report.title, file.string())});
  } catch (const Error&) {
    // of nobody; the problem says what is missing
  }
}

// What was looked at beyond the config itself.
struct Looked {
  Json answer;  // "data", "memory", "findings" as far as asked for
  std::vector<CheckFinding> findings;
  std::vector<std::string> lines;  // facts for a person
};

#ifdef COUNTERPOINT_HAS_MEDIA
void printFacts(const DataFacts& facts, std::vector<std::string>& lines) {
  if (facts.columns.empty()) return;
  lines.push_back(fmt::format("{}: {}", facts.table, countOf(facts.rows, "line", "lines")));
  lines.push_back("  columns  " + join(facts.columns, ", "));
  for (std::size_t i = 0; i < facts.firstRows.size(); ++i)
    lines.push_back(fmt::format("  row {}    {}", i + 1, join(facts.firstRows[i], " | ")));
  for (const auto& split : facts.splits)
    lines.push_back(fmt::format("  {:<7}  {}, {}", split.split.empty() ? "(none)" : split.split,
                                countOf(split.clips, "clip", "clips"), countOf(split.studies, "study", "studies")));
}
#endif

void printMemory(const MemoryCheck& check, std::vector<std::string>& lines) {
  const auto& estimate = check.estimate;
  lines.push_back(fmt::format("Memory of a rank, an estimate ({}, {} a step)",
                              countOf(static_cast<std::uint64_t>(estimate.parameters), "parameter", "parameters"),
                              countOf(static_cast<std::uint64_t>(estimate.samples), "sample", "samples")));
  const auto print = [&](const char* place, const std::vector<MemoryPart>& parts, double bytes) {
    lines.push_back(fmt::format("  {:<24} {:>8}", place, bytesInWords(bytes)));
    for (const auto& part : parts)
      lines.push_back(fmt::format("    {:<22} {:>8}  {}", part.name, bytesInWords(part.bytes), part.how));
  };
  print("on its device", estimate.device, estimate.deviceBytes());
  print("beside it in main memory", estimate.host, estimate.hostBytes());
}

Looked look(const CheckOptions& options, const Composition& made) {
  Looked looked;
  const auto base = currentWorkspace().root;
  std::int64_t trainClips = 0;
  const auto take = [&](const std::vector<CheckFinding>& findings) {
    looked.findings.insert(looked.findings.end(), findings.begin(), findings.end());
  };
#ifdef COUNTERPOINT_HAS_MEDIA
  if (options.data) {
    const DataCheck check = checkData(*made.schema, made.values, base);
    looked.answer["data"] = jsonOf(check.facts);
    printFacts(check.facts, looked.lines);
    take(check.findings);
    trainClips = static_cast<std::int64_t>(check.facts.clipsOf("train"));
  }
#endif
  if (options.memory) {
    const MemoryCheck check = checkMemory(made.values, base, {0, {}, trainClips}, queryMachine());
    looked.answer["memory"] = jsonOf(check);
    printMemory(check, looked.lines);
    take(check.findings);
  }
  Json list = Json::array();
  for (const auto& finding : looked.findings) list.push_back(jsonOf(finding));
  looked.answer["findings"] = std::move(list);
  return looked;
}

void print(const Looked& looked) {
  for (const auto& line : looked.lines) std::cout << line << "\n";
  for (const auto& finding : looked.findings) {
    if (finding.severity == CheckSeverity::Info) continue;
    std::cout << fmt::format("{}: {}\n", nameOf(finding.severity), finding.oneLine());
    if (finding.mend) std::cout << fmt::format("  {}: {}\n", finding.mend->description, finding.mend->override());
  }
}

int run(const CheckOptions& options, const Context& context) {
  const auto file =
      findConfig(options.config, configRoots(Workspace::find(std::filesystem::current_path()), options.directory));
  auto made = composeFile(file, options.overrides);
  if (!made.schema) noteSystem(file, made);
  Looked looked;
  if ((options.data || options.memory) && made.schema) looked = look(options, made);
  if (context.json) {
    Json list = Json::array();
    for (const auto& problem : made.problems) list.push_back(jsonOf(problem));
    Json notes = Json::array();
    for (const auto& note : made.notes) notes.push_back(jsonOf(note));
    Json answer{{"config", file.string()}, {"problems", list}, {"notes", notes}};
    if (looked.answer.is_object()) answer.update(looked.answer);
    std::cout << answer.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
  } else {
    for (const auto& note : made.notes) std::cout << fmt::format("info: {}: {}\n", note.where(), note.text);
    for (const auto& problem : made.problems) std::cout << describe(errorOf(problem)) << "\n";
    print(looked);
    if (made.problems.empty()) {
      std::cout << fmt::format("{}: no problems, {} keys\n", file.string(), made.schema->keys().size());
    }
  }
  if (!made.problems.empty()) return static_cast<int>(ErrorKind::Usage);
  return anyBad(looked.findings) ? static_cast<int>(ErrorKind::Data) : 0;
}

}  // namespace

Verb configCheckVerb() {
  return plainVerb<CheckOptions>(
      {"config check", "Configs", "every problem of a config, with its line; of its data and memory, too",
       "config check configs/echo_text.yaml --data --memory", true},
      addOptions, run);
}

}  // namespace counterpoint
