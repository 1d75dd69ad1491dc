// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/clips/clips_pane.h"

#include "widgets/clips/clip_view.h"
#include "widgets/clips/report_difference.h"
#include "widgets/clips/time_line.h"
#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/number_text.h"
#include "widgets/common/review_desk.h"
#include "widgets/common/theme.h"

#include <QAction>
#include <QGridLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QToolBar>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace counterpoint {
namespace {

constexpr int kTickMilliseconds = 8;  // twice as often as a screen of 60 Hz; only a frame that is due is drawn
constexpr double kSystole = 0.32;     // seconds from the R wave to the smallest ventricle, at 70 beats a minute
constexpr int kRateSteps = 8;         // of the slider to each side: 1/4 to 4 times
constexpr double kRatePerOctave = 4;

double rateOf(int step) { return std::pow(2.0, step / kRatePerOctave); }

}  // namespace

ClipsPane::ClipsPane(ReviewDesk& desk, QWidget* parent)
    : Pane(QStringLiteral("clips"), tr("Clips"), parent), desk_(desk) {
  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(makeStage(), 1);
  column->addWidget(makeTransport());
  setContent(content);
  elapsed_.start();
  timer_.setTimerType(Qt::PreciseTimer);
  timer_.setInterval(kTickMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &ClipsPane::tick);
  connect(&desk_, &ReviewDesk::currentChanged, this, &ClipsPane::showClips);
  connect(&desk_, &ReviewDesk::loaded, this, &ClipsPane::showClips);
  connect(&desk_, &ReviewDesk::captionChanged, this, &ClipsPane::drawMarks);
  connect(&desk_, &ReviewDesk::annotationChanged, this, &ClipsPane::drawMarks);
  connect(emptyState(), &EmptyState::pressed, this, &ClipsPane::openRequested);
  showClips();
}

QWidget* ClipsPane::makeStage() {
  stage_ = new QWidget;
  stage_->setFocusPolicy(Qt::StrongFocus);
  stage_->setAccessibleName(tr("Clip views"));
  auto* column = new QVBoxLayout(stage_);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  grid_ = new QGridLayout;
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setSpacing(2);
  for (int i = 0; i < kMostViews; ++i) {
    ClipView* view = views_[static_cast<std::size_t>(i)] = new ClipView;
    grid_->addWidget(view, i / 2, i % 2);
    connect(view, &ClipView::activated, this, [this, i] {
      activate(i);
      stage_->setFocus(Qt::MouseFocusReason);
    });
    connect(view, &ClipView::ready, this, [this, i] {
      if (i == active_) {
        takeClip();
      } else if (clock_.frameCount() > 0) {
        showFrame(frame());  // it joins the others in step
      }
    });
    connect(view, &ClipView::failed, this, &ClipsPane::noticed);
  }
  column->addLayout(grid_, 1);
  line_ = new TimeLine;
  column->addWidget(line_);
  connect(line_, &QSlider::valueChanged, this, [this](int frame) {
    if (!moving_) goTo(frame);
  });
  return stage_;
}

QWidget* ClipsPane::makeTransport() {
  auto* box = new QWidget;
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(measures::kEdge, 0, measures::kEdge, measures::kGap);
  column->setSpacing(0);
  auto* words = new QHBoxLayout;
  seenText_ = new QLabel;
  facts_ = new QLabel;
  synthetic_ = new QLabel(tr("synthetic"));
  synthetic_->setToolTip(tr("The clips of this workspace are drawn by a program; no patient is in them."));
  setTextRole(synthetic_, "warn");
  for (QLabel* label : {seenText_, facts_}) {
    setTextRole(label, "quiet");
    label->setFont(tabularFont(measures::kSmall));
    label->setMinimumWidth(1);
  }
  words->setSpacing(measures::kGap);
  words->addWidget(synthetic_);
  words->addWidget(seenText_);
  words->addStretch(1);
  words->addWidget(facts_);
  column->addLayout(words);

  bar_ = new QToolBar(tr("Player"));
  bar_->setAccessibleName(tr("Player"));
  bar_->setIconSize({measures::kIcon, measures::kIcon});
  frameBox_ = new QSpinBox;
  frameBox_->setAccessibleName(tr("Frame"));
  frameBox_->setToolTip(tr("Frame number; type one to go there"));
  frameBox_->setKeyboardTracking(false);
  frameBox_->setFont(tabularFont());
  connect(frameBox_, &QSpinBox::valueChanged, this, [this](int number) {
    if (!moving_) goTo(number - 1);
  });
  rate_ = new QSlider(Qt::Horizontal);
  rate_->setRange(-kRateSteps, kRateSteps);
  rate_->setFixedWidth(96);
  rate_->setAccessibleName(tr("Playing rate"));
  rate_->setToolTip(tr("Playing rate, from a quarter to four times the clip's own"));
  rateText_ = new QLabel;
  rateText_->setFont(tabularFont());
  rateText_->setMinimumWidth(48);
  connect(rate_, &QSlider::valueChanged, this, &ClipsPane::setRate);
  column->addWidget(bar_);
  setRate(0);
  return box;
}

void ClipsPane::showClips() {
  play(false);
  const ClipItem* clip = desk_.currentClip();
  showEmpty(!clip);
  synthetic_->setVisible(desk_.isCurrentSynthetic());
  if (desk_.clips().empty()) {
    emptyState()->set(QStringLiteral("clips"), tr("No clip is open"),
                      tr("Clips play here, frame by frame. Drop a video, .npy array or folder of images on the window, "
                         "or open a workspace with studies."),
                      tr("Open a workspace"));
  } else {
    emptyState()->set(QStringLiteral("clips"), tr("Choose a clip"), tr("Its study is in the list on the left."), {});
  }
  std::vector<int> wanted;
  if (clip) wanted.push_back(desk_.current());
  if (together_ && clip) {
    const std::vector<int> study = desk_.clipsOfStudy(desk_.current());
    if (study.size() > 1) wanted.assign(study.begin(), study.begin() + std::min<long>(kMostViews, std::ssize(study)));
    if (std::find(wanted.begin(), wanted.end(), desk_.current()) == wanted.end()) wanted.back() = desk_.current();
  }
  for (int i = 0; i < kMostViews; ++i) {
    const int index = i < std::ssize(wanted) ? wanted[static_cast<std::size_t>(i)] : -1;
    view(i)->setVisible(index >= 0);
    if (index >= 0 && index == desk_.current()) active_ = i;
    shown_[static_cast<std::size_t>(i)] = index;
    const ClipItem* item = index < 0 ? nullptr : &desk_.clips()[static_cast<std::size_t>(index)];
    const QString path = item ? QString::fromStdString(item->path.string()) : QString();
    // By path: another table gives other numbers.
    if (view(i)->reader()->path() != path) view(i)->setClip(path, item ? clipTitle(*item) : QString());
  }
  if (wanted.empty()) active_ = 0;
  for (int i = 0; i < kMostViews; ++i) view(i)->setActive(i == active_ && wanted.size() > 1);
  takeClip();
}

void ClipsPane::activate(int view) {
  const int clip = shown_[static_cast<std::size_t>(view)];
  if (clip >= 0) desk_.setCurrent(clip);  // comes back through showClips
}

void ClipsPane::takeClip() {
  const ClipInfo& info = activeView()->reader()->info();
  const bool open = activeView()->reader()->isOpen();
  rangeStart_ = -1;
  clock_.setTimes(open ? info.times : std::vector<double>());
  const QSignalBlocker quietLine(line_), quietBox(frameBox_);
  line_->setFrameCount(open ? info.frameCount : 0);
  frameBox_->setRange(open ? 1 : 0, info.frameCount);
  frameBox_->setSuffix(open ? tr(" of %1").arg(info.frameCount) : QString());
  frameBox_->setSpecialValueText(open ? QString() : QStringLiteral("–"));
  frameBox_->setEnabled(open);
  if (open) {
    QString facts = tr("%1 × %2   %3 fps%4   %5 s")
                        .arg(info.width)
                        .arg(info.height)
                        .arg(numberText(info.framesPerSecond))
                        .arg(info.timesKnown ? QString() : tr(" (assumed)"))
                        .arg(numberText(info.times.empty() ? 0 : info.times.back()));
    facts_->setText(facts);
    line_->setValue(activeView()->frame());
    frameBox_->setValue(activeView()->frame() + 1);
  } else {
    facts_->clear();
  }
  drawMarks();
}

void ClipsPane::drawMarks() {
  for (int i = 0; i < kMostViews; ++i) {
    const int clip = shown_[static_cast<std::size_t>(i)];
    if (clip < 0 || clip >= std::ssize(desk_.clips())) continue;
    const ClipItem& item = desk_.clips()[static_cast<std::size_t>(clip)];
    const ClipCaption* said = desk_.captionOf(item);
    view(i)->setStarred(item.annotation.starred);
    view(i)->setSeen(said ? std::optional(said->seen) : std::nullopt);
  }
  const ClipItem* clip = desk_.currentClip();
  const ClipCaption* said = desk_.caption();
  const bool seen = said && !said->seen.frames.empty();
  line_->setSeenFrames(seen ? said->seen.frames : std::vector<int>());
  line_->setKeyFrames(clip ? clip->annotation.keyFrames : std::vector<int>());
  if (starAction_) {
    starAction_->setChecked(clip && clip->annotation.starred);
    starAction_->setIcon(
        icon(clip && clip->annotation.starred ? QStringLiteral("star_filled") : QStringLiteral("star")));
  }
  seenText_->setText(
      seen ? tr("▲ seen by the model: %1 frames, %2 × %3, %4")
                 .arg(said->seen.frames.size())
                 .arg(said->seen.size[0])
                 .arg(said->seen.size[1])
                 .arg(QString::fromStdString(said->seen.channels).replace(QLatin1Char('_'), QLatin1Char(' ')))
           : QString());
}

int ClipsPane::frame() const { return activeView()->frame(); }

void ClipsPane::showFrame(int frame) {
  activeView()->showFrame(frame);
  const double time = clock_.timeOf(frame);
  for (int i = 0; i < kMostViews; ++i) {
    ClipView* other = view(i);
    if (i == active_ || shown_[static_cast<std::size_t>(i)] < 0 || !other->reader()->isOpen()) continue;
    // In step by time: a shorter clip begins again.
    const std::vector<double>& times = other->reader()->info().times;
    const int count = other->reader()->info().frameCount;
    const double span = count > 1 ? times.back() * count / (count - 1) : 0;
    PlayClock clock;
    clock.setTimes(times);
    other->showFrame(clock.frameAtTime(span > 0 ? std::fmod(time, span) : 0));
  }
  moving_ = true;
  line_->setValue(frame);
  frameBox_->setValue(frame + 1);
  moving_ = false;
}

void ClipsPane::goTo(int frame) {
  if (clock_.frameCount() == 0) return;
  play(false);
  showFrame(std::clamp(frame, 0, clock_.frameCount() - 1));
}

void ClipsPane::step(int frames) { goTo(frame() + frames); }

void ClipsPane::play(bool play) {
  if (play && clock_.frameCount() > 0) {
    const bool atEnd = !clock_.loops() && frame() >= clock_.last();
    clock_.start(atEnd ? clock_.first() : frame(), now());
    timer_.start();
  } else {
    clock_.stop();
    timer_.stop();
  }
  if (!playAction_) return;
  playAction_->setIcon(icon(isPlaying() ? QStringLiteral("pause") : QStringLiteral("play")));
  playAction_->setIconText(isPlaying() ? tr("Pause") : tr("Play"));
}

void ClipsPane::tick() {
  const int due = clock_.frameAt(now());
  if (due != frame()) showFrame(due);
  if (!clock_.isRunning()) play(false);
}

void ClipsPane::setRate(int step) {
  clock_.setRate(rateOf(step), now());
  rateText_->setText(QStringLiteral("%1×").arg(clock_.rate(), 0, 'f', 2));
}

void ClipsPane::setSideBySide(bool together) {
  if (together_ == together) return;
  together_ = together;
  if (togetherAction_) togetherAction_->setChecked(together);
  showClips();
}

int ClipsPane::viewCount() const {
  return static_cast<int>(std::count_if(shown_.begin(), shown_.end(), [](int clip) { return clip >= 0; }));
}

QJsonObject ClipsPane::saveState() const {
  return {{QStringLiteral("rate"), rate_->value()},
          {QStringLiteral("loop"), clock_.loops()},
          {QStringLiteral("crop"), cropAction_ && cropAction_->isChecked()},
          {QStringLiteral("side_by_side"), together_}};
}

void ClipsPane::restoreState(const QJsonObject& state) {
  rate_->setValue(state.value(QStringLiteral("rate")).toInt());
  if (loopAction_) loopAction_->setChecked(state.value(QStringLiteral("loop")).toBool(true));
  if (cropAction_) cropAction_->setChecked(state.value(QStringLiteral("crop")).toBool());
  setSideBySide(state.value(QStringLiteral("side_by_side")).toBool());
}

std::vector<TourStep> ClipsPane::tourSteps() {
  // How much a clip tells: one that was held out, whose caption is calibrated, and differs from its report; below 0
  // without a caption.
  const auto worth = [this](const ClipItem* clip) {
    const ClipCaption* said = clip ? desk_.captionOf(*clip) : nullptr;
    if (!said) return -1;
    const std::vector<ReportPart> parts =
        reportDifference(QString::fromStdString(clip->report), QString::fromStdString(said->caption.text));
    const bool differs = std::any_of(parts.begin(), parts.end(), [](const ReportPart& part) { return part.differs; });
    return 4 * (clip->split == "test") + 2 * said->caption.calibrated + differs;
  };
  // At a frame where the heart has contracted.
  const auto ready = [this, worth] {
    if (desk_.isLoading() || desk_.isReadingCaptions()) return false;
    if (desk_.clips().empty()) return true;
    const auto best =
        std::max_element(desk_.clips().begin(), desk_.clips().end(),
                         [&worth](const ClipItem& a, const ClipItem& b) { return worth(&a) < worth(&b); });
    if (worth(desk_.currentClip()) < worth(&*best)) desk_.setCurrent(static_cast<int>(best - desk_.clips().begin()));
    if (desk_.current() < 0 && !desk_.clips().empty()) desk_.setCurrent(0);
    return showContracted();
  };
  std::vector<TourStep> steps = {{QStringLiteral("clips"), [this] { setSideBySide(false); }, ready},
                                 {QStringLiteral("clips-side-by-side"), [this] { setSideBySide(true); }, ready}};
  if (!desk_.model() || !desk_.model()->canStart()) return steps;
  // What the model says just now, of a clip that nobody has asked it about.
  const auto ask = [this] {
    for (int i = 0; i < std::ssize(desk_.clips()); ++i) {
      if (desk_.captionOf(desk_.clips()[static_cast<std::size_t>(i)])) continue;
      desk_.setCurrent(i);
      return desk_.askCaption();
    }
  };
  steps.push_back({QStringLiteral("live"), [this] { setSideBySide(false); },
                   whenModelAnswers(*desk_.model(), ask, [this] { return !desk_.isAsking() && showContracted(); })});
  return steps;
}

bool ClipsPane::showContracted() {
  if (isShowingEmpty() || activeView()->shownFrame() < 0) return false;
  const ClipItem* clip = desk_.currentClip();
  const int wanted = clip && clip->rWave ? clock_.frameAtTime(*clip->rWave + kSystole) : frame();
  if (frame() != wanted) goTo(wanted);
  return activeView()->shownFrame() == wanted;
}

}  // namespace counterpoint
