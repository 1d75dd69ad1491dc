// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/configure_pane.h"

#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/quiet_button.h"
#include "widgets/common/theme.h"
#include "widgets/configure/check_panel.h"
#include "widgets/configure/compare_view.h"
#include "widgets/configure/compose_worker.h"
#include "widgets/configure/defaults_picture.h"
#include "widgets/configure/find_bar.h"
#include "widgets/configure/group_bar.h"
#include "widgets/configure/launch_bar.h"
#include "widgets/configure/overrides_line.h"
#include "widgets/configure/schema_form.h"
#include "widgets/configure/sweep_panel.h"
#include "widgets/configure/yaml_editor.h"

#include <QButtonGroup>
#include <QFileInfo>
#include <QFileSystemWatcher>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSplitter>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace counterpoint {
namespace {

constexpr int kComposeMilliseconds = 120;
constexpr int kListWidth = 208;

const struct {
  ConfigurePane::View view;
  const char* name;
} kViews[] = {{ConfigurePane::View::Form, "Form"},         {ConfigurePane::View::Text, "Text"},
              {ConfigurePane::View::Both, "Both"},         {ConfigurePane::View::Resolved, "Resolved"},
              {ConfigurePane::View::Defaults, "Defaults"}, {ConfigurePane::View::Compare, "Compare"},
              {ConfigurePane::View::Sweep, "Sweep"}};

}  // namespace

ConfigurePane::ConfigurePane(QWidget* parent)
    : Pane(QStringLiteral("configure"), tr("Configure"), parent),
      list_(new ConfigList),
      overrides_(new OverridesLine),
      outer_(new QSplitter),
      inner_(new QSplitter),
      form_(new SchemaForm),
      editor_(new YamlEditor(tr("Config as text"))),
      resolved_(new YamlEditor(tr("Resolved config"))),
      find_(new FindBar(editor_)),
      text_(new QWidget),
      groups_(new GroupBar),
      picture_(new DefaultsPicture),
      compare_(new CompareView),
      sweep_(new SweepPanel),
      problems_(new QListWidget),
      checks_(new CheckPanel),
      launch_(new LaunchBar),
      watcher_(new QFileSystemWatcher(this)),
      worker_(new ComposeWorker(this)) {
  emptyState()->set(QStringLiteral("configure"), tr("No configs here yet"),
                    tr("A config says what is trained and how. They lie in the workspace's folder configs."), {});
  auto* right = new QWidget;
  right->setProperty("surface", "panel");
  right->setAttribute(Qt::WA_StyledBackground);
  right->setAccessibleName(tr("Config"));
  auto* column = new QVBoxLayout(right);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  resolved_->setReadOnly(true);
  text_->setAccessibleName(tr("Text"));
  auto* textColumn = new QVBoxLayout(text_);
  textColumn->setContentsMargins(0, 0, 0, 0);
  textColumn->setSpacing(0);
  textColumn->addWidget(editor_, 1);
  textColumn->addWidget(find_);
  inner_->setChildrenCollapsible(false);
  inner_->addWidget(form_);
  inner_->addWidget(text_);
  inner_->addWidget(resolved_);
  makeViews();
  inner_->setAccessibleName(tr("Form and text"));
  inner_->setSizes({2 * kListWidth, 2 * kListWidth, 2 * kListWidth});
  problems_->setAccessibleName(tr("Problems"));
  problems_->setIconSize({measures::kIcon, measures::kIcon});
  problems_->hide();
  column->addWidget(makeHeader());
  column->addWidget(overrides_);
  column->addWidget(groups_);
  column->addWidget(inner_, 1);
  column->addWidget(problems_);
  column->addWidget(checks_);
  column->addWidget(launch_);
  outer_->setChildrenCollapsible(false);
  outer_->setAccessibleName(tr("Configs and editor"));
  outer_->addWidget(list_);
  outer_->addWidget(right);
  outer_->setStretchFactor(1, 1);
  outer_->setSizes({kListWidth, 4 * kListWidth});
  setContent(outer_);
  setFocusProxy(list_->tree());
  compose_.setSingleShot(true);
  compose_.setInterval(kComposeMilliseconds);
  wireEditor();
  connect(editor_, &YamlEditor::left, this, [this] { list_->tree()->setFocus(Qt::OtherFocusReason); });
  connect(resolved_, &YamlEditor::left, this, [this] { list_->tree()->setFocus(Qt::OtherFocusReason); });
  connect(form_, &SchemaForm::edited, this, &ConfigurePane::applyForm);
  connect(form_, &SchemaForm::resetAsked, this,
          [this](const QString& path) { resetKeys({path}, tr("Reset %1").arg(path)); });
  connect(form_, &SchemaForm::groupResetAsked, this,
          [this](const QString& group, const QStringList& paths) { resetKeys(paths, tr("Reset %1").arg(group)); });
  connect(list_, &ConfigList::renamed, this, &ConfigurePane::renameFile);
  connect(list_, &ConfigList::chosen, this, [this](const QString& file) {
    if (file != file_) open(file);
  });
  connect(problems_, &QListWidget::itemClicked, this, &ConfigurePane::jumpToProblem);
  connect(problems_, &QListWidget::itemActivated, this, &ConfigurePane::jumpToProblem);
  connect(launch_, &LaunchBar::launchAsked, this, &ConfigurePane::launch);
  wireChecks();
  connect(watcher_, &QFileSystemWatcher::fileChanged, this, &ConfigurePane::onDiskChanged);
  setView(View::Both);
  updateHeader();
}

QWidget* ConfigurePane::makeHeader() {
  auto* header = new QWidget;
  header->setAccessibleName(tr("Config and views"));
  auto* column = new QVBoxLayout(header);
  column->setContentsMargins(measures::kEdge, measures::kGrid, measures::kGap, measures::kGrid);
  column->setSpacing(measures::kGrid);
  auto* row = new QHBoxLayout;
  row->setSpacing(measures::kGrid);
  name_ = new QLabel;
  name_->setFont(uiFont(measures::kMedium, true));
  name_->setAccessibleName(tr("Open config"));
  row->addWidget(name_);
  row->addStretch(1);
  undo_ = quietButton(QStringLiteral("undo"), tr("Undo"));
  redo_ = quietButton(QStringLiteral("redo"), tr("Redo"));
  save_ = quietButton(QStringLiteral("save"), tr("Save"));
  connect(undo_, &QToolButton::clicked, this, [this] { editor_->undo(); });
  connect(redo_, &QToolButton::clicked, this, [this] { editor_->redo(); });
  connect(save_, &QToolButton::clicked, this, &ConfigurePane::save);
  for (QToolButton* button : {undo_, redo_, save_}) row->addWidget(button);
  column->addLayout(row);
  auto* second = new QHBoxLayout;
  second->setSpacing(measures::kGrid);
  views_ = new QButtonGroup(this);
  for (const auto& entry : kViews) {
    auto* button = new QToolButton;
    button->setText(tr(entry.name));
    button->setCheckable(true);
    button->setAccessibleName(tr("View: %1").arg(tr(entry.name)));
    views_->addButton(button, static_cast<int>(entry.view));
    second->addWidget(button);
  }
  connect(views_, &QButtonGroup::idClicked, this, [this](int id) { setView(static_cast<View>(id)); });
  second->addSpacing(measures::kGap);
  search_ = new QLineEdit;
  search_->setPlaceholderText(tr("Search keys"));
  search_->setAccessibleName(tr("Search keys"));
  search_->setObjectName(QStringLiteral("searchKeys"));
  search_->setClearButtonEnabled(true);
  connect(search_, &QLineEdit::textChanged, this, [this](const QString& text) { form_->search(text); });
  connect(search_, &QLineEdit::returnPressed, this, [this] { goToKey(search_->text()); });
  second->addWidget(search_, 1);
  column->addLayout(second);
  return header;
}

void ConfigurePane::setDevices(const DeviceList& devices) { launch_->setDevices(devices); }
void ConfigurePane::setPreferredDevices(const QStringList& devices) { launch_->setPreferred(devices); }

void ConfigurePane::updateHeader() {
  const QString shown = file_.isEmpty() ? tr("No config open") : QFileInfo(file_).fileName();
  name_->setText(isDirty() ? tr("%1 •").arg(shown) : shown);
  name_->setToolTip(isDirty() ? tr("%1, not saved").arg(file_) : file_);
  name_->setAccessibleDescription(name_->toolTip());
  const auto name = [](QToolButton* button, QAction* action, const QString& text) {
    if (action) {
      action->setText(text);
    } else {
      button->setToolTip(text);
    }
  };
  undo_->setEnabled(editor_->isUndoAvailable());
  redo_->setEnabled(editor_->isRedoAvailable());
  const QString undone = editor_->undoName(), redone = editor_->redoName();
  name(undo_, undoAction_, undone.isEmpty() ? tr("Undo in the config") : tr("Undo: %1").arg(undone));
  name(redo_, redoAction_, redone.isEmpty() ? tr("Redo in the config") : tr("Redo: %1").arg(redone));
  save_->setEnabled(isDirty());
  search_->setEnabled(!file_.isEmpty());
  overrides_->setEnabled(!file_.isEmpty());
  if (file_.isEmpty()) launch_->setObstacle(tr("Choose a config first"));
}

}  // namespace counterpoint
