// SPDX-License-Identifier: GPL-3.0-or-later
// One clip's picture, surrounded by black. What the model got of it stands in the black margin as crop marks; over the
// picture itself only when switched on.
#pragma once

#include "core/protocol/messages.h"
#include "widgets/common/clip_reader.h"

#include <QWidget>

#include <optional>

namespace counterpoint {

class ClipView : public QWidget {
  Q_OBJECT

 public:
  explicit ClipView(QWidget* parent = nullptr);

  ClipReader* reader() { return &reader_; }
  // `title`: "A4C". An empty path closes.
  void setClip(const QString& path, const QString& title);
  void setSeen(const std::optional<Seen>& seen);
  void setCropShown(bool shown);
  void setStarred(bool starred);
  void setActive(bool active);  // of several views the one that the time line belongs to

  int frame() const { return frame_; }
  // Shows it as soon as it is decoded; until then what was shown stays. A frame that cannot be decoded is black, with
  // the reason.
  void showFrame(int frame);
  int shownFrame() const { return shownFrame_; }
  // Why there is no picture of the shown frame; empty where there is one.
  QString frameProblem() const { return frameProblem_; }
  // Where the picture lies in this widget.
  QRect pictureArea() const;

  QSize sizeHint() const override { return {480, 480}; }
  QSize minimumSizeHint() const override { return {120, 120}; }

 signals:
  void activated();
  void ready();  // the clip is open
  void failed(const counterpoint::Notice& notice);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;

 private:
  void arrive();
  void describe();
  void drawCrop(QPainter& painter, const QRect& picture) const;

  ClipReader reader_;
  QString title_, problem_, frameProblem_;
  std::optional<Seen> seen_;
  QImage picture_;
  int frame_ = 0, shownFrame_ = -1;
  bool cropShown_ = false, starred_ = false, active_ = false;
};

}  // namespace counterpoint
