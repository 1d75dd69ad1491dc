// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/launch_bar.h"

#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/number_text.h"
#include "widgets/common/theme.h"

#include <QHash>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>

namespace counterpoint {
namespace {

const QString kCpu = QStringLiteral("cpu");

}  // namespace

LaunchBar::LaunchBar(QWidget* parent)
    : QWidget(parent),
      ranks_(new QSpinBox),
      choose_(new QToolButton),
      menu_(new QMenu(choose_)),
      launch_(new QPushButton(tr("Launch"))) {
  setAccessibleName(tr("Launch"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(measures::kEdge, measures::kGrid, measures::kEdge, measures::kGap);
  row->setSpacing(measures::kGap);
  auto* label = new QLabel(tr("Ran&ks"));
  label->setBuddy(ranks_);
  ranks_->setRange(1, 1024);
  ranks_->setAccessibleName(tr("Number of ranks"));
  ranks_->setToolTip(tr("Processes that train together"));
  choose_->setAccessibleName(tr("Devices"));
  choose_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  choose_->setIcon(icon(QStringLiteral("device")));
  choose_->setPopupMode(QToolButton::InstantPopup);
  choose_->setMenu(menu_);
  launch_->setProperty("primary", true);
  launch_->setIcon({});
  launch_->setObjectName(QStringLiteral("launch"));
  row->addWidget(choose_);
  row->addStretch(1);
  row->addWidget(label);
  row->addWidget(ranks_);
  row->addWidget(launch_);
  connect(ranks_, &QSpinBox::valueChanged, this, &LaunchBar::describe);
  connect(ranks_, &QSpinBox::valueChanged, this, &LaunchBar::planChanged);
  connect(launch_, &QPushButton::clicked, this, &LaunchBar::launchAsked);
  setDevices({});
}

void LaunchBar::setDevices(const DeviceList& devices) {
  devices_ = devices;
  // What is known stays, with its tick, also while the menu is open.
  QHash<QString, QAction*> known;
  for (QAction* action : menu_->actions()) known.insert(action->data().toString(), action);
  for (const DeviceInfo& gpu : devices.gpus) {
    QAction* action = known.take(gpu.id);
    if (!action) action = addDevice(gpu.id);
    action->setText(tr("%1: %2, %3 of %4 free")
                        .arg(gpu.id, gpu.name, bytesText(static_cast<double>(gpu.freeBytes)),
                             bytesText(static_cast<double>(gpu.totalBytes))));
  }
  // Where there is nothing to choose from, everything runs on the CPU.
  if (!devices.gpus.empty()) {
    QAction* cpu = known.take(kCpu);
    if (!cpu) cpu = addDevice(kCpu);
    cpu->setText(devices.cores == 1 ? tr("CPU, 1 core") : tr("CPU, %1 cores").arg(devices.cores));
  }
  qDeleteAll(known);
  describe();
}

void LaunchBar::setPreferred(const QStringList& devices) {
  preferred_ = devices;
  for (QAction* action : menu_->actions()) action->setChecked(preferred_.contains(action->data().toString()));
}

QAction* LaunchBar::addDevice(const QString& id) {
  QAction* action = menu_->addAction(id);
  action->setObjectName(QStringLiteral("configure.device.%1").arg(id));
  action->setCheckable(true);
  action->setData(id);
  connect(action, &QAction::toggled, this, [this, id](bool on) {
    // The CPU alone, or graphics cards.
    for (QAction* other : menu_->actions()) {
      if (on && (other->data().toString() == kCpu) != (id == kCpu)) other->setChecked(false);
    }
    if (const auto chosen = devices(); !chosen.isEmpty() && !chosen.contains(kCpu)) {
      ranks_->setValue(static_cast<int>(chosen.size()));
    }
    describe();
    emit planChanged();
  });
  action->setChecked(preferred_.contains(id));
  return action;
}

int LaunchBar::ranks() const { return ranks_->value(); }
void LaunchBar::setRanks(int ranks) { ranks_->setValue(ranks); }

QStringList LaunchBar::devices() const {
  QStringList chosen;
  for (const QAction* action : menu_->actions()) {
    if (action->isChecked()) chosen << action->data().toString();
  }
  return chosen;
}

void LaunchBar::describe() {
  const QStringList chosen = devices();
  QString text;
  if (devices_.gpus.empty() && devices_.cores == 0) {
    text = tr("Looking for devices…");
  } else if (devices_.gpus.empty()) {
    const QString cores = devices_.cores == 1 ? tr("1 core") : tr("%1 cores").arg(devices_.cores);
    text = tr("%1; CPU with %2").arg(devices_.note.isEmpty() ? tr("no GPU") : devices_.note, cores);
  } else if (chosen.isEmpty()) {
    text = tr("Devices as the config says");
  } else if (chosen.contains(kCpu)) {
    text = tr("CPU");
  } else {
    text = tr("GPU %1").arg(chosen.join(QStringLiteral(", ")));
  }
  choose_->setText(text);
  choose_->setToolTip(devices_.gpus.empty() ? text : tr("Choose the devices that ranks run on"));
  choose_->setEnabled(!devices_.gpus.empty());
  const QString ranksText = ranks() == 1 ? tr("1 rank") : tr("%1 ranks").arg(ranks());
  launch_->setText((warning_.isEmpty() ? tr("Launch on %1") : tr("Launch anyway on %1")).arg(ranksText));
  launch_->setAccessibleName(launch_->text());
  launch_->setEnabled(obstacle_.isEmpty());
  const QString launch = action_ ? action_->toolTip() : tr("Save, make a run folder and start");
  launch_->setToolTip(!obstacle_.isEmpty() ? obstacle_
                      : warning_.isEmpty() ? launch
                                           : tr("This run would stop soon: %1").arg(warning_));
  launch_->setAccessibleDescription(launch_->toolTip());
}

void LaunchBar::setAction(QAction* action) {
  action_ = action;
  connect(action, &QAction::changed, this, &LaunchBar::describe);
  describe();
}

void LaunchBar::setWarning(const QString& text) {
  warning_ = text;
  describe();
}

void LaunchBar::setObstacle(const QString& text) {
  obstacle_ = text;
  describe();
}

}  // namespace counterpoint
