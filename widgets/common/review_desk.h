// SPDX-License-Identifier: GPL-3.0-or-later
// What the panes of the Review perspective share: the studies, the clip at hand, what the model said of it, and what
// the person adds. Files are read and written off the event loop.
#pragma once

#include "widgets/common/clip_item.h"
#include "widgets/common/model_question.h"
#include "widgets/common/notice.h"
#include "widgets/common/run_captions.h"
#include "widgets/common/study_source.h"

#include <QHash>
#include <QObject>
#include <QStringList>
#include <QThreadPool>

#include <filesystem>
#include <vector>

namespace counterpoint {

struct ReviewPlace {
  std::filesystem::path workspace{};  // empty: none is open
  std::filesystem::path studies{};    // the CSV, where the run that is shown names none
  std::filesystem::path runs{};
  bool synthetic = false;
};

class ReviewDesk : public QObject {
  Q_OBJECT

 public:
  explicit ReviewDesk(QObject* parent = nullptr);
  ~ReviewDesk() override;  // waits until everything is saved

  void setPlace(const ReviewPlace& place);
  const ReviewPlace& place() const { return place_; }
  void setModel(ModelLink* model);
  ModelLink* model() const { return model_; }

  bool isLoading() const { return loading_; }
  bool isReadingCaptions() const { return reading_; }
  const std::vector<ClipItem>& clips() const { return clips_; }
  const QStringList& missing() const { return missing_; }

  // −1: none.
  int current() const { return current_; }
  const ClipItem* currentClip() const;
  // Of a workspace that says it is synthetic; a clip from elsewhere is not.
  bool isCurrentSynthetic() const;
  void setCurrent(int clip);
  // A clip by path or by id. One that the table does not have is added as a study of its own as soon as what was said
  // of it earlier is read; while the table is read, the clip waits for it. False where it is no clip.
  bool openClip(const QString& clip);
  // A clip is on its way to be the current one.
  bool isOpening() const { return !opening_.empty(); }
  // By path or id; null where the table does not have it.
  const ClipItem* find(const std::string& clip) const;
  // Where a clip that a file or the model names lies.
  std::filesystem::path pathOf(const std::string& clip) const;
  std::vector<int> clipsOfStudy(int clip) const;

  // Runs with captions, newest first, and the one whose captions are shown.
  const std::vector<RunToReview>& runs() const { return runs_; }
  // Looks for new runs and new results in the background; runsChanged() follows where there are some.
  void refreshRuns();
  // As of the run that is shown: what tells whether its results have to be read again.
  RunToReview shownRun() const;
  void setRun(const std::filesystem::path& run);
  std::filesystem::path run() const { return run_; }
  const ClipCaption* caption() const;  // of the current clip; null where there is none
  const ClipCaption* captionOf(const ClipItem& clip) const;
  // Whether a run has a checkpoint; and whether its model could be loaded now.
  bool hasModel() const;
  bool canLoadModel() const;
  // A workspace is open that was never trained in; and what a button says that changes this.
  bool wantsTraining() const { return !place_.workspace.empty() && !loading_ && runs_.empty(); }
  QString trainText() const { return place_.synthetic ? tr("Train, about 3 min") : tr("Train"); }
  // The first clip that the shown run has a caption of; −1: none.
  int firstWithCaption() const;
  // The report that the clip's study has, else what the results say.
  QString reference() const;

  // {"clip", "start_seconds"?}: what a model that was trained from the R wave on is asked from there on.
  Json askedWith(const std::filesystem::path& clip) const;
  // Asks the model for a caption of the current clip. The answer is shown: where the model is of another run, that one
  // is chosen.
  void askCaption();
  void cancelAsking();
  bool isAsking() const { return question_.isOpen(); }

  void setStarred(bool starred);
  void setNote(const QString& note);
  void toggleKeyFrame(int frame);
  // Keeps the judgement of a caption of the current clip, by default the one at hand. `text` counts for Edited; None
  // takes it back.
  void judge(CaptionJudgement judgement, const QString& text = {});
  void judge(const ClipCaption& said, CaptionJudgement judgement, const QString& text = {});
  CaptionJudgement judgement() const;
  // What became of the caption that is shown of the clip; null where nobody judged it.
  const JudgedCaption* judgedOf(const ClipItem& clip) const;

  // Blocks until what was changed is on disk; for tests and the end of the program.
  void waitForSaves();

 signals:
  void loaded();
  void aboutToChange();  // the current clip is still the one before
  void currentChanged();
  void captionChanged();  // the caption of the current clip, or whether one is asked for
  void captionsRead();    // which clips have one changed
  void runsChanged();
  void annotationChanged(int clip);
  void noticed(const counterpoint::Notice& notice);

 private:
  void save(int clip);
  void takeStudies(LoadedStudies studies, const StudySource& source);
  void openOutside(const std::filesystem::path& path);
  void takeAnswer(const std::filesystem::path& clip, const Json& result);
  // Captions of the run that is shown, and the studies where it was trained on another table.
  void readRun();
  AnnotationStore annotations() const;

  ReviewPlace place_;
  ModelLink* model_ = nullptr;
  StudySource source_;
  std::vector<ClipItem> clips_;
  QStringList missing_;
  QHash<QString, int> byKey_;
  int current_ = -1;
  std::filesystem::path opening_;
  bool loading_ = false;
  quint64 generation_ = 0;
  std::vector<RunToReview> runs_;
  bool refreshing_ = false, reading_ = false;
  std::filesystem::path run_;
  QHash<QString, ClipCaption> captions_;                  // of run_, by absolute path and by what the file wrote
  QHash<std::pair<QString, QString>, ClipCaption> live_;  // what was asked, by the model's run and absolute path
  ModelQuestion question_;
  QThreadPool readers_, writer_;
};

// Under which a path is found, however it is written.
QString clipKey(const std::filesystem::path& path);
// What the person calls the clip: "A4C", else the file's name.
QString clipTitle(const ClipItem& clip);
// The study's id; of a clip outside the table the file's name.
QString studyTitle(const ClipItem& clip);
// "accepted ✓", "edited ✎", "rejected ✗"; empty for None.
QString judgementText(CaptionJudgement judgement);

}  // namespace counterpoint
