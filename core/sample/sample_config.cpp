// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sample/workspace_files.h"

namespace counterpoint {

std::string sampleConfig() {
  return "# Trains a small video-text model on the phantoms: two ranks of one thread each, about three minutes.\n"
         "recipe: echo_text\n"
         "\n"
         "data:\n"
         "  studies: data/studies.csv\n"
         "  start: r_wave  # of the 16 frames: the ventricle is at its largest\n";
}

}  // namespace counterpoint
