// SPDX-License-Identifier: GPL-3.0-or-later
// The programs of this build as child processes, in a workspace of phantoms.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/process.h"
#include "core/runs/run_list.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {

struct Outcome {
  int status = -1;  // -1: it did not end in time and was killed
  std::string out, err;
  Json json() const { return Json::parse(out); }
};

using Variables = std::map<std::string, std::string>;

// A workspace under test. What still lives in its runs is killed at the end of its life.
class TrialWorkspace {
 public:
  // An empty one, with nothing but counterpoint.yaml.
  TrialWorkspace();
  ~TrialWorkspace();

  const std::filesystem::path& path() const { return folder_.path(); }
  std::filesystem::path operator/(const std::filesystem::path& name) const { return folder_ / name; }
  void write(const std::filesystem::path& name, const std::string& text) const;

  // counterpoint-worker with these arguments, the workspace as working directory.
  Outcome worker(const std::vector<std::string>& arguments, const Variables& variables = {}, double seconds = 120);
  // The window's walk through every pane, which waits for what each has to show; status -1 where it is not built.
  Outcome tour();
  // As worker(), without waiting; its output goes to NAME in the workspace.
  ChildProcess start(const std::vector<std::string>& arguments, const std::string& outputName,
                     const Variables& variables = {}) const;
  // The newest run. Throws where there is none.
  RunFolder lastRun() const;
  // Waits until there is a run whose name ends with `name`, and `holds` is true of it.
  bool await(const std::string& name, double seconds, const std::function<bool(const RunFolder&)>& holds) const;
  // Every file of a run that holds `needle`.
  static std::vector<std::string> filesWith(const std::filesystem::path& folder, const std::string& needle);

 private:
  Outcome run(const std::string& program, const std::vector<std::string>& arguments, const Variables& variables,
              double seconds);
  ChildProcess startInto(const std::string& program, const std::vector<std::string>& arguments,
                         const std::filesystem::path& out, const std::filesystem::path& err,
                         const Variables& variables) const;
  TemporaryFolder folder_;
  TemporaryFolder outputs_;
  int calls_ = 0;
};

// Phantoms of 40 studies, made once for all tests of the program.
TrialWorkspace& phantoms();

// Overrides that make a run of the sample small; more can be appended.
std::vector<std::string> smallLaunch(const std::vector<std::string>& overrides = {});

// The largest logged step of train/loss so far; 0: none.
std::int64_t loggedStep(const RunFolder& run);

// The window shows what is in the workspace: the tour ends well, with a picture of every pane. Nothing where there is
// no window.
void expectTour(TrialWorkspace& place);

std::vector<Json> jsonLines(const std::filesystem::path& file);

}  // namespace counterpoint
