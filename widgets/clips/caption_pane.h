// SPDX-License-Identifier: GPL-3.0-or-later
// What the model says of the clip, sentence by sentence with its confidence, beside the reference report; and what the
// person makes of it.
#pragma once

#include "widgets/common/clip_item.h"
#include "widgets/common/pane.h"

#include <QTimer>

#include <optional>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QSlider;
class QTextBrowser;
class QVBoxLayout;

namespace counterpoint {

class ReviewDesk;

// One sentence: its words, a bar and a number. Its tokens are shown while it has the focus or the mouse.
class SentenceRow : public QWidget {
  Q_OBJECT

 public:
  SentenceRow(const CaptionSentence& sentence, bool calibrated, QWidget* parent = nullptr);
  void setThreshold(double threshold);
  bool isLow() const { return low_; }

 signals:
  void pointedAt(const counterpoint::CaptionSentence& sentence);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void enterEvent(QEnterEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;
  QSize sizeHint() const override { return {200, heightForWidth(200)}; }

 private:
  int textWidth(int width) const;

  CaptionSentence sentence_;
  bool calibrated_, low_ = false;
};

class CaptionPane : public Pane {
  Q_OBJECT

 public:
  explicit CaptionPane(ReviewDesk& desk, QWidget* parent = nullptr);
  ~CaptionPane() override;  // keeps a note or a draft that was just typed

  void registerActions(ActionRegistry& registry) override;
  QJsonObject saveState() const override;
  void restoreState(const QJsonObject& state) override;

  std::vector<SentenceRow*> sentences() const { return rows_; }
  QSlider* threshold() const { return threshold_; }
  QPlainTextEdit* editor() const { return editor_; }
  QPlainTextEdit* note() const { return note_; }
  QString referenceHtml() const;
  QString warning() const;
  QString source() const;
  QComboBox* run() const { return run_; }
  QPushButton* askButton() const { return ask_; }

 signals:
  void trainWanted();  // there is no model to ask, and no run that will have one

 private:
  QWidget* makeContent();
  void draw();
  void drawSentences();
  void drawJudgement();
  void drawAsking();
  void showTokens(const CaptionSentence& sentence);
  void drawRuns();
  void startEditing();
  void finishEditing(bool keep);
  // Ends editing where another caption is shown than the one it was begun on; a changed text is kept for that one.
  void keepDraft();
  void askOrCancel();

  ReviewDesk& desk_;
  QLabel *warning_ = nullptr, *source_ = nullptr, *state_ = nullptr, *none_ = nullptr, *thresholdText_ = nullptr,
         *tokens_ = nullptr;
  QComboBox* run_ = nullptr;
  QVBoxLayout* list_ = nullptr;
  std::vector<SentenceRow*> rows_;
  QSlider* threshold_ = nullptr;
  QTextBrowser* reference_ = nullptr;
  QPlainTextEdit *editor_ = nullptr, *note_ = nullptr;
  QWidget *editing_ = nullptr, *judging_ = nullptr;
  QPushButton *accept_ = nullptr, *edit_ = nullptr, *reject_ = nullptr, *ask_ = nullptr;
  std::optional<ClipCaption> edited_;  // whose text the editor was opened with
  QString begun_;                      // and what stood in it then
  QTimer noteTimer_;
};

}  // namespace counterpoint
