// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/check_panel.h"

#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/number_text.h"
#include "widgets/common/quiet_button.h"
#include "widgets/common/theme.h"
#include "widgets/configure/finding_list.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace counterpoint {
namespace {

constexpr int kMostHeight = 5 * measures::kRow;

std::size_t countOf(const std::vector<CheckFinding>& findings, CheckSeverity severity) {
  return static_cast<std::size_t>(std::count_if(
      findings.begin(), findings.end(), [&](const CheckFinding& finding) { return finding.severity == severity; }));
}

}  // namespace

CheckPanel::CheckPanel(QWidget* parent)
    : QWidget(parent),
      check_(new StartCheck(this)),
      mark_(new QLabel),
      summary_(new QLabel),
      toggle_(quietButton(QStringLiteral("up"), tr("Show what was found"))),
      again_(quietButton(QStringLiteral("refresh"), tr("Check again"))),
      area_(new QScrollArea),
      list_(new FindingList) {
  setObjectName(QStringLiteral("beforeStart"));
  setAccessibleName(tr("Before start"));
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);  // room that is left belongs to the config
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(measures::kEdge, measures::kGrid, measures::kEdge, 0);
  column->setSpacing(0);
  auto* row = new QHBoxLayout;
  row->setSpacing(measures::kGap);
  summary_->setAccessibleName(tr("What the check before the start found"));
  summary_->setTextFormat(Qt::PlainText);
  summary_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);  // long ones are cut, never the window widened
  toggle_->setCheckable(true);
  row->addWidget(mark_);
  row->addWidget(summary_, 1);
  row->addWidget(again_);
  row->addWidget(toggle_);
  column->addLayout(row);
  list_->setAccessibleName(tr("Findings"));
  connect(list_, &FindingList::mendAsked, this, &CheckPanel::mendAsked);
  connect(list_, &FindingList::keyAsked, this, &CheckPanel::keyAsked);
  area_->setAccessibleName(tr("Findings"));
  area_->setWidget(list_);
  area_->setWidgetResizable(true);
  area_->setFrameShape(QFrame::NoFrame);
  area_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area_->setFocusPolicy(Qt::NoFocus);
  column->addWidget(area_);
  area_->hide();
  hide();
  connect(toggle_, &QToolButton::toggled, this, &CheckPanel::setOpen);
  connect(again_, &QToolButton::clicked, this, &CheckPanel::lookAgain);
  connect(check_, &StartCheck::began, this, &CheckPanel::describe);
  connect(check_, &StartCheck::found, this, [this](const std::shared_ptr<StartFindings>& found) { take(*found); });
}

void CheckPanel::look(const StartSubject& subject) {
  subject_ = subject;
  setVisible(subject.schema != nullptr);
  if (!subject.schema) {
    check_->forget();
    take(StartFindings());
    return;
  }
  check_->look(subject);
}

void CheckPanel::lookAgain() {
  if (subject_.schema) check_->look(subject_, true);
  describe();
}

QString CheckPanel::obstacle() const {
  const auto bad = std::find_if(findings_.begin(), findings_.end(),
                                [](const CheckFinding& finding) { return finding.severity == CheckSeverity::Bad; });
  return bad == findings_.end() ? QString() : QString::fromStdString(bad->oneLine());
}

bool CheckPanel::isOpen() const { return toggle_->isChecked(); }

void CheckPanel::setOpen(bool open) {
  toggle_->setChecked(open);
  toggle_->setIcon(icon(open ? QStringLiteral("down") : QStringLiteral("up")));
  toggle_->setToolTip(open ? tr("Hide what was found") : tr("Show what was found"));
  toggle_->setAccessibleName(toggle_->toolTip());
  area_->setVisible(open && !findings_.empty());
  fit();
}

void CheckPanel::take(const StartFindings& found) {
  const bool wasBad = anyBad(last_.findings), same = findings_ == found.findings;
  last_ = found;
  findings_ = found.findings;
  facts_.clear();
  if (found.data.clips > 0) {
    facts_ =
        tr("%1 clips of %2 studies")
            .arg(countText(static_cast<qint64>(found.data.clips)), countText(static_cast<qint64>(found.data.studies)));
  }
  if (!found.memory.devices.empty()) {
    const DeviceNeed& need = found.memory.devices.front();
    const QString memory = tr("about %1 of %2 free on %3")
                               .arg(bytesText(need.needBytes), bytesText(need.freeBytes),
                                    need.device == "cpu" ? tr("this machine") : QString::fromStdString(need.device));
    facts_ += (facts_.isEmpty() ? QString() : QStringLiteral("; ")) + memory;
  }
  if (!same) list_->setFindings(findings_);
  // What stops a run is shown at once; a person who closes it has read it.
  setOpen(findings_.empty() ? false : isOpen() || (anyBad(findings_) && !wasBad));
  describe();
  emit changed();
}

QString CheckPanel::summary() const {
  if (check_->isBusy()) return tr("Looking at data and memory…");
  if (!last_.trouble.isEmpty()) return last_.trouble;
  const auto bad = countOf(findings_, CheckSeverity::Bad), warnings = countOf(findings_, CheckSeverity::Warning);
  QStringList parts;
  if (bad > 0) parts << (bad == 1 ? tr("1 thing stops this run") : tr("%1 things stop this run").arg(bad));
  if (warnings > 0) parts << (warnings == 1 ? tr("1 warning") : tr("%1 warnings").arg(warnings));
  if (parts.isEmpty()) parts << tr("Ready to start");
  return facts_.isEmpty() ? parts.join(QStringLiteral(", "))
                          : QStringLiteral("%1 – %2").arg(parts.join(QStringLiteral(", ")), facts_);
}

void CheckPanel::describe() {
  summary_->setText(summary());
  summary_->setToolTip(summary_->text());
  summary_->setAccessibleDescription(summary_->text());
  again_->setEnabled(!check_->isBusy());
  const auto worst = findings_.empty() ? CheckSeverity::Info : findings_.front().severity;
  const FindingLook look = lookOf(worst);
  const bool good = worst == CheckSeverity::Info && last_.trouble.isEmpty();
  const QString name = check_->isBusy() ? QStringLiteral("info")
                       : good           ? QStringLiteral("check")
                                        : QString::fromLatin1(look.icon);
  const QColor colour = check_->isBusy() ? roles().quiet : good ? roles().good : roles().*look.colour;
  mark_->setPixmap(iconPixmap(name, colour, measures::kIcon, devicePixelRatioF()));
  mark_->setAccessibleName(good ? tr("All is well") : tr(look.word));
  toggle_->setEnabled(!findings_.empty());
}

// As high as the findings, up to a few rows; more are scrolled.
void CheckPanel::fit() {
  if (!area_->isVisibleTo(this)) return;
  const int wanted = list_->heightFor(area_->viewport()->width());
  area_->setFixedHeight(std::min(kMostHeight, std::max(wanted, measures::kRow)));
}

void CheckPanel::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() != QEvent::PaletteChange) return;
  findings_.clear();  // rows are drawn in the colours of now
  const bool open = isOpen();
  take(StartFindings(last_));
  setOpen(open && !findings_.empty());
}

void CheckPanel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fit();
}

}  // namespace counterpoint
