// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/welcome_page.h"

#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/number_text.h"
#include "widgets/common/theme.h"

#include <QFontMetrics>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

namespace counterpoint {
namespace {

constexpr int kColumn = 520;

struct Section {
  RecentKind kind;
  const char *heading, *icon, *word;
  int most;  // the menu has them all
};
constexpr Section kSections[] = {{RecentKind::Workspace, "Recent workspaces", "workspace", "workspace", 6},
                                 {RecentKind::Run, "Recent runs", "runs", "run", 4},
                                 {RecentKind::Config, "Recent configs", "configure", "config", 4}};

const Section& sectionOf(RecentKind kind) { return kSections[static_cast<int>(kind)]; }

}  // namespace

WelcomePage::WelcomePage(QWidget* parent)
    : QWidget(parent),
      sample_(new QPushButton(tr("Make and open the sample workspace"))),
      own_(new QPushButton(tr("New workspace from my folder…"))),
      open_(new QPushButton(tr("Open a workspace…"))),
      progress_(new QProgressBar),
      progressText_(new QLabel),
      hint_(new QLabel),
      recent_(new QVBoxLayout) {
  setObjectName(QStringLiteral("welcome"));
  setAccessibleName(tr("Welcome"));
  auto* whole = new QVBoxLayout(this);
  whole->setContentsMargins(0, 0, 0, 0);
  auto* area = new QScrollArea;
  area->setAccessibleName(tr("Welcome"));
  area->setWidgetResizable(true);
  area->setFocusPolicy(Qt::NoFocus);
  auto* content = new QWidget;
  content->setAccessibleName(tr("Welcome"));
  area->setWidget(content);
  whole->addWidget(area);
  auto* outer = new QHBoxLayout(content);
  auto* column = new QVBoxLayout;
  outer->addStretch(1);
  outer->addLayout(column);
  outer->addStretch(1);
  column->setSpacing(measures::kGap);
  column->addStretch(2);
  auto* heading = new QLabel(tr("Counterpoint"));
  heading->setFont(uiFont(measures::kExtraLarge, true));
  heading->setMinimumWidth(kColumn);
  auto* about = new QLabel(tr("Train models on clips and their reports, watch them learn, and look at what they say."));
  about->setWordWrap(true);
  setTextRole(about, "quiet");
  column->addWidget(heading);
  column->addWidget(about);
  column->addSpacing(measures::kGroupGap);

  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(measures::kGap);
  sample_->setProperty("primary", true);
  sample_->setAccessibleName(sample_->text());
  sample_->setToolTip(tr("500 synthetic studies with known answers, made on this machine in less than a minute"));
  own_->setAccessibleName(tr("New workspace from my folder"));
  own_->setToolTip(tr("Your own clips, from a table or a folder: map their columns, look at splits, and train"));
  open_->setAccessibleName(tr("Open a workspace"));
  open_->setToolTip(tr("A folder with counterpoint.yaml"));
  buttons->addWidget(sample_);
  buttons->addWidget(own_);
  buttons->addWidget(open_);
  buttons->addStretch(1);
  column->addLayout(buttons);
  auto* sampleNote = new QLabel(tr("Synthetic ultrasound phantoms: no patient's data, nothing is downloaded."));
  setTextRole(sampleNote, "quiet");
  sampleNote->setFont(uiFont(measures::kSmall));
  column->addWidget(sampleNote);
  progress_->setRange(0, 0);
  progress_->setAccessibleName(tr("Making the sample workspace"));
  setTextRole(progressText_, "quiet");
  column->addWidget(progress_);
  column->addWidget(progressText_);
  progress_->hide();
  progressText_->hide();

  column->addSpacing(measures::kGroupGap);
  hint_->setWordWrap(true);
  hint_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  hint_->setAccessibleName(tr("What is missing on this machine"));
  setTextRole(hint_, "warn");
  hint_->setContentsMargins(0, 0, 0, measures::kGap);
  hint_->hide();
  column->addWidget(hint_);
  recent_->setSpacing(0);
  column->addLayout(recent_);
  auto* drop = new QLabel(
      tr("You can also drop a workspace on this window, or a run folder, a clip or a config that lies in one."));
  drop->setWordWrap(true);
  setTextRole(drop, "quiet");
  drop->setFont(uiFont(measures::kSmall));
  column->addSpacing(measures::kGroupGap);
  column->addWidget(drop);
  column->addStretch(3);
  connect(sample_, &QPushButton::clicked, this, &WelcomePage::sampleRequested);
  connect(own_, &QPushButton::clicked, this, &WelcomePage::ownRequested);
  connect(open_, &QPushButton::clicked, this, &WelcomePage::openRequested);
  setRecent({});
}

void WelcomePage::setRecent(const QList<RecentItem>& items) {
  while (QLayoutItem* item = recent_->takeAt(0)) {
    if (item->widget()) {
      item->widget()->hide();
      item->widget()->deleteLater();
    }
    delete item;
  }
  int broken = 0;
  for (const Section& section : kSections) {
    int shown = 0;
    for (const RecentItem& item : items) {
      if (item.kind != section.kind || shown == section.most) continue;
      if (shown++ == 0) {
        auto* heading = new QLabel(tr(section.heading));
        heading->setFont(uiFont(measures::kMedium, true));
        heading->setContentsMargins(0, recent_->count() == 0 ? 0 : measures::kEdge, 0, measures::kGrid);
        recent_->addWidget(heading);
      }
      recent_->addWidget(makeRow(item));
      broken += item.there ? 0 : 1;
    }
  }
  if (broken < 2) return;
  auto* clean = new QPushButton(tr("Remove the %1 that are no longer there").arg(broken));
  clean->setAccessibleName(clean->text());
  connect(clean, &QPushButton::clicked, this, &WelcomePage::brokenRemoved);
  recent_->addSpacing(measures::kGap);
  recent_->addWidget(clean, 0, Qt::AlignLeft);
}

QWidget* WelcomePage::makeRow(const RecentItem& item) {
  const Section& section = sectionOf(item.kind);
  const QString path = item.path, shortPath = homeShort(path);
  auto* row = new QWidget;
  row->setAccessibleName(tr("Recent %1 %2").arg(tr(section.word), path));
  auto* line = new QHBoxLayout(row);
  line->setContentsMargins(0, 0, 0, 0);
  line->setSpacing(measures::kGap);
  auto* button = new QPushButton(icon(item.there ? QString::fromLatin1(section.icon) : QStringLiteral("warning")), {});
  const QString gone = item.there ? QString() : tr(" (no longer there)");
  const QFontMetrics metrics(button->font());
  const int room = kColumn - 2 * measures::kRow - 2 * measures::kEdge - metrics.horizontalAdvance(gone);
  button->setText(metrics.elidedText(shortPath, Qt::ElideMiddle, room).replace(QLatin1Char('&'), QLatin1String("&&")) +
                  gone);
  button->setFlat(true);
  button->setEnabled(item.there);
  button->setToolTip(path);
  button->setAccessibleName(item.there ? tr("Open %1").arg(path) : tr("%1 is no longer there").arg(path));
  button->setStyleSheet(QStringLiteral("text-align: left"));
  line->addWidget(button, 1);
  auto* remove = new QToolButton;
  remove->setIcon(icon(QStringLiteral("close")));
  remove->setToolTip(tr("Remove from this list"));
  remove->setAccessibleName(tr("Remove %1 from this list").arg(path));
  line->addWidget(remove);
  connect(button, &QPushButton::clicked, this, [this, path] { emit recentChosen(path); });
  connect(remove, &QToolButton::clicked, this, [this, kind = item.kind, path] { emit recentRemoved(kind, path); });
  return row;
}

void WelcomePage::setSampleProgress(int clips) {
  const bool going = clips >= 0;
  sample_->setEnabled(!going);
  progress_->setVisible(going);
  progressText_->setVisible(going);
  if (going) progressText_->setText(tr("Drawing the phantoms: %1 clips written").arg(countText(clips)));
}

void WelcomePage::setHint(const QString& text) {
  hint_->setText(text);
  hint_->setVisible(!text.isEmpty());
}

}  // namespace counterpoint
