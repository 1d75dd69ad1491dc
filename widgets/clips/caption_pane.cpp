// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/clips/caption_pane.h"

#include "widgets/clips/report_difference.h"
#include "widgets/common/review_desk.h"
#include "widgets/common/action_registry.h"
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"

#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSlider>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace counterpoint {
namespace {

constexpr int kNoteMilliseconds = 600;
constexpr int kDefaultThreshold = 50;  // percent
constexpr int kNoteHeight = 64;

QLabel* heading(const QString& text) {
  auto* label = new QLabel(text);
  setTextRole(label, "heading");
  return label;
}

}  // namespace

CaptionPane::CaptionPane(ReviewDesk& desk, QWidget* parent)
    : Pane(QStringLiteral("report"), tr("Report"), parent), desk_(desk) {
  setContent(makeContent());
  emptyState()->set(QStringLiteral("report"), tr("No clip is open"),
                    tr("What the model says of a clip is shown here, beside its reference report."), {});
  noteTimer_.setSingleShot(true);
  noteTimer_.setInterval(kNoteMilliseconds);
  connect(&noteTimer_, &QTimer::timeout, this, [this] { desk_.setNote(note_->toPlainText()); });
  connect(&desk_, &ReviewDesk::aboutToChange, this, [this] {
    if (!noteTimer_.isActive()) return;
    noteTimer_.stop();
    desk_.setNote(note_->toPlainText());
  });
  connect(note_, &QPlainTextEdit::textChanged, this, [this] { noteTimer_.start(); });
  connect(&desk_, &ReviewDesk::currentChanged, this, &CaptionPane::draw);
  connect(&desk_, &ReviewDesk::captionChanged, this, &CaptionPane::drawSentences);
  connect(&desk_, &ReviewDesk::annotationChanged, this, &CaptionPane::drawJudgement);
  connect(&desk_, &ReviewDesk::runsChanged, this, [this] {
    const QSignalBlocker quiet(run_);
    run_->clear();
    for (const RunToReview& run : desk_.runs()) {
      run_->addItem(QString::fromStdString(run.path.filename().string()), QString::fromStdString(run.path.string()));
    }
    run_->setCurrentIndex(run_->findData(QString::fromStdString(desk_.run().string())));
    run_->setVisible(run_->count() > 0);
  });
  draw();
}

CaptionPane::~CaptionPane() {
  if (noteTimer_.isActive()) desk_.setNote(note_->toPlainText());
}

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
  run_->setToolTip(run_->accessibleName());
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
  connect(keep, &QPushButton::clicked, this, [this] { finishEditing(true); });
  connect(leave, &QPushButton::clicked, this, [this] { finishEditing(false); });
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
  note_->setFrameShape(QFrame::StyledPanel);
  inner->addWidget(note_);
  auto* scroll = new QScrollArea;
  scroll->setWidget(inside);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->setAccessibleName(tr("Caption and report"));
  column->addWidget(scroll, 1);
  threshold_->setValue(kDefaultThreshold);
  return content;
}

void CaptionPane::draw() {
  const ClipItem* clip = desk_.currentClip();
  showEmpty(!clip);
  {
    const QSignalBlocker quiet(note_);
    note_->setPlainText(clip ? QString::fromStdString(clip->annotation.note) : QString());
  }
  warning_->setText(desk_.isCurrentSynthetic()
                        ? tr("Generated, research use, not for diagnosis. The clips are synthetic.")
                        : tr("Generated, research use, not for diagnosis"));
  editing_->hide();
  drawSentences();
}

void CaptionPane::drawSentences() {
  for (SentenceRow* row : rows_) row->deleteLater();
  rows_.clear();
  tokens_->clear();
  tokens_->hide();
  const ClipCaption* said = desk_.caption();
  if (said) {
    for (const CaptionSentence& sentence : said->caption.sentences) {
      auto* row = new SentenceRow(sentence, said->caption.calibrated);
      row->setThreshold(threshold_->value() / 100.0);
      connect(row, &SentenceRow::pointedAt, this, &CaptionPane::showTokens);
      list_->addWidget(row);
      rows_.push_back(row);
    }
    source_->setText(QString::fromStdString(said->source) +
                     (said->caption.calibrated ? tr(", calibrated") : tr(", uncalibrated")));
    source_->setToolTip(
        said->caption.calibrated
            ? tr("Confidence was fitted on the validation studies, so 0.8 should be right 8 times in 10.")
            : tr("Confidence is the model's own mean token probability; nothing says how often it is right."));
  } else {
    source_->clear();
  }
  none_->setVisible(!said);
  none_->setText(tr("No caption of this clip yet."));

  const QString reference = desk_.reference();
  const QString generated = said ? QString::fromStdString(said->caption.text) : QString();
  QString html;
  for (const ReportPart& part : reportDifference(reference, generated)) {
    const QString text = part.text.toHtmlEscaped();
    html += part.differs && said ? QStringLiteral("<span style=\"color:%1; text-decoration:underline\">%2</span> ")
                                       .arg(roles().warn.name(), text)
                                 : text + QLatin1Char(' ');
  }
  if (reference.isEmpty()) html = tr("This clip has no report.");
  if (said && html.contains(QLatin1String("<span"))) {
    html += QStringLiteral("<p style=\"color:%1\">%2</p>").arg(roles().quiet.name(), tr("Underlined: differs."));
  }
  reference_->setHtml(html);
  judging_->setVisible(said);
  drawJudgement();
  drawAsking();
}

void CaptionPane::drawJudgement() {
  const CaptionJudgement judgement = desk_.judgement();
  state_->setText(judgementText(judgement));
  setTextRole(state_, judgement == CaptionJudgement::Rejected ? "bad" : "good");
  if (judgement == CaptionJudgement::Edited) {
    const ClipItem* clip = desk_.currentClip();
    const ClipCaption* said = desk_.caption();
    const JudgedCaption* kept = clip && said ? clip->annotation.judged(said->run) : nullptr;
    if (kept) state_->setToolTip(QString::fromStdString(kept->text));
  } else {
    state_->setToolTip({});
  }
}

void CaptionPane::drawAsking() {
  const ModelLink* model = desk_.model();
  const auto state = model ? model->state() : ModelLink::State::Off;
  ask_->setVisible(model);
  ask_->setEnabled(state != ModelLink::State::Starting);
  if (desk_.isAsking()) {
    ask_->setText(tr("Cancel"));
    none_->setText(tr("The model is looking at the clip…"));
  } else if (state == ModelLink::State::Ready) {
    ask_->setText(tr("Caption this clip"));
  } else if (state == ModelLink::State::Starting) {
    ask_->setText(tr("Loading the model…"));
  } else {
    ask_->setText(state == ModelLink::State::Lost ? tr("Load the model again") : tr("Load the newest model"));
    if (state == ModelLink::State::Lost) none_->setText(tr("The model is gone: %1").arg(model->problem()));
  }
  ask_->setAccessibleName(ask_->text());
}

void CaptionPane::askOrCancel() {
  if (desk_.isAsking()) {
    desk_.cancelAsking();
  } else if (desk_.model() && desk_.model()->isReady()) {
    desk_.askCaption();
  } else if (desk_.model()) {
    desk_.model()->startNewest();
  }
}

void CaptionPane::showTokens(const CaptionSentence& sentence) {
  QStringList words;
  for (const TokenProbability& token : sentence.tokens) {
    const bool low = token.probability < threshold_->value() / 100.0;
    words << QStringLiteral("<span style=\"white-space:nowrap\">%1&nbsp;<span style=\"color:%2\">%3</span></span>")
                 .arg(QString::fromStdString(token.text).toHtmlEscaped(), (low ? roles().warn : roles().quiet).name(),
                      QString::number(token.probability, 'f', 2));
  }
  tokens_->setText(words.join(QStringLiteral("&ensp; ")));
  tokens_->setVisible(!words.isEmpty());
}

void CaptionPane::startEditing() {
  const ClipCaption* said = desk_.caption();
  if (!said) return;
  const JudgedCaption* kept = desk_.currentClip()->annotation.judged(said->run);
  const bool edited = kept && kept->state == CaptionJudgement::Edited;
  editor_->setPlainText(QString::fromStdString(edited ? kept->text : said->caption.text));
  editing_->show();
  editor_->setFocus(Qt::OtherFocusReason);
}

void CaptionPane::finishEditing(bool keep) {
  editing_->hide();
  if (keep) desk_.judge(CaptionJudgement::Edited, editor_->toPlainText());
  edit_->setFocus(Qt::OtherFocusReason);
}

QString CaptionPane::referenceHtml() const { return reference_->toHtml(); }
QString CaptionPane::warning() const { return warning_->text(); }

void CaptionPane::registerActions(ActionRegistry& registry) {
  const auto add = [&](const char* id, const QString& text, const char* key, const char* icon,
                       std::function<void()> run) {
    ActionSpec spec{QLatin1String(id), text, tr("Review"), QLatin1String(key), QLatin1String(icon)};
    spec.run = std::move(run);
    registry.add(std::move(spec));
  };
  add("review.accept", tr("Accept the caption"), "Ctrl+Alt+A", "accept",
      [this] { desk_.judge(CaptionJudgement::Accepted); });
  add("review.edit", tr("Edit the caption"), "", "edit", [this] { startEditing(); });
  add("review.reject", tr("Reject the caption"), "Ctrl+Alt+R", "reject",
      [this] { desk_.judge(CaptionJudgement::Rejected); });
  add("review.take_back", tr("Take the judgement of the caption back"), "", "undo",
      [this] { desk_.judge(CaptionJudgement::None); });
  add("review.caption", tr("Caption this clip with the loaded model"), "", "model", [this] { askOrCancel(); });
}

QJsonObject CaptionPane::saveState() const { return {{QStringLiteral("threshold"), threshold_->value()}}; }

void CaptionPane::restoreState(const QJsonObject& state) {
  threshold_->setValue(state.value(QStringLiteral("threshold")).toInt(kDefaultThreshold));
}

}  // namespace counterpoint
