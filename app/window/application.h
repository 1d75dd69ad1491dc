// SPDX-License-Identifier: GPL-3.0-or-later
// The program `counterpoint`: reads the command line, shows the window, and returns the exit status.
#pragma once

namespace counterpoint {

int runWindow(int argc, char** argv);

}  // namespace counterpoint
