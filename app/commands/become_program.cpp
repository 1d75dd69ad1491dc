// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/verb.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "core/base/error.h"
#include "core/base/process.h"
#include "core/jobs/rank_program.h"

namespace counterpoint {

std::string rankProgram() { return locateRankProgram(programDirectory()).string(); }

void becomeProgram(const std::string& name, const Context& context) {
  const bool isRank = name == kRankProgram;
  const std::string program = isRank ? rankProgram() : (helperFolder(programDirectory()) / name).string();
  std::error_code code;
  if (std::filesystem::equivalent(program, "/proc/self/exe", code))
    throw Error(ErrorKind::Bug, "this verb has no work in " + name);
  if (isRank) checkRankProgram(program);
  std::vector<std::string> words = context.arguments;
  words.insert(words.begin(), program);
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::execv(program.c_str(), pointers.data());
  throw environmentError(std::string("cannot start: ") + std::strerror(errno), program,
                         isRank ? kSetUpCure : "Build or install Counterpoint again.");
}

}  // namespace counterpoint
