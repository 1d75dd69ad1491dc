// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/system/programs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <set>
#include <sstream>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/words.h"
#include "core/runs/event_reader.h"
#include "core/runs/folder_watcher.h"

namespace counterpoint {
namespace {

constexpr const char* kWorker = COUNTERPOINT_BINARY_DIR "/bin/counterpoint-worker";
constexpr const char* kWindow = COUNTERPOINT_BINARY_DIR "/bin/counterpoint";

std::string quoted(const std::string& word) {
  std::string result = "'";
  for (const char letter : word) result += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return result + "'";
}

}  // namespace

TrialWorkspace::TrialWorkspace() {
  write("counterpoint.yaml", "version: 1\nname: under test\n");
  std::filesystem::create_directories(path() / "runs");
}

TrialWorkspace::~TrialWorkspace() {
  for (const auto& run : listRuns(path() / "runs")) {
    if (run.status.launcher.alive()) ::kill(run.status.launcher.pid, SIGKILL);
    for (const auto& process : run.status.processes)
      if (process.alive()) ::kill(process.pid, SIGKILL);
  }
}

void TrialWorkspace::write(const std::filesystem::path& name, const std::string& text) const {
  std::filesystem::create_directories((path() / name).parent_path());
  std::ofstream(path() / name, std::ios::binary) << text;
}

ChildProcess TrialWorkspace::startInto(const std::string& program, const std::vector<std::string>& arguments,
                                       const std::filesystem::path& out, const std::filesystem::path& err,
                                       const Variables& variables) const {
  std::string line = "exec " + quoted(program);
  for (const auto& argument : arguments) line += " " + quoted(argument);
  ProcessOptions options;
  options.command = {"sh", "-c", line + " >" + quoted(out.string()) + " 2>" + quoted(err.string())};
  options.environment = variables;
  options.unsetEnvironment = {"MASTER_PORT", "RANK", "WORLD_SIZE", "LOCAL_RANK", "COUNTERPOINT_RANK"};
  for (const auto& [name, value] : variables) std::erase(options.unsetEnvironment, name);
  options.workingDirectory = path();
  return ChildProcess::start(options);
}

Outcome TrialWorkspace::run(const std::string& program, const std::vector<std::string>& arguments,
                            const Variables& variables, double seconds) {
  const std::string number = std::to_string(++calls_);
  const auto out = outputs_ / (number + ".out"), err = outputs_ / (number + ".err");
  auto child = startInto(program, arguments, out, err, variables);
  const auto status = child.wait(seconds);
  if (!status) {
    child.signalGroup(SIGKILL);
    child.wait(10);
  }
  return {status.value_or(-1), readFile(out), readFile(err)};
}

Outcome TrialWorkspace::worker(const std::vector<std::string>& arguments, const Variables& variables, double seconds) {
  return run(kWorker, arguments, variables, seconds);
}

Outcome TrialWorkspace::tour() {
  if (!std::filesystem::exists(kWindow)) return {};
  return run(kWindow, {"--tour", "tour", "."}, {{"QT_QPA_PLATFORM", "offscreen"}}, 180);
}

ChildProcess TrialWorkspace::start(const std::vector<std::string>& arguments, const std::string& outputName,
                                   const Variables& variables) const {
  return startInto(kWorker, arguments, path() / outputName, path() / (outputName + ".err"), variables);
}

RunFolder TrialWorkspace::lastRun() const { return findRun(path() / "runs", "last"); }

bool TrialWorkspace::await(const std::string& name, double seconds,
                           const std::function<bool(const RunFolder&)>& holds) const {
  const double deadline = steadySeconds() + seconds;
  FolderWatcher top(path() / "runs");
  while (steadySeconds() < deadline) {
    const auto runs = listRuns(path() / "runs");
    const auto found = std::find_if(runs.begin(), runs.end(),
                                    [&](const RunSummary& run) { return run.path.string().ends_with(name); });
    if (found == runs.end()) {
      top.wait(0.5);
      continue;
    }
    FolderWatcher inside(found->path);
    if (holds(RunFolder(found->path))) return true;
    inside.wait(0.3);
  }
  return false;
}

std::vector<std::string> TrialWorkspace::filesWith(const std::filesystem::path& folder, const std::string& needle) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && readFile(entry.path()).find(needle) != std::string::npos)
      found.push_back(entry.path().string());
  return found;
}

TrialWorkspace& phantoms() {
  static TrialWorkspace workspace;
  static const bool made = [] {
    std::filesystem::remove(workspace / "counterpoint.yaml");
    std::filesystem::remove(workspace / "runs");
    const auto answer = workspace.worker({"sample", ".", "--studies", "40"});
    if (answer.status != 0) throw environmentError("the sample was not made: " + answer.err, workspace.path().string());
    return true;
  }();
  static_cast<void>(made);
  return workspace;
}

std::vector<std::string> smallLaunch(const std::vector<std::string>& overrides) {
  std::vector<std::string> arguments = {"launch",
                                        "--ranks",
                                        "2",
                                        "echo_text",
                                        "train.batch_size=8",
                                        "train.log_every=1",
                                        "--devices",
                                        "cpu",
                                        "model.text.dropout=0.1"};
  arguments.insert(arguments.end(), overrides.begin(), overrides.end());
  return arguments;
}

std::int64_t loggedStep(const RunFolder& run) {
  EventReader reader(run);
  while (reader.poll().more) continue;
  const Series* loss = reader.find("train/loss");
  return loss && loss->size() > 0 ? loss->back().step : 0;
}

void expectTour(TrialWorkspace& place) {
  const auto outcome = place.tour();
  if (outcome.status == -1 && outcome.out.empty() && outcome.err.empty()) return;
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
  std::set<std::string> pictures;
  for (const auto& line : split(outcome.out, '\n'))
    if (!line.empty()) pictures.insert(readFile(place / line));
  EXPECT_GE(pictures.size(), 8U) << "pictures that differ: " << outcome.out;
}

std::vector<Json> jsonLines(const std::filesystem::path& file) {
  std::vector<Json> lines;
  std::istringstream stream(readFile(file));
  for (std::string line; std::getline(stream, line);) lines.push_back(Json::parse(line));
  return lines;
}

}  // namespace counterpoint
