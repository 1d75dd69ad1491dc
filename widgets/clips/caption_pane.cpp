// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/clips/caption_pane.h"

#include "widgets/clips/report_difference.h"
#include "widgets/common/action_registry.h"
#include "widgets/common/measures.h"
#include "widgets/common/review_desk.h"
#include "widgets/common/run_name.h"
#include "widgets/common/theme.h"

#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QStyle>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace counterpoint {
namespace {

constexpr int kNoteMilliseconds = 600;
constexpr int kDefaultThreshold = 50;  // percent

}  // namespace

CaptionPane::CaptionPane(ReviewDesk& desk, QWidget* parent)
    : Pane(QStringLiteral("report"), tr("Report"), parent), desk_(desk) {
  setContent(makeContent());
  threshold_->setValue(kDefaultThreshold);
  noteTimer_.setSingleShot(true);
  noteTimer_.setInterval(kNoteMilliseconds);
  connect(&noteTimer_, &QTimer::timeout, this, [this] { desk_.setNote(note_->toPlainText()); });
  connect(&desk_, &ReviewDesk::aboutToChange, this, [this] {
    keepDraft();
    if (!noteTimer_.isActive()) return;
    noteTimer_.stop();
    desk_.setNote(note_->toPlainText());
  });
  connect(note_, &QPlainTextEdit::textChanged, this, [this] { noteTimer_.start(); });
  connect(&desk_, &ReviewDesk::currentChanged, this, &CaptionPane::draw);
  connect(&desk_, &ReviewDesk::captionChanged, this, [this] {
    const ClipCaption* said = desk_.caption();
    if (!edited_ || !said || said->run != edited_->run || said->caption.text != edited_->caption.text) keepDraft();
    drawSentences();
  });
  connect(&desk_, &ReviewDesk::annotationChanged, this, &CaptionPane::drawJudgement);
  connect(&desk_, &ReviewDesk::runsChanged, this, &CaptionPane::drawRuns);
  connect(&desk_, &ReviewDesk::loaded, this, [this] {
    if (isShowingEmpty()) draw();
  });
  connect(emptyState(), &EmptyState::pressed, this, &CaptionPane::trainWanted);
  draw();
}

CaptionPane::~CaptionPane() {
  keepDraft();
  if (noteTimer_.isActive()) desk_.setNote(note_->toPlainText());
}

void CaptionPane::drawRuns() {
  const QSignalBlocker quiet(run_);
  run_->clear();
  QStringList folders;
  for (const RunToReview& run : desk_.runs()) folders << QString::fromStdString(run.path.filename().string());
  for (qsizetype i = 0; i < folders.size(); ++i) {
    run_->addItem(shortRunName(folders[i], folders),
                  QString::fromStdString(desk_.runs()[static_cast<std::size_t>(i)].path.string()));
    run_->setItemData(run_->count() - 1, folders[i], Qt::ToolTipRole);
  }
  run_->setCurrentIndex(run_->findData(QString::fromStdString(desk_.run().string())));
  run_->setVisible(run_->count() > 0);
  run_->setToolTip(tr("%1: %2").arg(run_->accessibleName(), run_->currentData(Qt::ToolTipRole).toString()));
  if (isShowingEmpty()) draw();
  drawAsking();
}

void CaptionPane::draw() {
  const ClipItem* clip = desk_.currentClip();
  showEmpty(!clip);
  const bool train = desk_.wantsTraining();
  emptyState()->set(QStringLiteral("report"), train ? tr("No model yet") : tr("No clip is open"),
                    train ? tr("Once a model is trained, what it says of a clip is shown here, beside the clip's "
                               "reference report.")
                          : tr("What the model says of a clip is shown here, beside its reference report."),
                    train ? desk_.trainText() : QString());
  {
    const QSignalBlocker quiet(note_);
    note_->setPlainText(clip ? QString::fromStdString(clip->annotation.note) : QString());
  }
  warning_->setText(desk_.isCurrentSynthetic()
                        ? tr("Generated, research use, not for diagnosis. The clips are synthetic.")
                        : tr("Generated, research use, not for diagnosis"));
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
  for (QWidget* widget : {static_cast<QWidget*>(thresholdText_), static_cast<QWidget*>(threshold_)}) {
    widget->setVisible(said);
  }
  none_->setText(desk_.isReadingCaptions() ? tr("Reading the run's captions…")
                 : desk_.wantsTraining()   ? tr("No model yet: train one, and it says here what it sees.")
                                           : tr("No caption of this clip yet."));

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
    state_->setToolTip(QString::fromStdString(desk_.judgedOf(*desk_.currentClip())->text));
  } else {
    state_->setToolTip({});
  }
}

void CaptionPane::drawAsking() {
  const ModelLink* model = desk_.model();
  const auto state = model ? model->state() : ModelLink::State::Off;
  const bool train = state != ModelLink::State::Ready && desk_.wantsTraining();
  ask_->setVisible(model || train);
  if (ask_->property("primary").toBool() != train) {
    ask_->setProperty("primary", train);  // the one thing to do here
    ask_->style()->polish(ask_);
  }
  ask_->setEnabled(train || state == ModelLink::State::Ready || desk_.canLoadModel());
  if (desk_.isAsking()) {
    ask_->setText(tr("Cancel"));
    none_->setText(tr("The model is looking at the clip…"));
  } else if (state == ModelLink::State::Ready) {
    ask_->setText(tr("Caption this clip"));
  } else if (state == ModelLink::State::Starting) {
    ask_->setText(tr("Loading the model…"));
  } else if (train) {
    ask_->setText(desk_.trainText());
  } else {
    ask_->setText(state == ModelLink::State::Lost ? tr("Load the model again") : tr("Load the newest model"));
    if (state == ModelLink::State::Lost) none_->setText(tr("The model is gone: %1").arg(model->problem()));
  }
  ask_->setAccessibleName(ask_->text());
  ask_->setToolTip(ask_->isEnabled() || state == ModelLink::State::Starting ? QString()
                                                                            : tr("No run has a checkpoint yet"));
}

void CaptionPane::askOrCancel() {
  if (desk_.isAsking()) {
    desk_.cancelAsking();
  } else if (desk_.model() && desk_.model()->isReady()) {
    desk_.askCaption();
  } else if (desk_.wantsTraining()) {
    emit trainWanted();
  } else if (desk_.canLoadModel()) {
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
  if (!said || edited_) return;
  const JudgedCaption* kept = desk_.judgedOf(*desk_.currentClip());
  const bool again = kept && kept->state == CaptionJudgement::Edited;
  edited_ = *said;
  begun_ = QString::fromStdString(again ? kept->text : said->caption.text);
  editor_->setPlainText(begun_);
  editing_->show();
  editor_->setFocus(Qt::OtherFocusReason);
}

void CaptionPane::finishEditing(bool keep) {
  if (!edited_) return;
  const ClipCaption of = *std::exchange(edited_, std::nullopt);
  editing_->hide();
  if (keep) desk_.judge(of, CaptionJudgement::Edited, editor_->toPlainText());
}

void CaptionPane::keepDraft() {
  if (!edited_) return;
  const bool changed = editor_->toPlainText() != begun_;
  const QString source = QString::fromStdString(edited_->source);
  finishEditing(changed);
  if (changed) emit noticed({Severity::Info, tr("The text that was being edited is kept (%1)").arg(source), {}, {}});
}

QString CaptionPane::referenceHtml() const { return reference_->toHtml(); }
QString CaptionPane::warning() const { return warning_->text(); }
QString CaptionPane::source() const { return source_->text(); }

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
  add("review.caption", tr("Caption this clip with the loaded model"), "", "model", [this] {
    // The action never trains: only the button that says so does.
    if (!desk_.wantsTraining() || (desk_.model() && desk_.model()->isReady())) return askOrCancel();
    emit noticed({Severity::Info, tr("There is no model yet"), {}, tr("Train one first.")});
  });
}

QJsonObject CaptionPane::saveState() const { return {{QStringLiteral("threshold"), threshold_->value()}}; }

void CaptionPane::restoreState(const QJsonObject& state) {
  threshold_->setValue(state.value(QStringLiteral("threshold")).toInt(kDefaultThreshold));
}

}  // namespace counterpoint
