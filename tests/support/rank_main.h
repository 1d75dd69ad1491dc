// SPDX-License-Identifier: GPL-3.0-or-later
// main() of a test program whose tests start it again as ranks; include it in one file of the program.
#pragma once

#include <gtest/gtest.h>

#include "tests/support/ranks.h"

namespace counterpoint {

std::map<std::string, RankBody>& rankBodies() {
  static std::map<std::string, RankBody> bodies;
  return bodies;
}

}  // namespace counterpoint

int main(int argc, char** argv) {
  int status = 0;
  if (counterpoint::isRank(argc, argv, status)) return status;
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
