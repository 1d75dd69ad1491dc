// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers of the editor's markers and indicators; Scintilla keeps those below 8 for lexers.
#pragma once

namespace counterpoint::marks {

constexpr int kProblemMarker = 1;
constexpr int kProblem = 8, kFound = 9;  // indicators

}  // namespace counterpoint::marks
