// SPDX-License-Identifier: GPL-3.0-or-later
// The frames of a clip on a line: scrub it; the frames that the model saw, key frames and the looped part are marked.
#pragma once

#include <QSlider>

#include <vector>

namespace counterpoint {

class TimeLine : public QSlider {
  Q_OBJECT

 public:
  explicit TimeLine(QWidget* parent = nullptr);

  void setFrameCount(int frames);
  void setSeenFrames(std::vector<int> frames);  // may repeat
  void setKeyFrames(std::vector<int> frames);
  void setRange(int first, int last, bool marked);  // the played part
  const std::vector<int>& seenFrames() const { return seen_; }

  QSize sizeHint() const override { return {320, 44}; }
  QSize minimumSizeHint() const override { return {80, 44}; }
  double xOf(int frame) const;
  int frameAtX(double x) const;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  bool event(QEvent* event) override;

 private:
  std::vector<int> seen_, key_;
  int first_ = 0, last_ = 0;
  bool marked_ = false;
};

}  // namespace counterpoint
