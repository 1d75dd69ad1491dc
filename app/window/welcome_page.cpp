// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/welcome_page.h"

#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/number_text.h"
#include "widgets/common/theme.h"

#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace counterpoint {
namespace {

constexpr int kColumn = 520;

QString homeShort(const QString& path) {
  const QString home = QDir::homePath();
  return path.startsWith(home + QLatin1Char('/')) ? QStringLiteral("~") + path.mid(home.size()) : path;
}

}  // namespace

WelcomePage::WelcomePage(QWidget* parent)
    : QWidget(parent),
      sample_(new QPushButton(tr("Make and open the sample workspace"))),
      open_(new QPushButton(tr("Open a workspace…"))),
      progress_(new QProgressBar),
      progressText_(new QLabel),
      hint_(new QLabel),
      recentHeading_(new QLabel(tr("Recent workspaces"))),
      recent_(new QVBoxLayout) {
  setObjectName(QStringLiteral("welcome"));
  setAccessibleName(tr("Welcome"));
  auto* outer = new QHBoxLayout(this);
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
  open_->setAccessibleName(tr("Open a workspace"));
  open_->setToolTip(tr("A folder with counterpoint.yaml"));
  buttons->addWidget(sample_);
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
  hint_->hide();
  column->addWidget(hint_);
  recentHeading_->setFont(uiFont(measures::kMedium, true));
  column->addWidget(recentHeading_);
  recent_->setSpacing(0);
  column->addLayout(recent_);
  auto* drop = new QLabel(
      tr("You can also drop a workspace on this window, or a run folder, a clip or a config that lies in one."));
  setTextRole(drop, "quiet");
  drop->setFont(uiFont(measures::kSmall));
  column->addSpacing(measures::kGroupGap);
  column->addWidget(drop);
  column->addStretch(3);
  connect(sample_, &QPushButton::clicked, this, &WelcomePage::sampleRequested);
  connect(open_, &QPushButton::clicked, this, &WelcomePage::openRequested);
  setRecent({});
}

void WelcomePage::setRecent(const QStringList& paths) {
  while (QLayoutItem* item = recent_->takeAt(0)) {
    if (item->widget()) item->widget()->deleteLater();
    delete item;
  }
  recentHeading_->setVisible(!paths.isEmpty());
  for (const QString& path : paths) {
    const bool there = QFileInfo::exists(path + QStringLiteral("/counterpoint.yaml"));
    auto* row = new QWidget;
    row->setAccessibleName(tr("Recent workspace %1").arg(path));
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(measures::kGap);
    auto* button = new QPushButton(icon(there ? QStringLiteral("workspace") : QStringLiteral("warning")),
                                   there ? homeShort(path) : tr("%1 (no longer there)").arg(homeShort(path)));
    button->setFlat(true);
    button->setEnabled(there);
    button->setAccessibleName(there ? tr("Open %1").arg(path) : tr("%1 is no longer there").arg(path));
    button->setStyleSheet(QStringLiteral("text-align: left"));
    line->addWidget(button, 1);
    auto* remove = new QToolButton;
    remove->setIcon(icon(QStringLiteral("close")));
    remove->setToolTip(tr("Remove from this list"));
    remove->setAccessibleName(tr("Remove %1 from this list").arg(path));
    line->addWidget(remove);
    connect(button, &QPushButton::clicked, this, [this, path] { emit recentChosen(path); });
    connect(remove, &QToolButton::clicked, this, [this, path] { emit recentRemoved(path); });
    recent_->addWidget(row);
  }
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
