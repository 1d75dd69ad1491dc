// SPDX-License-Identifier: GPL-3.0-or-later
// Which frame is due: elapsed time decides, never a count of timer ticks, so that a late tick skips frames and keeps
// the heart's own pace.
#pragma once

#include <vector>

namespace counterpoint {

class PlayClock {
 public:
  // Seconds of each frame from the first one, never falling (ClipInfo::times).
  void setTimes(std::vector<double> times);
  int frameCount() const { return static_cast<int>(times_.size()); }
  double timeOf(int frame) const;
  // The frame that is shown at `seconds`: the last one that does not start later.
  int frameAtTime(double seconds) const;

  // First and last frame of the part that is played, both included. Reversed bounds are put in order.
  void setRange(int first, int last);
  void clearRange() { setRange(0, frameCount() - 1); }
  int first() const { return first_; }
  int last() const { return last_; }
  bool hasRange() const { return first_ > 0 || last_ < frameCount() - 1; }

  void setLoop(bool loop) { loop_ = loop; }
  bool loops() const { return loop_; }
  // 1: the clip's own pace. Takes effect without a jump.
  void setRate(double rate, double now);
  double rate() const { return rate_; }

  // Plays from `frame` on; `now` is any clock in seconds that never goes back.
  void start(int frame, double now);
  void stop() { running_ = false; }
  bool isRunning() const { return running_; }
  // The frame due at `now`. Without a loop it stays on the last one and stops there.
  int frameAt(double now);

 private:
  double secondsInto(double now) const { return offset_ + (now - started_) * rate_; }
  // How long the played part lasts, with the last frame's own time.
  double span() const;

  std::vector<double> times_;
  int first_ = 0, last_ = -1;
  bool loop_ = true, running_ = false;
  double rate_ = 1, started_ = 0, offset_ = 0;  // offset: seconds from the first frame of the range
};

}  // namespace counterpoint
