// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/clips/clip_view.h"

#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace counterpoint {
namespace {

// On black in every theme.
const QColor kText(0xE7, 0xEB, 0xF0), kQuiet(0x9B, 0xA5, 0xB1), kMark(0x58, 0xB8, 0xE0), kWarn(0xE2, 0xB0, 0x3F);
constexpr int kMargin = 32;  // for words and, below them, crop marks around the picture
constexpr int kMarkLong = 10;

}  // namespace

ClipView::ClipView(QWidget* parent) : QWidget(parent), reader_(qint64{96} << 20) {
  setMinimumSize(minimumSizeHint());
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  connect(&reader_, &ClipReader::opened, this, [this] {
    if (const QString damage = QString::fromStdString(reader_.info().damage); !damage.isEmpty()) {
      problem_ = tr("Damaged: %1. The good part plays.").arg(damage);
    }
    frame_ = std::clamp(frame_, 0, std::max(0, reader_.info().frameCount - 1));
    showFrame(frame_);
    emit ready();
  });
  connect(&reader_, &ClipReader::failed, this, [this](const Notice& notice) {
    problem_ = notice.what;
    describe();
    update();
    emit failed(notice);
  });
  connect(&reader_, &ClipReader::arrived, this, [this](int frame) {
    if (frame == frame_) arrive();
  });
  describe();
}

void ClipView::setClip(const QString& path, const QString& title) {
  title_ = title;
  problem_.clear();
  frameProblem_.clear();
  picture_ = {};
  frame_ = 0;
  shownFrame_ = -1;
  seen_.reset();
  if (path.isEmpty()) {
    reader_.close();
  } else {
    reader_.open(path);
  }
  describe();
  update();
}

void ClipView::setSeen(const std::optional<Seen>& seen) {
  seen_ = seen;
  update();
}

void ClipView::setCropShown(bool shown) {
  cropShown_ = shown;
  update();
}

void ClipView::setStarred(bool starred) {
  starred_ = starred;
  describe();
  update();
}

void ClipView::setActive(bool active) {
  active_ = active;
  update();
}

void ClipView::showFrame(int frame) {
  frame_ = frame;
  arrive();
}

void ClipView::arrive() {
  const QImage picture = reader_.image(frame_);
  const QString problem = picture.isNull() ? reader_.frameProblem(frame_) : QString();
  if (picture.isNull() && problem.isEmpty()) return;
  picture_ = picture;
  frameProblem_ = problem.isEmpty() ? QString() : tr("Frame %1 cannot be decoded: %2").arg(frame_ + 1).arg(problem);
  shownFrame_ = frame_;
  describe();
  update();
}

void ClipView::describe() {
  QString name = title_.isEmpty() ? tr("Clip") : title_;
  if (starred_) name += tr(", starred");
  if (shownFrame_ >= 0) name += tr(", frame %1 of %2").arg(shownFrame_ + 1).arg(reader_.info().frameCount);
  setAccessibleName(name);
  setAccessibleDescription(frameProblem_.isEmpty() ? problem_ : frameProblem_);
}

QRect ClipView::pictureArea() const {
  if (picture_.isNull()) return {};
  const QRect room = rect().adjusted(kMargin, kMargin, -kMargin, -kMargin);
  QRect area(QPoint(), picture_.size().scaled(room.size(), Qt::KeepAspectRatio));
  area.moveCenter(room.center());
  return area;
}

void ClipView::drawCrop(QPainter& painter, const QRect& picture) const {
  const QRectF crop(picture.x() + seen_->crop[0] * picture.width(), picture.y() + seen_->crop[1] * picture.height(),
                    seen_->crop[2] * picture.width(), seen_->crop[3] * picture.height());
  painter.setPen(QPen(kMark, 1.5));
  // As a printer marks a sheet: at the sides, outside the picture.
  const double left = picture.left() - 4, right = picture.right() + 5;
  const double top = picture.top() - 4, bottom = picture.bottom() + 5;
  for (const double x : {crop.left(), crop.right()}) {
    painter.drawLine(QPointF(x, top), QPointF(x, top - kMarkLong));
    painter.drawLine(QPointF(x, bottom), QPointF(x, bottom + kMarkLong));
  }
  for (const double y : {crop.top(), crop.bottom()}) {
    painter.drawLine(QPointF(left, y), QPointF(left - kMarkLong, y));
    painter.drawLine(QPointF(right, y), QPointF(right + kMarkLong, y));
  }
  if (cropShown_) {
    painter.setPen(QPen(kMark, 1.5, Qt::DashLine));
    painter.drawRect(crop.adjusted(0.75, 0.75, -0.75, -0.75));
  }
}

void ClipView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), Qt::black);
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(tabularFont(measures::kSmall));
  const QRect area = pictureArea();
  if (!picture_.isNull()) painter.drawImage(area, picture_);
  if (seen_ && seen_->size[0] > 0 && !area.isEmpty()) drawCrop(painter, area);

  const QRect words = rect().adjusted(measures::kGap, measures::kGrid, -measures::kGap, -measures::kGrid);
  painter.setPen(active_ ? kText : kQuiet);
  painter.drawText(words, Qt::AlignLeft | Qt::AlignTop, title_ + (starred_ ? QStringLiteral("  ★") : QString()));
  if (active_) painter.fillRect(QRect(0, 0, width(), 2), kMark);
  painter.setPen(kQuiet);
  if (shownFrame_ >= 0) {
    const bool seenFrame =
        seen_ && std::find(seen_->frames.begin(), seen_->frames.end(), shownFrame_) != seen_->frames.end();
    QString text = tr("frame %1 / %2").arg(shownFrame_ + 1).arg(reader_.info().frameCount);
    if (seenFrame) text = tr("▲ seen by the model   ") + text;
    painter.setPen(seenFrame ? kMark : kQuiet);
    painter.drawText(words, Qt::AlignRight | Qt::AlignTop, text);
  } else if (problem_.isEmpty() && !reader_.path().isEmpty()) {
    painter.drawText(rect(), Qt::AlignCenter, tr("Opening…"));
  }
  painter.setPen(kWarn);
  if (!frameProblem_.isEmpty()) {
    painter.drawText(words, Qt::AlignCenter | Qt::TextWordWrap, tr("⚠ %1").arg(frameProblem_));
  } else if (!problem_.isEmpty() && shownFrame_ < 0) {
    painter.drawText(words, Qt::AlignCenter | Qt::TextWordWrap, tr("⚠ This clip cannot be shown\n%1").arg(problem_));
  }
  if (!problem_.isEmpty() && shownFrame_ >= 0) {
    painter.drawText(words, Qt::AlignLeft | Qt::AlignBottom | Qt::TextWordWrap, tr("⚠ %1").arg(problem_));
  }
}

void ClipView::mousePressEvent(QMouseEvent* event) {
  emit activated();
  QWidget::mousePressEvent(event);  // on to the parent, which takes the focus
}

}  // namespace counterpoint
