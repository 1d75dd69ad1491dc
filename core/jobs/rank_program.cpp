// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/rank_program.h"

#include <stdlib.h>
#include <unistd.h>

#include <sstream>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/process.h"
#include "core/base/words.h"

namespace counterpoint {

std::filesystem::path helperFolder(const std::filesystem::path& programFolder) {
  return programFolder.filename() == "libexec" ? programFolder : programFolder.parent_path() / "libexec";
}

std::filesystem::path locateRankProgram(const std::filesystem::path& programFolder) {
  if (const char* named = ::getenv("COUNTERPOINT_RANK"); named && *named) return named;
  return helperFolder(programFolder) / "counterpoint-rank";
}

void checkRankProgram(const std::filesystem::path& program) {
  std::error_code code;
  if (!std::filesystem::exists(program, code))
    throw environmentError("the program that needs LibTorch is missing", program.string(), kSetUpCure);
  if (::access(program.c_str(), X_OK) != 0) throw systemError(errno, "start", program.string());
  // The loader lists what it would load, and "not found" for what is missing.
  std::string pattern = (std::filesystem::temp_directory_path() / "counterpoint-probe-XXXXXX").string();
  FileDescriptor file(::mkstemp(pattern.data()));
  if (!file) return;
  ProcessOptions options;
  options.command = {program.string()};
  options.environment["LD_TRACE_LOADED_OBJECTS"] = "1";
  options.outputFile = pattern;
  auto child = ChildProcess::start(options);
  if (!child.wait(10)) {
    child.signalGroup(9);
    child.wait(5);
  }
  const std::string listing = readFile(pattern);
  ::unlink(pattern.c_str());
  std::vector<std::string> missing;
  std::istringstream lines(listing);
  for (std::string line; std::getline(lines, line);)
    if (line.find("=> not found") != std::string::npos)
      missing.push_back(std::string(trim(line.substr(0, line.find("=>")))));
  if (!missing.empty())
    throw environmentError("LibTorch is missing: " + join(missing, ", ") + " not found", program.string(), kSetUpCure);
}

}  // namespace counterpoint
