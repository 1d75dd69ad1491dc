// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/review_desk.h"

#include "core/media/clip.h"

#include <algorithm>
#include <optional>

namespace counterpoint {

namespace fs = std::filesystem;

QString clipKey(const fs::path& path) { return QString::fromStdString(path.lexically_normal().string()); }

QString clipTitle(const ClipItem& clip) {
  return clip.view.empty() ? QString::fromStdString(clip.path.filename().string()) : QString::fromStdString(clip.view);
}

QString studyTitle(const ClipItem& clip) {
  return QString::fromStdString(clip.study == clip.path.string() ? clip.path.filename().string() : clip.study);
}

QString judgementText(CaptionJudgement judgement) {
  switch (judgement) {
    case CaptionJudgement::Accepted: return QObject::tr("✓ accepted");
    case CaptionJudgement::Edited: return QObject::tr("✎ edited");
    case CaptionJudgement::Rejected: return QObject::tr("✗ rejected");
    case CaptionJudgement::None: break;
  }
  return {};
}

ReviewDesk::ReviewDesk(QObject* parent) : QObject(parent) {
  readers_.setMaxThreadCount(1);
  writer_.setMaxThreadCount(1);  // in the order in which things were changed
}

ReviewDesk::~ReviewDesk() {
  readers_.waitForDone();
  writer_.waitForDone();
}

void ReviewDesk::setPlace(const ReviewPlace& place) {
  emit aboutToChange();
  cancelAsking();
  place_ = place;
  source_ = {place.studies, place.workspace, {}};
  clips_.clear();
  byKey_.clear();
  missing_.clear();
  runs_.clear();
  run_.clear();
  captions_.clear();
  live_.clear();
  current_ = -1;
  opening_.clear();
  loading_ = !place.workspace.empty();
  reading_ = false;
  const quint64 generation = ++generation_;
  emit loaded();
  emit currentChanged();
  emit runsChanged();
  if (!loading_) return;
  readers_.start([this, place, usual = source_, annotations = annotations(), generation] {
    std::vector<RunToReview> runs = runsToReview(place.runs);
    // A run that has just begun has nothing to show yet.
    const auto first = std::find_if(runs.begin(), runs.end(), [](const RunToReview& one) { return one.results != 0; });
    const fs::path run = runs.empty() ? fs::path() : first == runs.end() ? runs.front().path : first->path;
    const StudySource source = studySourceOf(run, place.workspace, usual);
    QMetaObject::invokeMethod(
        this, [this, generation, runs, run, source, studies = loadStudies(source, annotations)]() mutable {
          if (generation != generation_) return;
          loading_ = false;
          runs_ = std::move(runs);
          takeStudies(std::move(studies), source);
          if (run.empty()) {
            emit runsChanged();
          } else {
            setRun(run);
          }
        });
  });
}

// The clip that was open, or that was to be opened meanwhile, is the current one again: its number is another now.
void ReviewDesk::takeStudies(LoadedStudies studies, const StudySource& source) {
  emit aboutToChange();
  cancelAsking();
  const ClipItem* open = currentClip();
  fs::path wanted = !opening_.empty() ? opening_ : open ? open->path : fs::path();
  opening_.clear();
  source_ = source;
  // What is known here is newer than what was read: it may be on its way to the disk.
  for (ClipItem& clip : studies.clips) {
    const ClipItem* known = find(clip.id);
    if (known && known->id == clip.id && known->study == clip.study) clip.annotation = known->annotation;
  }
  clips_ = std::move(studies.clips);
  missing_ = studies.missing;
  byKey_.clear();
  for (int i = 0; i < static_cast<int>(clips_.size()); ++i) {
    const ClipItem& clip = clips_[static_cast<std::size_t>(i)];
    byKey_.insert(clipKey(clip.path), i);
    byKey_.insert(QString::fromStdString(clip.id), i);
  }
  const ClipItem* again = wanted.empty() ? nullptr : find(wanted.string());
  current_ = again ? static_cast<int>(again - clips_.data()) : -1;
  if (!again) opening_ = wanted;
  for (const Notice& notice : studies.notices) emit noticed(notice);
  emit loaded();
  emit currentChanged();
  emit captionChanged();
  if (!opening_.empty()) openOutside(opening_);
}

AnnotationStore ReviewDesk::annotations() const { return AnnotationStore(place_.workspace / "annotations"); }

void ReviewDesk::refreshRuns() {
  if (loading_ || refreshing_ || place_.workspace.empty()) return;
  refreshing_ = true;
  readers_.start([this, generation = generation_, folder = place_.runs] {
    std::vector<RunToReview> runs = runsToReview(folder);
    QMetaObject::invokeMethod(this, [this, generation, runs = std::move(runs)]() mutable {
      refreshing_ = false;
      if (generation != generation_ || runs == runs_) return;
      const RunToReview before = shownRun();
      runs_ = std::move(runs);
      if (run_.empty() && !runs_.empty()) return setRun(runs_.front().path);
      emit runsChanged();
      if (!shownRun().readsAs(before)) readRun();
    });
  });
}

RunToReview ReviewDesk::shownRun() const {
  const auto found =
      std::find_if(runs_.begin(), runs_.end(), [this](const RunToReview& one) { return one.path == run_; });
  return found == runs_.end() ? RunToReview{run_} : *found;
}

void ReviewDesk::setModel(ModelLink* model) {
  model_ = model;
  if (model_) connect(model_, &ModelLink::stateChanged, this, &ReviewDesk::captionChanged);
}

const ClipItem* ReviewDesk::currentClip() const {
  return current_ < 0 ? nullptr : &clips_[static_cast<std::size_t>(current_)];
}

bool ReviewDesk::isCurrentSynthetic() const {
  const ClipItem* clip = currentClip();
  if (!clip || !place_.synthetic) return false;
  const fs::path inside = clip->path.lexically_relative(fs::absolute(place_.workspace));
  return !inside.empty() && *inside.begin() != "..";
}

void ReviewDesk::setCurrent(int clip) {
  if (clip == current_ || clip < -1 || clip >= static_cast<int>(clips_.size())) return;
  emit aboutToChange();
  cancelAsking();
  opening_.clear();
  current_ = clip;
  emit currentChanged();
  emit captionChanged();
}

const ClipItem* ReviewDesk::find(const std::string& clip) const {
  fs::path path = clip;
  if (path.is_relative()) path = place_.workspace / path;
  const int found = byKey_.value(QString::fromStdString(clip), byKey_.value(clipKey(path), -1));
  return found < 0 ? nullptr : &clips_[static_cast<std::size_t>(found)];
}

fs::path ReviewDesk::pathOf(const std::string& clip) const {
  if (const ClipItem* item = find(clip)) return item->path;
  const fs::path path = clip;
  return path.is_relative() && !place_.workspace.empty() ? place_.workspace / path : path;
}

bool ReviewDesk::openClip(const QString& clip) {
  if (const ClipItem* item = find(clip.toStdString())) {
    opening_.clear();
    setCurrent(static_cast<int>(item - clips_.data()));
    return true;
  }
  const fs::path path = fs::absolute(pathOf(clip.toStdString())).lexically_normal();
  if (!looksLikeClip(path)) {
    emit noticed({Severity::Bad, tr("is no clip that can be read"), clip,
                  tr("Videos (MP4, AVI, GIF), .npy arrays and folders of images can be opened.")});
    return false;
  }
  opening_ = path;
  if (!loading_) openOutside(path);
  return true;
}

void ReviewDesk::openOutside(const fs::path& path) {
  // Outside the table it is a study of its own, by its whole path: files of one name are not one study.
  ClipItem item{path.string(), path, path.string(), {}, {}, {}, {}, {}};
  readers_.start(
      [this, generation = generation_, item, keep = !place_.workspace.empty(), annotations = annotations()]() mutable {
        std::vector<Notice> notices;
        writer_.waitForDone();  // it may have been open just now
        if (keep) item.annotation = loadAnnotation(annotations, item, notices);
        QMetaObject::invokeMethod(this, [this, generation, item, notices] {
          // Another clip was chosen, or this one came by another way.
          if (generation != generation_ || opening_ != item.path || loading_) return;
          for (const Notice& notice : notices) emit noticed(notice);
          if (!find(item.id)) {
            byKey_.insert(clipKey(item.path), static_cast<int>(clips_.size()));
            clips_.push_back(item);
            emit loaded();
          }
          openClip(QString::fromStdString(item.id));
        });
      });
}

std::vector<int> ReviewDesk::clipsOfStudy(int clip) const {
  std::vector<int> all;
  if (clip < 0) return all;
  for (int i = 0; i < static_cast<int>(clips_.size()); ++i) {
    if (clips_[static_cast<std::size_t>(i)].study == clips_[static_cast<std::size_t>(clip)].study) all.push_back(i);
  }
  return all;
}

void ReviewDesk::setRun(const fs::path& run) {
  if (run != run_) captions_.clear();
  run_ = run;
  readRun();
  emit runsChanged();
  emit captionChanged();
}

void ReviewDesk::readRun() {
  reading_ = true;
  const StudySource usual{place_.studies, place_.workspace, {}};
  readers_.start([this, run = run_, generation = generation_, workspace = place_.workspace, usual, known = source_,
                  annotations = annotations()] {
    const StudySource source = studySourceOf(run, workspace, usual);
    std::optional<LoadedStudies> studies;
    if (source != known) studies = loadStudies(source, annotations);
    QMetaObject::invokeMethod(this, [this, generation, workspace, run, source, studies = std::move(studies),
                                     read = readRunCaptions(run)]() mutable {
      if (generation != generation_ || run != run_) return;
      reading_ = false;
      captions_.clear();
      for (const ClipCaption& one : read.captions) {
        const fs::path path = one.clip;
        captions_.insert(QString::fromStdString(one.clip), one);
        captions_.insert(clipKey(path.is_absolute() ? path : workspace / path), one);
      }
      for (const std::string& problem : read.problems) {
        emit noticed({Severity::Warning, QString::fromStdString(problem), QString::fromStdString(read.run), {}});
      }
      if (studies) takeStudies(std::move(*studies), source);
      emit captionsRead();
      const int first = current_ < 0 && !isOpening() ? firstWithCaption() : -1;
      if (first >= 0) return setCurrent(first);
      emit captionChanged();
    });
  });
}

}  // namespace counterpoint
