// SPDX-License-Identifier: GPL-3.0-or-later
// What the model says of the current clip, and what the person adds to it.
#include "widgets/common/review_desk.h"

#include "core/base/clock.h"
#include "core/runs/run_folder.h"
#include "widgets/common/run_name.h"

#include <algorithm>
#include <set>

namespace counterpoint {

namespace fs = std::filesystem;

namespace {

QString folderName(const fs::path& run) { return QString::fromStdString(run.filename().string()); }

}  // namespace

const ClipCaption* ReviewDesk::captionOf(const ClipItem& clip) const {
  const QString key = clipKey(clip.path);
  if (const auto asked = live_.constFind({folderName(run_), key}); asked != live_.constEnd()) return &*asked;
  auto found = captions_.constFind(key);
  if (found == captions_.constEnd()) found = captions_.constFind(QString::fromStdString(clip.id));
  return found == captions_.constEnd() ? nullptr : &found.value();
}

bool ReviewDesk::hasModel() const {
  return std::any_of(runs_.begin(), runs_.end(), [](const RunToReview& run) { return run.hasModel; });
}

bool ReviewDesk::canLoadModel() const {
  return model_ && !model_->isReady() && model_->state() != ModelLink::State::Starting && hasModel();
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

Json ReviewDesk::askedWith(const fs::path& clip) const {
  Json parameters = {{"clip", clip.string()}};
  const ClipItem* item = find(clip.string());
  if (item && item->rWave && model_ &&
      model_->description().value("/input/start"_json_pointer, std::string()) == "r_wave") {
    parameters["start_seconds"] = *item->rWave;
  }
  return parameters;
}

void ReviewDesk::askCaption() {
  const ClipItem* clip = currentClip();
  if (!clip || !model_ || isAsking()) return;
  ModelLink::Callbacks callbacks;
  callbacks.done = [this, path = clip->path](const Json& result) { takeAnswer(path, result); };
  callbacks.failed = [this](const Error& error) {
    emit noticed(Notice::of(error));
    emit captionChanged();
  };
  question_.ask(*model_, "caption", askedWith(clip->path), std::move(callbacks));
  emit captionChanged();
}

void ReviewDesk::takeAnswer(const fs::path& clip, const Json& result) {
  if (!result.is_object() || !result.contains("caption")) throw dataError("the answer has no caption", "model");
  const Json& model = model_->description();
  fs::path run = model.value("run", std::string());
  if (run.empty()) run = model.value("model", std::string());
  for (const RunToReview& one : runs_) {
    if (one.path.filename() == run.filename()) run = one.path;
  }
  ClipCaption said;
  said.clip = clip.string();
  if (const ClipItem* item = find(said.clip)) said.reference = item->report;
  said.caption = captionFromJson(result["caption"]);
  if (result.contains("seen") && result["seen"].is_object()) said.seen = seenFromJson(result["seen"]);
  said.run = run.filename().string();
  said.step = model.value("step", std::int64_t{0});
  said.source = tr("asked just now of %1, step %2").arg(shortRunName(folderName(run))).arg(*said.step).toStdString();
  live_.insert({folderName(run), clipKey(clip)}, said);
  // One sees what one asked for, under the run that said it.
  if (run.filename() != run_.filename()) setRun(run);
  emit captionsRead();
  emit captionChanged();
}

void ReviewDesk::cancelAsking() {
  if (!isAsking()) return;
  question_.cancel();
  emit captionChanged();
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
  if (const ClipCaption* said = caption()) judge(*said, judgement, text);
}

void ReviewDesk::judge(const ClipCaption& said, CaptionJudgement judgement, const QString& text) {
  if (current_ < 0) return;
  JudgedCaption one;
  one.run = said.run;
  if (said.step) one.checkpoint = RunFolder({}).checkpoint(*said.step).filename().string();
  one.generated = said.caption.text;
  one.state = judgement;
  if (judgement == CaptionJudgement::Edited) one.text = text.toStdString();
  if (judgement == CaptionJudgement::Accepted) one.text = one.generated;
  one.time = wallSeconds();
  clips_[static_cast<std::size_t>(current_)].annotation.judge(std::move(one));
  save(current_);
}

const JudgedCaption* ReviewDesk::judgedOf(const ClipItem& clip) const {
  const ClipCaption* said = captionOf(clip);
  return said ? clip.annotation.judged(said->run, said->caption.text) : nullptr;
}

CaptionJudgement ReviewDesk::judgement() const {
  const ClipItem* clip = currentClip();
  const JudgedCaption* judged = clip ? judgedOf(*clip) : nullptr;
  return judged ? judged->state : CaptionJudgement::None;
}

void ReviewDesk::save(int clip) {
  emit annotationChanged(clip);
  if (place_.workspace.empty()) {
    emit noticed({Severity::Warning, tr("No workspace is open: this is not kept"), {}, tr("Open a workspace first.")});
    return;
  }
  writer_.start([this, item = clips_[static_cast<std::size_t>(clip)], store = annotations()] {
    try {
      store.save(item.study, item.id, item.annotation);
    } catch (const std::exception& error) {
      QMetaObject::invokeMethod(this, [this, notice = Notice::of(error)] { emit noticed(notice); });
    }
  });
}

void ReviewDesk::waitForSaves() { writer_.waitForDone(); }

}  // namespace counterpoint
