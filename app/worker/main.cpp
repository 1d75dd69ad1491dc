// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/verb.h"

int main(int argc, char** argv) { return counterpoint::runProgram("counterpoint-worker", argc, argv); }
