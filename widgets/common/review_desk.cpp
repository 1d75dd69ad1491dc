// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/review_desk.h"

#include "core/base/clock.h"
#include "core/media/clip.h"
#include "core/media/study_table.h"

#include <QFileInfo>

#include <algorithm>
#include <set>

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

struct Loaded {
  std::vector<ClipItem> clips;
  QStringList missing;
  std::vector<Notice> notices;
};

constexpr const char* kJustAsked = "asked just now";

QString keyOf(const fs::path& path) { return QString::fromStdString(path.lexically_normal().string()); }

Loaded loadStudies(const ReviewPlace& place) {
  Loaded all;
  std::error_code error;
  if (place.studies.empty() || !fs::exists(place.studies, error)) return all;
  try {
    StudyTableOptions options;
    options.onMissing = OnMissing::Skip;
    options.root = place.workspace;
    const StudyTable table = StudyTable::load(place.studies, options);
    const AnnotationStore store(place.workspace / "annotations");
    for (const ClipRow& row : table.rows()) {
      ClipItem item{row.file, fs::absolute(row.path, error), row.study, row.split, row.view, row.report, {}, row.rWave};
      try {
        if (fs::exists(store.fileOf(row.study), error)) item.annotation = store.load(row.study, row.file);
      } catch (const Error& problem) {
        all.notices.push_back(Notice::of(problem));
      }
      all.clips.push_back(std::move(item));
    }
    for (const std::string& name : table.missing()) all.missing << QString::fromStdString(name);
  } catch (const std::exception& problem) {
    all.notices.push_back(Notice::of(problem));
  }
  return all;
}

}  // namespace

QString clipTitle(const ClipItem& clip) {
  return clip.view.empty() ? QString::fromStdString(clip.path.filename().string()) : QString::fromStdString(clip.view);
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
  clips_.clear();
  byKey_.clear();
  missing_.clear();
  runs_.clear();
  run_.clear();
  captions_.clear();
  current_ = -1;
  loading_ = !place.workspace.empty();
  reading_ = false;
  const quint64 generation = ++generation_;
  emit loaded();
  emit currentChanged();
  emit runsChanged();
  if (!loading_) return;
  readers_.start([this, place, generation] {
    Loaded all = loadStudies(place);
    std::vector<RunToReview> runs = runsToReview(place.runs);
    QMetaObject::invokeMethod(this, [this, generation, all = std::move(all), runs = std::move(runs)]() mutable {
      if (generation != generation_) return;
      loading_ = false;
      clips_ = std::move(all.clips);
      missing_ = all.missing;
      for (int i = 0; i < static_cast<int>(clips_.size()); ++i) {
        const ClipItem& clip = clips_[static_cast<std::size_t>(i)];
        byKey_.insert(keyOf(clip.path), i);
        byKey_.insert(QString::fromStdString(clip.id), i);
      }
      for (const Notice& notice : all.notices) emit noticed(notice);
      runs_ = std::move(runs);
      emit loaded();
      emit runsChanged();
      if (runs_.empty()) return;
      // A run that has just begun has nothing to show yet.
      const auto first =
          std::find_if(runs_.begin(), runs_.end(), [](const RunToReview& one) { return one.results != 0; });
      setRun(first == runs_.end() ? runs_.front().path : first->path);
    });
  });
}

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
      if (!(shownRun() == before)) readCaptions();
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
  current_ = clip;
  emit currentChanged();
  emit captionChanged();
}

const ClipItem* ReviewDesk::find(const std::string& clip) const {
  fs::path path = clip;
  if (path.is_relative()) path = place_.workspace / path;
  const int found = byKey_.value(QString::fromStdString(clip), byKey_.value(keyOf(path), -1));
  return found < 0 ? nullptr : &clips_[static_cast<std::size_t>(found)];
}

fs::path ReviewDesk::pathOf(const std::string& clip) const {
  if (const ClipItem* item = find(clip)) return item->path;
  const fs::path path = clip;
  return path.is_relative() && !place_.workspace.empty() ? place_.workspace / path : path;
}

bool ReviewDesk::openClip(const QString& clip) {
  if (const ClipItem* item = find(clip.toStdString())) {
    setCurrent(static_cast<int>(item - clips_.data()));
    return true;
  }
  const fs::path path = pathOf(clip.toStdString());
  if (!looksLikeClip(path)) {
    emit noticed({Severity::Bad, tr("is no clip that can be read"), clip,
                  tr("Videos (MP4, AVI, GIF), .npy arrays and folders of images can be opened.")});
    return false;
  }
  // Outside the table it is a study of its own; nothing that is said of it is lost.
  const std::string name = path.filename().string();
  const int index = static_cast<int>(clips_.size());
  clips_.push_back({path.string(), path, name, {}, {}, {}, {}, {}});
  byKey_.insert(keyOf(path), index);
  emit loaded();
  setCurrent(index);
  return true;
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
  run_ = run;
  emit runsChanged();
  readCaptions();
}

void ReviewDesk::readCaptions() {
  reading_ = true;
  readers_.start([this, run = run_, generation = generation_, workspace = place_.workspace] {
    RunCaptions read = readRunCaptions(run);
    QMetaObject::invokeMethod(this, [this, generation, workspace, run, read = std::move(read)] {
      if (generation != generation_ || run != run_) return;
      reading_ = false;
      // What was asked of the same run's model stays.
      const std::string name = run.filename().string();
      captions_.removeIf([&name](const auto& one) { return one->run != name || one->source != kJustAsked; });
      const auto asked = captions_;
      for (const ClipCaption& one : read.captions) {
        const fs::path path = one.clip;
        captions_.insert(QString::fromStdString(one.clip), one);
        captions_.insert(keyOf(path.is_absolute() ? path : workspace / path), one);
      }
      for (const std::string& problem : read.problems) {
        emit noticed({Severity::Warning, QString::fromStdString(problem), QString::fromStdString(read.run), {}});
      }
      captions_.insert(asked);
      emit captionsRead();
      if (const int first = current_ < 0 ? firstWithCaption() : -1; first >= 0) return setCurrent(first);
      emit captionChanged();
    });
  });
}

const ClipCaption* ReviewDesk::captionOf(const ClipItem& clip) const {
  auto found = captions_.constFind(keyOf(clip.path));
  if (found == captions_.constEnd()) found = captions_.constFind(QString::fromStdString(clip.id));
  return found == captions_.constEnd() ? nullptr : &found.value();
}

int ReviewDesk::firstWithCaption() const {
  const auto found =
      std::find_if(clips_.begin(), clips_.end(), [this](const ClipItem& clip) { return captionOf(clip) != nullptr; });
  return found == clips_.end() ? -1 : static_cast<int>(found - clips_.begin());
}

const ClipCaption* ReviewDesk::caption() const { return current_ < 0 ? nullptr : captionOf(*currentClip()); }

QString ReviewDesk::reference() const {
  const ClipItem* clip = currentClip();
  if (!clip) return {};
  if (!clip->report.empty()) return QString::fromStdString(clip->report);
  const ClipCaption* said = caption();
  return said ? QString::fromStdString(said->reference) : QString();
}

std::string ReviewDesk::runName() const {
  const ClipCaption* said = caption();
  return said ? said->run : run_.filename().string();
}

void ReviewDesk::askCaption() {
  const ClipItem* clip = currentClip();
  if (!clip || !model_ || asking_) return;
  const QString key = keyOf(clip->path);
  const auto ended = [this] {
    asking_.reset();
    emit captionChanged();
  };
  ModelLink::Callbacks callbacks;
  callbacks.done = [this, key, ended](const Json& result) {
    if (!result.is_object() || !result.contains("caption")) throw dataError("the answer has no caption", "model");
    ClipCaption said = captions_.value(key);
    said.caption = captionFromJson(result["caption"]);
    if (result.contains("seen") && result["seen"].is_object()) said.seen = seenFromJson(result["seen"]);
    said.run = fs::path(model_->description().value("run", std::string())).filename().string();
    said.source = kJustAsked;
    captions_.insert(key, said);
    emit captionsRead();
    ended();
  };
  callbacks.failed = [this, ended](const Error& error) {
    emit noticed(Notice::of(error));
    ended();
  };
  Json parameters = {{"clip", clip->path.string()}};
  // A model that was trained from the R wave on is asked from there on.
  if (clip->rWave && model_->description().value("/input/start"_json_pointer, std::string()) == "r_wave") {
    parameters["start_seconds"] = *clip->rWave;
  }
  asking_ = model_->request("caption", std::move(parameters), std::move(callbacks));
  emit captionChanged();
}

void ReviewDesk::cancelAsking() {
  if (asking_ && model_) model_->cancel(*asking_);
}

void ReviewDesk::setStarred(bool starred) {
  if (current_ < 0) return;
  clips_[static_cast<std::size_t>(current_)].annotation.starred = starred;
  save(current_);
}

void ReviewDesk::setNote(const QString& note) {
  if (current_ < 0 || currentClip()->annotation.note == note.toStdString()) return;
  clips_[static_cast<std::size_t>(current_)].annotation.note = note.toStdString();
  save(current_);
}

void ReviewDesk::toggleKeyFrame(int frame) {
  if (current_ < 0) return;
  std::vector<int>& frames = clips_[static_cast<std::size_t>(current_)].annotation.keyFrames;
  std::set<int> all(frames.begin(), frames.end());
  if (!all.insert(frame).second) all.erase(frame);
  frames.assign(all.begin(), all.end());
  save(current_);
}

void ReviewDesk::judge(CaptionJudgement judgement, const QString& text) {
  const ClipCaption* said = caption();
  if (!said) return;
  JudgedCaption one;
  one.run = said->run;
  one.checkpoint = said->source;
  one.generated = said->caption.text;
  one.state = judgement;
  if (judgement == CaptionJudgement::Edited) one.text = text.toStdString();
  if (judgement == CaptionJudgement::Accepted) one.text = one.generated;
  one.time = wallSeconds();
  clips_[static_cast<std::size_t>(current_)].annotation.judge(std::move(one));
  save(current_);
}

CaptionJudgement ReviewDesk::judgement() const {
  const ClipItem* clip = currentClip();
  const JudgedCaption* judged = clip ? clip->annotation.judged(runName()) : nullptr;
  return judged ? judged->state : CaptionJudgement::None;
}

void ReviewDesk::save(int clip) {
  emit annotationChanged(clip);
  if (place_.workspace.empty()) {
    emit noticed({Severity::Warning, tr("No workspace is open: this is not kept"), {}, tr("Open a workspace first.")});
    return;
  }
  writer_.start([this, item = clips_[static_cast<std::size_t>(clip)], folder = place_.workspace / "annotations"] {
    try {
      AnnotationStore(folder).save(item.study, item.id, item.annotation);
    } catch (const std::exception& error) {
      QMetaObject::invokeMethod(this, [this, notice = Notice::of(error)] { emit noticed(notice); });
    }
  });
}

void ReviewDesk::waitForSaves() { writer_.waitForDone(); }

}  // namespace counterpoint
