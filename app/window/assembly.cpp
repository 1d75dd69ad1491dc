// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/assembly.h"

namespace counterpoint {

void assemblePanes(MainWindow& window) {
  assembleConfigure(window);
  assembleRuns(window);
  assembleReview(window);
}

}  // namespace counterpoint
