// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/rank/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "core/base/clock.h"
#include "core/base/log.h"

namespace counterpoint {
namespace {

constexpr double kSecondsBetweenLines = 10, kSecondsBetweenBars = 0.1;
constexpr std::size_t kBarWidth = 30;

}  // namespace

ProgressLine::ProgressLine(std::string what)
    : what_(std::move(what)), terminal_(::isatty(STDERR_FILENO) != 0), started_(steadySeconds()), shown_(started_) {}

ProgressLine::~ProgressLine() {
  if (drawn_) std::cerr << "\r\033[K" << std::flush;
}

void ProgressLine::show(std::size_t done, std::size_t total) {
  const double now = steadySeconds();
  if (now - shown_ < (terminal_ ? kSecondsBetweenBars : kSecondsBetweenLines)) return;
  shown_ = now;
  const double left = done > 0 ? (now - started_) / static_cast<double>(done) * static_cast<double>(total - done) : -1;
  if (!terminal_) {
    logInfo("{}: {} of {}, {} left", what_, done, total, durationInWords(left));
    return;
  }
  const std::size_t filled = total > 0 ? done * kBarWidth / total : 0;
  std::cerr << fmt::format("\r\033[K{} [{:#<{}}{:.<{}}] {}/{}, {} left", what_, "", filled, "", kBarWidth - filled,
                           done, total, durationInWords(left))
            << std::flush;
  drawn_ = true;
}

}  // namespace counterpoint
