// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/qt_main.h"

int main(int argc, char** argv) { return counterpoint::testing::runQtTests(argc, argv); }
