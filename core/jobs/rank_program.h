// SPDX-License-Identifier: GPL-3.0-or-later
// Where counterpoint-rank lies, and whether it can start at all.
#pragma once

#include <filesystem>
#include <string>

namespace counterpoint {

inline constexpr const char* kSetUpCure = "Run packaging/setup.sh, which brings LibTorch, then build again.";

// libexec beside the folder of the running program: programs that people do not start themselves.
std::filesystem::path helperFolder(const std::filesystem::path& programFolder);

// libexec/counterpoint-rank beside the folder of the running program (build tree and installation alike), or the file
// that COUNTERPOINT_RANK names. Need not exist.
std::filesystem::path locateRankProgram(const std::filesystem::path& programFolder);

// Throws Error{Environment} that says what is missing: the program itself, or a shared library that it needs (asked of
// the dynamic loader without running the program, a few milliseconds).
void checkRankProgram(const std::filesystem::path& program);

}  // namespace counterpoint
