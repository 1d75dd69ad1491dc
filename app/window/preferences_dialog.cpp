// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/preferences_dialog.h"

#include "app/window/libtorch_place.h"
#include "app/window/preferences.h"
#include "widgets/common/action_registry.h"
#include "widgets/common/keys_editor.h"
#include "widgets/common/measures.h"
#include "widgets/common/number_text.h"
#include "widgets/common/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QStyle>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include <cmath>

namespace counterpoint {
namespace {

constexpr int kWidth = 760, kHeight = 560, kField = 220;
constexpr int kLeastPercent = 100, kMostPercent = 300, kPercentStep = 25;
const QString kCpu = QStringLiteral("cpu");

QVBoxLayout* pageColumn(QWidget* page, const QString& name) {
  page->setAccessibleName(name);
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, measures::kGroupGap, 0, 0);
  column->setSpacing(measures::kGap);
  return column;
}

QLabel* headingOf(const QString& text, QWidget* buddy = nullptr) {
  auto* label = new QLabel(text);
  label->setFont(uiFont(measures::kMedium, true));
  label->setBuddy(buddy);
  return label;
}

QLabel* quietOf(const QString& text) {
  auto* label = new QLabel(text);
  label->setWordWrap(true);
  setTextRole(label, "quiet");
  return label;
}

// "system" → "As the desktop"; the others as they are called.
QString themeText(const QString& name) {
  if (name == QLatin1String("system")) return QObject::tr("As the desktop");
  return name.left(1).toUpper() + name.mid(1);
}

}  // namespace

PreferencesDialog::PreferencesDialog(Preferences& preferences, ActionRegistry& actions, double scaleNow,
                                     QWidget* parent)
    : QDialog(parent), preferences_(preferences), actions_(actions), scaleNow_(scaleNow), pages_(new QTabWidget) {
  setObjectName(QStringLiteral("preferences"));
  setWindowTitle(tr("Preferences"));
  setAccessibleName(tr("Preferences"));
  setAttribute(Qt::WA_DeleteOnClose);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(measures::kGroupGap, measures::kGap, measures::kGroupGap, measures::kGroupGap);
  column->setSpacing(measures::kGap);
  if (preferences.isSafe()) {
    auto* safe = new QLabel(tr("Safe mode: your preferences are kept, and not used until the next start."));
    safe->setWordWrap(true);
    setTextRole(safe, "warn");
    column->addWidget(safe);
  }
  pages_->setAccessibleName(tr("Pages of preferences"));
  pages_->setDocumentMode(true);
  pages_->tabBar()->setAccessibleName(tr("Pages of preferences"));
  pages_->addTab(makeLook(), tr("Look"));
  pages_->addTab(makeKeys(), tr("Keys"));
  pages_->addTab(makeTraining(), tr("Training"));
  column->addWidget(pages_, 1);
  auto* row = new QHBoxLayout;
  auto* close = new QPushButton(tr("Close"));
  close->setAccessibleName(tr("Close"));
  close->setAutoDefault(false);
  row->addStretch(1);
  row->addWidget(close);
  column->addLayout(row);
  connect(close, &QPushButton::clicked, this, &QDialog::close);
  resize(kWidth, kHeight);
}

void PreferencesDialog::showPage(Page page) { pages_->setCurrentIndex(page); }

QWidget* PreferencesDialog::makeLook() {
  auto* page = new QWidget;
  QVBoxLayout* column = pageColumn(page, tr("Look"));
  theme_ = new QComboBox;
  theme_->setAccessibleName(tr("Theme"));
  for (const QString& name : Theme::names()) theme_->addItem(themeText(name), name);
  theme_->setCurrentIndex(theme_->findData(preferences_.theme()));
  theme_->setFixedWidth(kField);
  column->addWidget(headingOf(tr("&Theme"), theme_));
  column->addWidget(theme_);
  column->addSpacing(measures::kGroupGap);

  slider_ = new QSlider(Qt::Horizontal);
  slider_->setAccessibleName(tr("Scale, slider"));
  slider_->setRange(kLeastPercent, kMostPercent);
  slider_->setSingleStep(kPercentStep);
  slider_->setPageStep(2 * kPercentStep);
  slider_->setFixedWidth(kField);
  scale_ = new QSpinBox;
  scale_->setAccessibleName(tr("Scale"));
  scale_->setRange(kLeastPercent, kMostPercent);
  scale_->setSingleStep(kPercentStep);
  scale_->setSuffix(tr(" %"));
  scale_->setKeyboardTracking(false);
  const int percent = qRound(preferences_.scale() * 100);
  slider_->setValue(percent);
  scale_->setValue(percent);
  auto* row = new QHBoxLayout;
  row->setSpacing(measures::kGap);
  row->addWidget(slider_);
  row->addWidget(scale_);
  row->addStretch(1);
  column->addWidget(headingOf(tr("&Scale"), scale_));
  column->addLayout(row);
  auto* second = new QHBoxLayout;
  second->setSpacing(measures::kGap);
  scaleNote_ = quietOf({});
  restart_ = new QPushButton(tr("Open again now"));
  restart_->setAccessibleName(tr("Open the window again now, with the new scale"));
  restart_->setAutoDefault(false);
  second->addWidget(scaleNote_, 1);
  second->addWidget(restart_);
  column->addLayout(second);
  column->addStretch(1);
  connect(theme_, &QComboBox::currentIndexChanged, this,
          [this] { emit themeChosen(theme_->currentData().toString()); });
  connect(slider_, &QSlider::valueChanged, scale_, [this](int value) {
    scale_->setValue(static_cast<int>(std::lround(value / double{kPercentStep})) * kPercentStep);
  });
  connect(scale_, &QSpinBox::valueChanged, this, &PreferencesDialog::takeScale);
  connect(restart_, &QPushButton::clicked, this, &PreferencesDialog::restartAsked);
  takeScale(percent);
  return page;
}

void PreferencesDialog::takeScale(int percent) {
  {
    const QSignalBlocker quiet(slider_);
    slider_->setValue(percent);
  }
  if (percent != qRound(preferences_.scale() * 100)) preferences_.setScale(percent / 100.0);
  const bool same = percent == qRound(scaleNow_ * 100);
  restart_->setVisible(!same);
  if (qEnvironmentVariableIsSet("QT_SCALE_FACTOR") && scaleNow_ != preferences_.scale()) {
    scaleNote_->setText(tr("QT_SCALE_FACTOR is set where this was started, and goes before."));
  } else {
    scaleNote_->setText(
        same
            ? tr("The size of everything, on top of what the desktop says.")
            : tr("The window has %1 now; it changes when it is opened again. Runs go on.").arg(percentText(scaleNow_)));
  }
}

QWidget* PreferencesDialog::makeKeys() {
  auto* page = new QWidget;
  QVBoxLayout* column = pageColumn(page, tr("Keys"));
  keys_ = new KeysEditor(actions_);
  column->addWidget(keys_, 1);
  return page;
}

QWidget* PreferencesDialog::makeTraining() {
  auto* page = new QWidget;
  QVBoxLayout* column = pageColumn(page, tr("Training"));
  libTorch_ = new QLineEdit(QDir::toNativeSeparators(preferences_.libTorch()));
  libTorch_->setAccessibleName(tr("LibTorch's folder"));
  libTorch_->setPlaceholderText(tr("As built"));
  libTorch_->setClearButtonEnabled(true);
  auto* browseButton = new QPushButton(tr("Choose…"));
  browseButton->setAccessibleName(tr("Choose LibTorch's folder"));
  browseButton->setAutoDefault(false);
  libTorchState_ = quietOf({});
  libTorchState_->setAccessibleName(tr("What was found in LibTorch's folder"));
  libTorchState_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  rankState_ = quietOf(tr("Asking counterpoint-rank…"));
  rankState_->setAccessibleName(tr("What the rank program says"));
  rankState_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  column->addWidget(headingOf(tr("&LibTorch's place"), libTorch_));
  column->addWidget(
      quietOf(tr("The folder that the programs which train and serve take LibTorch from. Empty: the one "
                 "that they were built with.")));
  auto* row = new QHBoxLayout;
  row->setSpacing(measures::kGap);
  row->addWidget(libTorch_, 1);
  row->addWidget(browseButton);
  column->addLayout(row);
  column->addWidget(libTorchState_);
  column->addWidget(rankState_);
  column->addSpacing(measures::kGroupGap);

  deviceBox_ = new QWidget;
  deviceBox_->setAccessibleName(tr("Devices"));
  deviceRows_ = new QVBoxLayout(deviceBox_);
  deviceRows_->setContentsMargins(0, 0, 0, 0);
  deviceRows_->setSpacing(measures::kGrid);
  deviceNote_ = quietOf(tr("Looking for devices…"));
  column->addWidget(headingOf(tr("Devices")));
  column->addWidget(quietOf(tr("What a launch has ticked when the window opens. None: as the config says.")));
  column->addWidget(deviceBox_);
  column->addWidget(deviceNote_);
  column->addStretch(1);
  connect(libTorch_, &QLineEdit::editingFinished, this, &PreferencesDialog::takeLibTorch);
  connect(libTorch_, &QLineEdit::textChanged, this, [this](const QString& text) {
    if (text.isEmpty()) takeLibTorch();  // the clear button
  });
  connect(browseButton, &QPushButton::clicked, this, &PreferencesDialog::browse);
  takeLibTorch();
  return page;
}

void PreferencesDialog::browse() {
  const QString start = libTorch_->text().isEmpty() ? QDir::homePath() : libTorch_->text();
  const QString folder = QFileDialog::getExistingDirectory(this, tr("LibTorch's folder"), start);
  if (folder.isEmpty()) return;
  libTorch_->setText(QDir::toNativeSeparators(folder));
  takeLibTorch();
}

void PreferencesDialog::takeLibTorch() {
  QString folder = libTorch_->text().trimmed();
  if (folder.startsWith(QLatin1String("~/"))) folder = QDir::homePath() + folder.mid(1);
  const LibTorchPlace place = folder.isEmpty() ? LibTorchPlace() : lookForLibTorch(folder);
  libTorch_->setProperty("wrong", !place.problem.isEmpty());
  libTorch_->style()->unpolish(libTorch_);
  libTorch_->style()->polish(libTorch_);
  setTextRole(libTorchState_, place.problem.isEmpty() ? "quiet" : "bad");
  if (!place.problem.isEmpty()) {
    libTorchState_->setText(tr("%1 Nothing was changed.").arg(place.problem));
    return;
  }
  libTorchState_->setVisible(!folder.isEmpty());
  libTorchState_->setText(folder.isEmpty() ? QString()
                          : place.version.isEmpty()
                              ? tr("LibTorch of unknown version. Runs that go on keep theirs.")
                              : tr("LibTorch %1. Runs that go on keep theirs.").arg(place.version));
  if (folder == preferences_.libTorch()) return;
  preferences_.setLibTorch(folder);
  rankState_->setText(tr("Asking counterpoint-rank…"));
  setTextRole(rankState_, "quiet");
  emit libTorchChanged();
}

void PreferencesDialog::setRankAnswer(const QString& text, bool good) {
  rankState_->setText(text);
  setTextRole(rankState_, good ? "good" : "bad");
}

void PreferencesDialog::setDevices(const DeviceList& devices) {
  for (auto* box : deviceBox_->findChildren<QCheckBox*>()) delete box;
  const QStringList chosen = preferences_.devices();
  const auto add = [&](const QString& id, const QString& text) {
    auto* box = new QCheckBox(text);
    box->setAccessibleName(text);
    box->setProperty("device", id);
    box->setChecked(chosen.contains(id));
    deviceRows_->addWidget(box);
    connect(box, &QCheckBox::toggled, this, [this, box](bool on) {
      // The CPU alone, or graphics cards.
      for (auto* other : deviceBox_->findChildren<QCheckBox*>()) {
        const bool mixed = (other->property("device") == kCpu) != (box->property("device") == kCpu);
        if (!on || !mixed) continue;
        const QSignalBlocker quiet(other);
        other->setChecked(false);
      }
      takeDevices();
    });
  };
  for (const DeviceInfo& gpu : devices.gpus) {
    add(gpu.id, tr("GPU %1: %2, %3").arg(gpu.id, gpu.name, bytesText(static_cast<double>(gpu.totalBytes))));
  }
  const QString cpu = devices.cores == 1 ? tr("CPU, 1 core") : tr("CPU, %1 cores").arg(devices.cores);
  if (!devices.gpus.empty()) add(kCpu, cpu);
  deviceBox_->setVisible(!devices.gpus.empty());
  deviceNote_->setVisible(devices.gpus.empty());
  deviceNote_->setText(tr("There is %1 here: everything runs on the %2.")
                           .arg(devices.note.isEmpty() ? tr("no GPU") : devices.note, cpu));
}

void PreferencesDialog::takeDevices() {
  QStringList chosen;
  for (const auto* box : deviceBox_->findChildren<QCheckBox*>()) {
    if (box->isChecked()) chosen << box->property("device").toString();
  }
  preferences_.setDevices(chosen);
  emit devicesChanged();
}

}  // namespace counterpoint
