// SPDX-License-Identifier: GPL-3.0-or-later
// The player's actions and its bar of buttons.
#include "widgets/clips/clip_view.h"
#include "widgets/clips/clips_pane.h"
#include "widgets/clips/time_line.h"
#include "widgets/common/action_registry.h"
#include "widgets/common/review_desk.h"

#include <QAction>
#include <QLabel>
#include <QSlider>
#include <QSpinBox>
#include <QToolBar>
#include <QToolButton>

namespace counterpoint {
namespace {

constexpr int kJump = 10;

}  // namespace

void ClipsPane::registerActions(ActionRegistry& registry) {
  const auto open = [this] { return clock_.frameCount() > 0; };
  const auto add = [&](const char* id, const QString& text, const char* key, const char* icon,
                       std::function<void()> run, bool checkable = false) {
    ActionSpec spec{QLatin1String(id), text, tr("Review"), QLatin1String(key), QLatin1String(icon)};
    spec.run = std::move(run);
    spec.checkable = checkable;
    spec.scope = stage_;
    QAction* action = registry.add(spec);
    action->setAutoRepeat(false);  // a key that is held would switch to and fro
    return action;
  };
  const auto range = [this](int first, int last) {
    clock_.setRange(first, last);
    line_->setRange(clock_.first(), clock_.last(), clock_.hasRange());
  };
  QAction* firstFrame = add("review.first", tr("Go to the first frame"), "Home", "first", [this] { goTo(0); });
  QAction* back = add("review.back", tr("Step one frame back"), "Left", "previous", [this] { step(-1); });
  playAction_ = add("review.play", tr("Play or pause"), "Space", "play", [this] { play(!isPlaying()); });
  QAction* forward = add("review.forward", tr("Step one frame forward"), "Right", "next", [this] { step(1); });
  QAction* lastFrame =
      add("review.last", tr("Go to the last frame"), "End", "last", [this] { goTo(clock_.frameCount() - 1); });
  QAction* jumpBack = add("review.jump_back", tr("Jump ten frames back"), ",", "", [this] { step(-kJump); });
  QAction* jumpForward = add("review.jump_forward", tr("Jump ten frames forward"), ".", "", [this] { step(kJump); });
  add("review.loop_from", tr("Loop from this frame (A)"), "[", "", [this, open, range] {
    if (open()) range(frame(), clock_.hasRange() && clock_.last() > frame() ? clock_.last() : clock_.frameCount() - 1);
  });
  add("review.loop_to", tr("Loop to this frame (B)"), "]", "", [this, open, range] {
    if (open()) range(clock_.first() < frame() ? clock_.first() : 0, frame());
  });
  add("review.loop_whole", tr("Play the whole clip again"), "\\", "", [this, open, range] {
    if (open()) range(0, clock_.frameCount() - 1);
  });
  loopAction_ = add("review.loop", tr("Loop"), "L", "loop", {}, true);
  loopAction_->setChecked(clock_.loops());
  connect(loopAction_, &QAction::toggled, this, [this](bool loop) { clock_.setLoop(loop); });
  add("review.slower", tr("Play slower"), "-", "", [this] { rate_->setValue(rate_->value() - 1); });
  add("review.faster", tr("Play faster"), "+", "", [this] { rate_->setValue(rate_->value() + 1); });
  add("review.own_rate", tr("Play at the clip's own rate"), "0", "", [this] { rate_->setValue(0); });
  cropAction_ = add("review.crop", tr("Draw what the model saw over the picture"), "C", "crosshair", {}, true);
  connect(cropAction_, &QAction::toggled, this, [this](bool shown) {
    for (ClipView* view : views_) view->setCropShown(shown);
  });
  togetherAction_ = add("review.side_by_side", tr("Clips of the study side by side"), "B", "gallery", {}, true);
  connect(togetherAction_, &QAction::toggled, this, &ClipsPane::setSideBySide);
  add("review.next_view", tr("Go to the next view"), "V", "", [this] {
    for (int i = 1; i <= kMostViews; ++i) {
      const int other = (active_ + i) % kMostViews;
      if (shown_[static_cast<std::size_t>(other)] >= 0) return activate(other);
    }
  });
  starAction_ = add("review.star", tr("Star this clip"), "S", "star", {}, true);
  connect(starAction_, &QAction::triggered, this, [this](bool starred) { desk_.setStarred(starred); });
  QAction* key =
      add("review.key_frame", tr("Mark or clear a key frame"), "K", "note", [this] { desk_.toggleKeyFrame(frame()); });

  for (QAction* action : {back, forward, jumpBack, jumpForward}) action->setAutoRepeat(true);
  for (QAction* action : {firstFrame, back, playAction_, forward, lastFrame}) bar_->addAction(action);
  bar_->addWidget(frameBox_);
  bar_->addSeparator();
  bar_->addWidget(rate_);
  bar_->addWidget(rateText_);
  bar_->addSeparator();
  for (QAction* action : {loopAction_, cropAction_, togetherAction_, starAction_, key}) bar_->addAction(action);
  for (QToolButton* button : bar_->findChildren<QToolButton*>()) {
    if (QAction* action = button->defaultAction()) button->setAccessibleName(action->text());
    button->setFocusPolicy(Qt::TabFocus);
  }
}

}  // namespace counterpoint
