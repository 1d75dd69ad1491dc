// SPDX-License-Identifier: GPL-3.0-or-later
// Progress on stderr: a bar on a terminal, a line every ten seconds elsewhere.
#pragma once

#include <cstddef>
#include <string>

namespace counterpoint {

class ProgressLine {
 public:
  explicit ProgressLine(std::string what);
  ~ProgressLine();
  void show(std::size_t done, std::size_t total);

 private:
  std::string what_;
  bool terminal_, drawn_ = false;
  double started_, shown_ = 0;
};

}  // namespace counterpoint
