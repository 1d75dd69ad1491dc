// SPDX-License-Identifier: GPL-3.0-or-later
// What stands beside form and text: groups, defaults tree, comparison, sweep.
#include "core/base/error.h"
#include "core/config/compose/group_choices.h"
#include "core/config/document.h"
#include "core/config/lookup.h"
#include "core/config/overrides/override.h"
#include "widgets/configure/compare_view.h"
#include "widgets/configure/configure_pane.h"
#include "widgets/configure/defaults_picture.h"
#include "widgets/configure/group_bar.h"
#include "widgets/configure/launch_bar.h"
#include "widgets/configure/overrides_line.h"
#include "widgets/configure/schema_form.h"
#include "widgets/configure/sweep_panel.h"
#include "widgets/configure/yaml_editor.h"

#include <QButtonGroup>
#include <QFileInfo>
#include <QSplitter>
#include <QToolButton>

namespace counterpoint {

void ConfigurePane::makeViews() {
  for (QWidget* view :
       {static_cast<QWidget*>(picture_), static_cast<QWidget*>(compare_), static_cast<QWidget*>(sweep_)})
    inner_->addWidget(view);
  connect(groups_, &GroupBar::chosen, this, &ConfigurePane::chooseGroup);
  connect(picture_, &DefaultsPicture::openAsked, this, &ConfigurePane::open);
  connect(compare_, &CompareView::candidatesAsked, this, &ConfigurePane::offerComparisons);
  connect(compare_, &CompareView::noticed, this, &Pane::noticed);
  connect(form_, &SchemaForm::sweepAsked, this, &ConfigurePane::sweepKey);
  connect(sweep_, &SweepPanel::keyTyped, this, &ConfigurePane::sweepKey);
  connect(sweep_, &SweepPanel::startAsked, this, &ConfigurePane::startSweep);
}

void ConfigurePane::setView(View view) {
  if (QAbstractButton* button = views_->button(static_cast<int>(view))) button->setChecked(true);
  form_->setVisible(view == View::Form || view == View::Both);
  // What a text becomes stands beside it.
  text_->setVisible(view == View::Text || view == View::Both || view == View::Resolved);
  resolved_->setVisible(view == View::Resolved);
  if (view == View::Resolved) showResolved();
  picture_->setVisible(view == View::Defaults);
  compare_->setVisible(view == View::Compare);
  sweep_->setVisible(view == View::Sweep);
}

void ConfigurePane::showViews() {
  const Composed* composed = composition_.composed.get();
  groups_->setChoices(composed ? groupChoices(*composed) : std::vector<GroupChoice>());
  picture_->setComposed(composed);
  sweep_->setComposition(composition_);
  compare_->setEdited(QFileInfo(file_).completeBaseName(), composition_.values);
}

void ConfigurePane::offerComparisons() {
  std::vector<CompareView::Candidate> candidates;
  for (const ConfigRoot& root : roots_) {
    for (const auto& name : configNames(root.folder)) {
      const QString file = QString::fromStdString(configFile(root.folder, name).string());
      if (name.starts_with("sweeps/") || file == file_) continue;
      candidates.push_back({tr("%1 · %2").arg(root.title, QString::fromStdString(name)), file});
    }
  }
  compare_->setCandidates(std::move(candidates));
}

void ConfigurePane::chooseGroup(const QString& key, const std::optional<QString>& option) {
  try {
    const ConfigDocument document(editor_->bytes(), QFileInfo(file_).fileName().toStdString());
    editor_->apply(
        document.chooseGroup(key.toStdString(), option ? std::optional(option->toStdString()) : std::nullopt),
        tr("Choose %1: %2").arg(key, option.value_or(QStringLiteral("null"))));
  } catch (const std::exception& error) {
    emit noticed(Notice::of(error));
  }
  takeText();
}

void ConfigurePane::compareWith(const QStringList& files) {
  for (const QString& file : files) compare_->add(file);
  setView(View::Compare);
}

void ConfigurePane::sweepKey(const QString& path) {
  setView(View::Sweep);
  const Json* value = &composition_.values;
  for (const QString& part : path.split(QLatin1Char('.'))) {
    if (!value->is_object() || !value->contains(part.toStdString())) break;
    value = &(*value)[part.toStdString()];
  }
  sweep_->mark(path, value->is_object() ? QString() : QString::fromStdString(elementOf(fromJson(*value)).text()));
}

void ConfigurePane::startSweep(const QStringList& overrides) {
  takeText();
  if (!composition_.problems.empty()) return;
  if (isDirty() && !save()) return;
  QStringList all;
  for (const auto& override : overrides_->overrides()) all << QString::fromStdString(override);
  emit sweepRequested(file_, all + overrides, launch_->ranks(), launch_->devices());
}

}  // namespace counterpoint
