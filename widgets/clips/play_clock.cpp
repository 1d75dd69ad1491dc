// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/clips/play_clock.h"

#include <algorithm>
#include <cmath>

namespace counterpoint {

void PlayClock::setTimes(std::vector<double> times) {
  times_ = std::move(times);
  running_ = false;
  clearRange();
}

double PlayClock::timeOf(int frame) const {
  if (times_.empty()) return 0;
  return times_[static_cast<std::size_t>(std::clamp(frame, 0, frameCount() - 1))];
}

int PlayClock::frameAtTime(double seconds) const {
  const auto next = std::upper_bound(times_.begin(), times_.end(), seconds + 1e-9);
  return std::max(0, static_cast<int>(next - times_.begin()) - 1);
}

void PlayClock::setRange(int first, int last) {
  const int end = std::max(0, frameCount() - 1);
  first_ = std::clamp(std::min(first, last), 0, end);
  last_ = std::clamp(std::max(first, last), 0, end);
}

void PlayClock::setRate(double rate, double now) {
  if (running_) {
    offset_ = secondsInto(now);
    started_ = now;
  }
  rate_ = rate;
}

double PlayClock::span() const {
  const double inside = timeOf(last_) - timeOf(first_);
  const int count = last_ - first_ + 1;
  if (last_ + 1 < frameCount()) return timeOf(last_ + 1) - timeOf(first_);
  if (count > 1) return inside * count / (count - 1);  // nothing follows: it lasts as long as the others do on average
  return frameCount() > 1 ? (times_.back() - times_.front()) / (frameCount() - 1) : 0;
}

void PlayClock::start(int frame, double now) {
  if (times_.empty()) return;
  running_ = true;
  started_ = now;
  offset_ = timeOf(std::clamp(frame, first_, last_)) - timeOf(first_);
}

int PlayClock::frameAt(double now) {
  if (times_.empty()) return 0;
  double into = secondsInto(now);
  const double whole = span();
  if (into >= whole || whole <= 0) {
    if (!loop_ || whole <= 0) {
      running_ = false;
      return last_;
    }
    into = std::fmod(into, whole);
  }
  return std::clamp(frameAtTime(timeOf(first_) + into), first_, last_);
}

}  // namespace counterpoint
