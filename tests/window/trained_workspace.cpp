// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/window/trained_workspace.h"

#include <csignal>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/process.h"
#include "core/runs/run_list.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

constexpr double kPatience = 100;  // seconds for one program

void call(const std::filesystem::path& workspace, std::vector<std::string> arguments) {
  ProcessOptions options;
  options.command = {(programDirectory() / "counterpoint-worker").string()};
  options.command.insert(options.command.end(), arguments.begin(), arguments.end());
  options.workingDirectory = workspace;
  options.outputFile = workspace.parent_path() / "output";
  ChildProcess process = ChildProcess::start(options);
  const auto status = process.wait(kPatience);
  if (!status) process.signalGroup(SIGKILL);
  if (status != 0) throw environmentError("the programs cannot make it: " + readFile(options.outputFile), arguments[0]);
}

std::filesystem::path make(const std::filesystem::path& workspace) {
  std::filesystem::remove_all(workspace);  // of an attempt that failed
  std::filesystem::create_directories(workspace);
  call(workspace, {"sample", ".", "--studies", "24"});
  call(workspace, {"launch", "echo_text", "--name", "trained", "--ranks", "1", "--devices", "cpu", "train.max_steps=12",
                   "train.batch_size=8", "train.validate_every=1", "train.log_every=1"});
  const std::string run = runOf(workspace).string();
  call(workspace, {"evaluate", run, "--split", "test"});
  call(workspace, {"lora", "embed", "--model", run, "adapters/list.json"});
  return workspace;
}

}  // namespace

bool canTrain() {
  std::error_code error;
  return std::filesystem::exists(programDirectory().parent_path() / "libexec/counterpoint-rank", error);
}

const std::filesystem::path& trainedWorkspace() {
  static const TemporaryFolder folder;
  static const std::filesystem::path workspace = make(folder / "phantoms");
  return workspace;
}

void copyTrainedWorkspace(const std::filesystem::path& to) {
  using std::filesystem::copy_options;
  std::filesystem::copy(trainedWorkspace(), to, copy_options::recursive | copy_options::copy_symlinks);
}

std::filesystem::path runOf(const std::filesystem::path& workspace) {
  return findRun(workspace / "runs", "trained").path();
}

}  // namespace counterpoint
