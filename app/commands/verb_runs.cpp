// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <iostream>

#include "app/commands/launch_config.h"
#include "app/commands/verbs.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/runs/event_reader.h"
#include "core/runs/folder_watcher.h"
#include "core/runs/run_list.h"

namespace counterpoint {
namespace {

struct RunsOptions {
  std::string run;
  std::string folder;
  std::string output;
  std::string state;
  int lines = 20;
  bool follow = false, pathsOnly = false;

  std::filesystem::path place() const {
    return folder.empty() ? currentWorkspace().runs : std::filesystem::path(folder);
  }
};

void addFolder(CLI::App& command, RunsOptions& options) {
  command.add_option("--runs", options.folder, "Folder with the runs (default: the workspace's)");
}

void addList(CLI::App& command, RunsOptions& options) {
  addFolder(command, options);
  command.add_option("--state", options.state, "Only runs in this state (finished, failed, …)");
  command.add_flag("--paths", options.pathsOnly, "Print their folders alone, for scripts");
}

void addRun(CLI::App& command, RunsOptions& options) {
  command.add_option("run", options.run, "Run folder, its name or a part of it, or last")->required();
  addFolder(command, options);
}

Json jsonOf(const RunSummary& summary) {
  Json json = toJson(summary.status);
  json["path"] = summary.path.string();
  json["remark"] = summary.remark;
  return json;
}

std::string metricsInWords(const Status& status, std::size_t most) {
  std::string text;
  for (const auto& [name, metric] : status.metrics) {
    if (most-- == 0) break;
    text += fmt::format("{}{} {:.4g} (best {:.4g})", text.empty() ? "" : ", ", name, metric.last, metric.best);
  }
  return text;
}

std::string progressInWords(const RunProgress& progress) {
  if (progress.totalSteps <= 0) return progress.step > 0 ? std::to_string(progress.step) : "";
  return fmt::format("{}/{}", progress.step, progress.totalSteps);
}

int runList(const RunsOptions& options, const Context& context) {
  auto runs = listRuns(options.place());
  if (!options.state.empty()) {
    const auto wanted = runStateNamed(options.state);
    if (!wanted)
      throw usageError("there is no such state", options.state,
                       "Say queued, running, paused, stopping, finished, failed or killed.");
    std::erase_if(runs, [&](const RunSummary& run) { return run.status.state != *wanted; });
  }
  if (options.pathsOnly) {
    for (const auto& run : runs) std::cout << run.path.string() << "\n";
    return 0;
  }
  if (context.json) {
    Json list = Json::array();
    for (const auto& run : runs) list.push_back(jsonOf(run));
    std::cout << list.dump(2) << "\n";
    return 0;
  }
  if (runs.empty()) std::cerr << "no runs in " << options.place().string() << std::endl;
  const double now = wallSeconds();
  std::size_t width = 4;
  for (const auto& run : runs) width = std::max(width, run.status.name.size());
  for (const auto& run : runs) {
    std::string note = run.status.error ? run.status.error->what : run.remark;
    if (note.empty()) note = metricsInWords(run.status, 1);
    std::cout << fmt::format("{:<9} {:<{}} {:>13} {:>10}  {}\n", nameOf(run.status.state), run.status.name, width,
                             progressInWords(run.status.progress), durationInWords(run.durationSeconds(now)), note);
  }
  return 0;
}

int runShow(const RunsOptions& options, const Context& context) {
  const RunSummary run = summarize(findRun(options.place(), options.run));
  if (context.json) {
    std::cout << jsonOf(run).dump(2) << "\n";
    return 0;
  }
  const Status& status = run.status;
  const auto line = [](const char* name, const std::string& value) {
    if (!value.empty()) std::cout << fmt::format("{:<10} {}\n", name, value);
  };
  line("run", run.path.string());
  line("state", std::string(nameOf(status.state)) + (run.remark.empty() ? "" : " (" + run.remark + ")"));
  if (status.error) line("cause", status.error->line());
  line("recipe", status.recipe);
  line("attempt", std::to_string(status.attempt));
  line("ranks", fmt::format("{} on {}", status.ranks, status.host));
  line("step", progressInWords(status.progress));
  if (status.progress.epochs > 0)
    line("epoch", fmt::format("{:.2f}/{:g}", status.progress.epoch, status.progress.epochs));
  if (status.started > 0) line("started", isoTime(status.started));
  line("duration", durationInWords(run.durationSeconds(wallSeconds())));
  if (status.progress.etaSeconds && !status.hasEnded()) line("left", durationInWords(*status.progress.etaSeconds));
  for (const auto& [name, metric] : status.metrics)
    line("metric", fmt::format("{} {:.5g}, best {:.5g} at step {}", name, metric.last, metric.best, metric.bestStep));
  if (status.exitStatus) line("status", std::to_string(*status.exitStatus));
  return 0;
}

std::string inWords(const RunEvent& event) {
  std::string text = fmt::format("{} step {:<7} ", isoTime(event.time).substr(11, 8), event.step);
  if (event.kind == "scalar" && event.members.contains("values")) {
    for (const auto& [name, value] : event.members["values"].items())
      text += name + " " + (value.is_number_float() ? fmt::format("{:.5g}", value.get<double>()) : value.dump()) + "  ";
    return text;
  }
  if (event.members.contains("text") && event.members["text"].is_string())
    return text + event.kind + ": " + event.members["text"].get<std::string>();
  return text + event.kind + ": " + event.members.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 300);
}

// Whole lines from `offset` on; moves it behind the last one.
std::vector<std::string> linesFrom(const std::filesystem::path& path, std::uint64_t& offset) {
  std::vector<std::string> lines;
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset));
  for (std::string line; std::getline(file, line) && !file.eof(); offset += line.size() + 1) {
    lines.push_back(line);
  }
  return lines;
}

// Where the last `count` lines of the file begin.
std::uint64_t startOfLastLines(const std::filesystem::path& path, int count) {
  std::error_code code;
  const auto size = std::filesystem::file_size(path, code);
  if (code) return 0;
  for (std::uint64_t reach = 64 << 10;; reach *= 4) {
    const std::uint64_t begin = size > reach ? size - reach : 0;
    std::ifstream file(path, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(begin));
    std::string text(static_cast<std::size_t>(size - begin), '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    int left = count + 1;
    for (std::size_t at = text.size(); at-- > 0;)
      if (text[at] == '\n' && --left == 0) return begin + at + 1;
    if (begin == 0) return 0;
  }
}

int runTail(const RunsOptions& options, const Context& context) {
  const RunFolder folder = findRun(options.place(), options.run);
  std::uint64_t offset = startOfLastLines(folder.events(), options.lines);
  FolderWatcher watcher(folder.path());
  for (;;) {
    const bool ended = summarize(folder).status.hasEnded();  // asked before reading: nothing comes after
    for (const auto& line : linesFrom(folder.events(), offset)) {
      try {
        std::cout << (context.json ? line : inWords(eventFromLine(line))) << "\n";
      } catch (const Error&) {
        std::cout << line << "\n";
      }
    }
    std::cout.flush();
    if (!options.follow || ended || !std::cout) return 0;
    watcher.wait(5);
  }
}

int runExport(const RunsOptions& options, const Context& context) {
  const RunFolder folder = findRun(options.place(), options.run);
  EventReader reader(folder);
  while (reader.poll().more) {
  }
  std::string text;
  Json json = Json::object();
  if (!context.json) text = "name,attempt,step,epoch,time,value\n";
  for (const auto& [name, series] : reader.series()) {
    std::string quoted = name;
    if (quoted.find_first_of(",\"\n") != std::string::npos) {
      for (std::size_t at = 0; (at = quoted.find('"', at)) != std::string::npos; at += 2) quoted.insert(at, "\"");
      quoted = "\"" + quoted + "\"";
    }
    Json points = Json::array();
    for (std::size_t i = 0; i < series->size(); ++i) {
      const SeriesPoint& point = (*series)[i];
      if (context.json) {
        points.push_back({point.step, point.epoch, point.time, numberToJson(point.value)});
      } else {
        text +=
            fmt::format("{},{},{},{},{},{}\n", quoted, point.attempt, point.step, point.epoch, point.time, point.value);
      }
    }
    if (context.json) json[name] = std::move(points);
  }
  if (context.json)
    text = Json{{"columns", {"step", "epoch", "time", "value"}}, {"series", std::move(json)}}.dump() + "\n";
  if (options.output.empty()) {
    std::cout << text;
  } else {
    writeFileAtomically(options.output, text);
  }
  return 0;
}

void addTail(CLI::App& command, RunsOptions& options) {
  addRun(command, options);
  command.add_option("-n,--lines", options.lines, "How many of the last events")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command.add_flag("-f,--follow", options.follow, "Go on until the run ends");
}

void addExport(CLI::App& command, RunsOptions& options) {
  addRun(command, options);
  command.add_option("-o,--output", options.output, "File (default: standard output)");
}

}  // namespace

std::vector<Verb> runVerbs() {
  const auto verb = [](const char* name, const char* summary, const char* example, auto* add, auto* run) {
    return plainVerb<RunsOptions>({name, "Runs", summary, example, true}, add, run);
  };
  return {
      launchVerb(),
      resumeVerb(),
      stopVerb(),
      verb("runs list", "Every run and its state, newest first", "runs list --json", addList, runList),
      verb("runs show", "State, progress, metrics and cause of one run", "runs show last", addRun, runShow),
      verb("runs tail", "The last events of a run", "runs tail last --follow", addTail, runTail),
      verb("runs export", "The curves of a run as CSV or JSON", "runs export last -o curves.csv", addExport, runExport),
  };
}

}  // namespace counterpoint
