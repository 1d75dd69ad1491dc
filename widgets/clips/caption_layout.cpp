// SPDX-License-Identifier: GPL-3.0-or-later
// How the pane is put together: the warning and the run above what scrolls, caption, judgement, reference and note.
#include "widgets/clips/caption_pane.h"
#include "widgets/common/measures.h"
#include "widgets/common/review_desk.h"
#include "widgets/common/theme.h"

#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSlider>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace counterpoint {
namespace {

constexpr int kNoteHeight = 64;

QLabel* heading(const QString& text) {
  auto* label = new QLabel(text);
  setTextRole(label, "heading");
  return label;
}

}  // namespace

QWidget* CaptionPane::makeContent() {
  auto* content = new QWidget;
  content->setProperty("surface", "panel");
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(measures::kEdge, measures::kGap, measures::kEdge, measures::kEdge);
  column->setSpacing(measures::kGap);

  // Outside of what scrolls: always in sight.
  warning_ = new QLabel(tr("Generated, research use, not for diagnosis"));
  setTextRole(warning_, "warn");
  warning_->setWordWrap(true);
  column->addWidget(warning_);
  auto* top = new QHBoxLayout;
  top->setSpacing(measures::kGap);
  run_ = new QComboBox;
  run_->setAccessibleName(tr("Run whose captions are shown"));
  run_->setMinimumContentsLength(8);
  run_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  connect(run_, &QComboBox::currentIndexChanged, this, [this] {
    if (run_->currentIndex() >= 0) desk_.setRun(run_->currentData().toString().toStdString());
  });
  ask_ = new QPushButton;
  connect(ask_, &QPushButton::clicked, this, &CaptionPane::askOrCancel);
  top->addWidget(run_, 1);
  top->addWidget(ask_);
  column->addLayout(top);

  auto* inside = new QWidget;
  inside->setProperty("surface", "panel");
  auto* inner = new QVBoxLayout(inside);
  inner->setContentsMargins(0, 0, measures::kGrid, 0);
  inner->setSpacing(measures::kGap);
  auto* title = new QHBoxLayout;
  title->addWidget(heading(tr("Generated")));
  source_ = new QLabel;
  setTextRole(source_, "quiet");
  source_->setFont(uiFont(measures::kSmall));
  title->addWidget(source_, 1, Qt::AlignRight);
  inner->addLayout(title);
  list_ = new QVBoxLayout;
  list_->setSpacing(0);
  inner->addLayout(list_);
  none_ = new QLabel;
  none_->setWordWrap(true);
  setTextRole(none_, "quiet");
  inner->addWidget(none_);
  tokens_ = new QLabel;
  tokens_->setWordWrap(true);
  tokens_->setTextFormat(Qt::RichText);
  tokens_->setAccessibleName(tr("Probability of each token"));
  inner->addWidget(tokens_);
  auto* low = new QHBoxLayout;
  low->setSpacing(measures::kGap);
  thresholdText_ = new QLabel;
  thresholdText_->setFont(tabularFont(measures::kSmall));
  setTextRole(thresholdText_, "quiet");
  threshold_ = new QSlider(Qt::Horizontal);
  threshold_->setRange(0, 100);
  threshold_->setAccessibleName(tr("Confidence below which sentences are marked"));
  threshold_->setToolTip(threshold_->accessibleName());
  connect(threshold_, &QSlider::valueChanged, this, [this](int percent) {
    thresholdText_->setText(tr("mark below %1").arg(percent / 100.0, 0, 'f', 2));
    for (SentenceRow* row : rows_) row->setThreshold(percent / 100.0);
  });
  low->addWidget(thresholdText_);
  low->addWidget(threshold_, 1);
  inner->addLayout(low);

  judging_ = new QWidget;
  auto* judge = new QHBoxLayout(judging_);
  judge->setContentsMargins(0, 0, 0, 0);
  judge->setSpacing(measures::kGap);
  accept_ = new QPushButton(tr("Accept"));
  edit_ = new QPushButton(tr("Edit"));
  reject_ = new QPushButton(tr("Reject"));
  state_ = new QLabel;
  for (QPushButton* button : {accept_, edit_, reject_}) judge->addWidget(button);
  judge->addWidget(state_, 1);
  inner->addWidget(judging_);
  connect(accept_, &QPushButton::clicked, this, [this] { desk_.judge(CaptionJudgement::Accepted); });
  connect(edit_, &QPushButton::clicked, this, &CaptionPane::startEditing);
  connect(reject_, &QPushButton::clicked, this, [this] { desk_.judge(CaptionJudgement::Rejected); });

  editing_ = new QWidget;
  auto* edit = new QVBoxLayout(editing_);
  edit->setContentsMargins(0, 0, 0, 0);
  editor_ = new QPlainTextEdit;
  editor_->setAccessibleName(tr("Edited caption"));
  editor_->setTabChangesFocus(true);
  editor_->setMinimumHeight(2 * kNoteHeight);
  edit->addWidget(editor_);
  auto* buttons = new QHBoxLayout;
  auto* keep = new QPushButton(tr("Keep this text"));
  keep->setProperty("primary", true);
  auto* leave = new QPushButton(tr("Cancel editing"));
  for (QPushButton* button : {keep, leave}) {
    connect(button, &QPushButton::clicked, this, [this, kept = button == keep] {
      finishEditing(kept);
      edit_->setFocus(Qt::OtherFocusReason);
    });
  }
  buttons->addWidget(keep);
  buttons->addWidget(leave);
  buttons->addStretch(1);
  edit->addLayout(buttons);
  editing_->hide();
  inner->addWidget(editing_);

  inner->addSpacing(measures::kGap);
  inner->addWidget(heading(tr("Reference")));
  reference_ = new QTextBrowser;
  reference_->setAccessibleName(tr("Reference report"));
  reference_->setFrameShape(QFrame::NoFrame);
  reference_->setMinimumHeight(2 * kNoteHeight);
  reference_->setTabChangesFocus(true);
  reference_->document()->setDocumentMargin(0);
  inner->addWidget(reference_, 1);
  inner->addWidget(heading(tr("Note")));
  note_ = new QPlainTextEdit;
  note_->setAccessibleName(tr("Note on this clip"));
  note_->setPlaceholderText(tr("Kept in the workspace, never in the data"));
  note_->setTabChangesFocus(true);
  note_->setFixedHeight(kNoteHeight);
  for (QPlainTextEdit* field : {editor_, note_}) field->setProperty("field", true);
  inner->addWidget(note_);
  auto* scroll = new QScrollArea;
  scroll->setWidget(inside);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->setAccessibleName(tr("Caption and report"));
  column->addWidget(scroll, 1);
  return content;
}

}  // namespace counterpoint
