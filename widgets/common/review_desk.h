// SPDX-License-Identifier: GPL-3.0-or-later
// What the panes of the Review perspective share: the studies, the clip at hand, what the model said of it, and what
// the person adds. Files are read and written off the event loop.
#pragma once

#include "widgets/common/clip_item.h"
#include "widgets/common/run_captions.h"
#include "widgets/common/model_link.h"
#include "widgets/common/notice.h"

#include <QHash>
#include <QObject>
#include <QStringList>
#include <QThreadPool>

#include <filesystem>
#include <optional>
#include <vector>

namespace counterpoint {

struct ReviewPlace {
  std::filesystem::path workspace{};  // empty: none is open
  std::filesystem::path studies{};    // the CSV
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
  // A clip by path or by id; one that the table does not have is added as a study of its own. False where it is none.
  bool openClip(const QString& clip);
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
  // The first clip that the shown run has a caption of; −1: none.
  int firstWithCaption() const;
  // The report that the clip's study has, else what the results say.
  QString reference() const;

  // Asks the model for a caption of the current clip; cancelled by a second call of cancelAsking().
  void askCaption();
  void cancelAsking();
  bool isAsking() const { return asking_.has_value(); }

  void setStarred(bool starred);
  void setNote(const QString& note);
  void toggleKeyFrame(int frame);
  // Keeps the judgement of the caption at hand. `text` counts for Edited; None takes it back.
  void judge(CaptionJudgement judgement, const QString& text = {});
  CaptionJudgement judgement() const;

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
  std::string runName() const;
  void readCaptions();

  ReviewPlace place_;
  ModelLink* model_ = nullptr;
  std::vector<ClipItem> clips_;
  QStringList missing_;
  QHash<QString, int> byKey_;
  int current_ = -1;
  bool loading_ = false;
  quint64 generation_ = 0;
  std::vector<RunToReview> runs_;
  bool refreshing_ = false, reading_ = false;
  std::filesystem::path run_;
  QHash<QString, ClipCaption> captions_;  // by absolute path and by what the file wrote
  std::optional<qint64> asking_;
  QThreadPool readers_, writer_;
};

// What the person calls the clip: "A4C", else the file's name.
QString clipTitle(const ClipItem& clip);
// "accepted ✓", "edited ✎", "rejected ✗"; empty for None.
QString judgementText(CaptionJudgement judgement);

}  // namespace counterpoint
