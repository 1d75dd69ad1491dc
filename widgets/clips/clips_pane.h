// SPDX-License-Identifier: GPL-3.0-or-later
// The player: one to four clips of a study in step, exact to the frame.
#pragma once

#include "widgets/clips/play_clock.h"
#include "widgets/common/pane.h"

#include <QElapsedTimer>
#include <QTimer>

#include <array>

class QComboBox;
class QGridLayout;
class QLabel;
class QSlider;
class QSpinBox;
class QToolBar;

namespace counterpoint {

class ClipView;
class ReviewDesk;
class TimeLine;

class ClipsPane : public Pane {
  Q_OBJECT

 public:
  static constexpr int kMostViews = 4;

  explicit ClipsPane(ReviewDesk& desk, QWidget* parent = nullptr);

  void registerActions(ActionRegistry& registry) override;
  QJsonObject saveState() const override;
  void restoreState(const QJsonObject& state) override;
  std::vector<TourStep> tourSteps() override;

  bool isPlaying() const { return clock_.isRunning(); }
  void play(bool play);
  int frame() const;
  // Stops, and shows it in the active view; the others follow by time.
  void goTo(int frame);
  void step(int frames);
  void setSideBySide(bool together);
  bool isSideBySide() const { return together_; }
  int viewCount() const;
  ClipView* view(int index) const { return views_[static_cast<std::size_t>(index)]; }
  ClipView* activeView() const { return view(active_); }
  const PlayClock& clock() const { return clock_; }
  TimeLine* timeLine() const { return line_; }
  QSpinBox* frameBox() const { return frameBox_; }
  QWidget* stage() const { return stage_; }

 signals:
  void openRequested();

 private:
  QWidget* makeStage();
  QWidget* makeTransport();
  void showClips();
  // Goes to the end of systole where the R wave is known; whether the frame is drawn already.
  bool showContracted();
  void activate(int view);
  void takeClip();   // the active clip is open: its times, its seen frames
  void drawMarks();  // seen frames, key frames, star
  void tick();
  void showFrame(int frame);
  void setRate(int step);
  double now() const { return static_cast<double>(elapsed_.nsecsElapsed()) * 1e-9; }

  ReviewDesk& desk_;
  QWidget* stage_ = nullptr;
  QGridLayout* grid_ = nullptr;
  std::array<ClipView*, kMostViews> views_{};
  std::array<int, kMostViews> shown_{-1, -1, -1, -1};  // clip of each view
  TimeLine* line_ = nullptr;
  QToolBar* bar_ = nullptr;
  QLabel *facts_ = nullptr, *seenText_ = nullptr, *rateText_ = nullptr, *synthetic_ = nullptr;
  QSlider* rate_ = nullptr;
  QSpinBox* frameBox_ = nullptr;
  QAction *playAction_ = nullptr, *loopAction_ = nullptr, *starAction_ = nullptr, *cropAction_ = nullptr,
          *togetherAction_ = nullptr;
  PlayClock clock_;
  QElapsedTimer elapsed_;
  QTimer timer_;
  int active_ = 0, rangeStart_ = -1;
  bool together_ = false, moving_ = false;
};

}  // namespace counterpoint
