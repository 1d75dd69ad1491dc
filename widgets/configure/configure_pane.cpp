// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/configure_pane.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/config/lookup.h"
#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"
#include "widgets/configure/launch_bar.h"
#include "widgets/configure/schema_field.h"
#include "widgets/configure/schema_form.h"
#include "widgets/configure/yaml_editor.h"

#include <QButtonGroup>
#include <QFileInfo>
#include <QFileSystemWatcher>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>
#include <optional>

namespace counterpoint {
namespace {

constexpr int kComposeMilliseconds = 120;
constexpr int kListWidth = 208, kMostProblemRows = 4, kMostRecent = 8;
constexpr int kKeyRole = Qt::UserRole, kLineRole = Qt::UserRole + 1;

const struct {
  ConfigurePane::View view;
  const char* name;
} kViews[] = {{ConfigurePane::View::Form, "Form"},
              {ConfigurePane::View::Text, "Text"},
              {ConfigurePane::View::Both, "Both"},
              {ConfigurePane::View::Resolved, "Resolved"}};

QToolButton* toolButton(const QString& iconName, const QString& name) {
  auto* button = new QToolButton;
  button->setIcon(icon(iconName));
  button->setToolTip(name);
  button->setAccessibleName(name);
  button->setAutoRaise(true);
  return button;
}

// `file` as seen from `folder`; nothing where it lies elsewhere.
std::optional<std::filesystem::path> insideOf(const std::filesystem::path& folder, const std::filesystem::path& file) {
  const auto inside = file.lexically_normal().lexically_relative(folder.lexically_normal());
  return inside.empty() || *inside.begin() == ".." ? std::nullopt : std::optional(inside);
}

}  // namespace

ConfigurePane::ConfigurePane(QWidget* parent)
    : Pane(QStringLiteral("configure"), tr("Configure"), parent),
      list_(new ConfigList),
      outer_(new QSplitter),
      inner_(new QSplitter),
      form_(new SchemaForm),
      editor_(new YamlEditor(tr("Config as text"))),
      resolved_(new YamlEditor(tr("Resolved config"))),
      problems_(new QListWidget),
      launch_(new LaunchBar),
      watcher_(new QFileSystemWatcher(this)) {
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
  inner_->setChildrenCollapsible(false);
  inner_->addWidget(form_);
  inner_->addWidget(editor_);
  inner_->addWidget(resolved_);
  inner_->setAccessibleName(tr("Form and text"));
  inner_->setSizes({2 * kListWidth, 2 * kListWidth, 2 * kListWidth});
  problems_->setAccessibleName(tr("Problems"));
  problems_->setIconSize({measures::kIcon, measures::kIcon});
  problems_->hide();
  column->addWidget(makeHeader());
  column->addWidget(inner_, 1);
  column->addWidget(problems_);
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
  connect(&compose_, &QTimer::timeout, this, &ConfigurePane::takeText);
  connect(editor_, &QsciScintilla::textChanged, &compose_, qOverload<>(&QTimer::start));
  connect(editor_, &QsciScintilla::textChanged, this, [this] {
    editedAt_ = QDateTime::currentSecsSinceEpoch();
    updateHeader();
  });
  connect(editor_, &QsciScintilla::modificationChanged, this, &ConfigurePane::updateHeader);
  connect(editor_, &YamlEditor::left, this, [this] { list_->tree()->setFocus(Qt::OtherFocusReason); });
  connect(resolved_, &YamlEditor::left, this, [this] { list_->tree()->setFocus(Qt::OtherFocusReason); });
  connect(form_, &SchemaForm::edited, this, &ConfigurePane::applyForm);
  connect(form_, &SchemaForm::resetAsked, this, &ConfigurePane::resetKey);
  connect(list_, &ConfigList::chosen, this, [this](const QString& file) {
    if (file != file_) open(file);
  });
  const auto jump = [this](QListWidgetItem* item) {
    const int line = item->data(kLineRole).toInt();
    if (line > 0 && editor_->isVisible()) {
      editor_->jumpToLine(line);
    } else {
      form_->jumpTo(item->data(kKeyRole).toString());
    }
  };
  connect(problems_, &QListWidget::itemClicked, this, jump);
  connect(problems_, &QListWidget::itemActivated, this, jump);
  connect(launch_, &LaunchBar::launchAsked, this, &ConfigurePane::launch);
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
  undo_ = toolButton(QStringLiteral("undo"), tr("Undo"));
  redo_ = toolButton(QStringLiteral("redo"), tr("Redo"));
  save_ = toolButton(QStringLiteral("save"), tr("Save"));
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
  search_->setClearButtonEnabled(true);
  connect(search_, &QLineEdit::textChanged, this, [this](const QString& text) { form_->search(text); });
  second->addWidget(search_, 1);
  column->addLayout(second);
  return header;
}

void ConfigurePane::setRoots(std::vector<ConfigRoot> roots) {
  roots_ = std::move(roots);
  refreshList();
}

void ConfigurePane::refreshList() {
  list_->setRoots(roots_, recent_);
  showEmpty(list_->tree()->model()->rowCount() == 0 && file_.isEmpty());
  if (!file_.isEmpty()) list_->select(file_);
}

void ConfigurePane::setDevices(const DeviceList& devices) { launch_->setDevices(devices); }
void ConfigurePane::setPreferredDevices(const QStringList& devices) { launch_->setPreferred(devices); }

bool ConfigurePane::open(const QString& file) {
  std::string text;
  try {
    text = readFile(file.toStdString(), 1 << 20);
  } catch (const std::exception& error) {
    emit noticed(Notice::of(error));
    return false;
  }
  keepDraft();
  if (!watcher_->files().isEmpty()) watcher_->removePaths(watcher_->files());
  file_ = file;
  watcher_->addPath(file);
  editor_->setBytes(text);
  // What was typed and not saved comes back as one step that can be undone.
  if (const auto draft = drafts_.find(file); draft != drafts_.end()) {
    editor_->apply({0, text.size(), draft->second.text});
    editedAt_ = draft->second.time;
    drafts_.erase(draft);
  }
  ranksChosen_ = false;
  takeText();
  recent_.removeAll(file);
  recent_.prepend(file);
  recent_ = recent_.mid(0, kMostRecent);
  showEmpty(false);
  list_->select(file);
  updateHeader();
  emit fileChanged(file);
  return true;
}

void ConfigurePane::keepDraft() {
  if (isDirty()) drafts_[file_] = {editor_->bytes(), editedAt_};
}

void ConfigurePane::closeFile() {
  drafts_.clear();
  held_.clear();
  emit heldDraftsChanged();
  file_.clear();
  editor_->setBytes({});
  composition_ = {};
  form_->show(composition_);
  problems_->clear();
  problems_->hide();
  updateHeader();
}

bool ConfigurePane::isDirty() const { return !file_.isEmpty() && editor_->isModified(); }

const ConfigRoot* ConfigurePane::ownRoot() const {
  const auto own = std::find_if(roots_.begin(), roots_.end(), [](const ConfigRoot& root) { return root.writable; });
  return own == roots_.end() ? nullptr : &*own;
}

QString ConfigurePane::writableTarget() const {
  const std::filesystem::path file = file_.toStdString();
  const ConfigRoot* own = ownRoot();
  if (!own || insideOf(own->folder, file)) return file_;
  for (const ConfigRoot& root : roots_) {
    const auto inside = insideOf(root.folder, file);
    if (!inside) continue;
    // A config of the same name is somebody's work: it stays.
    std::filesystem::path target = own->folder / *inside;
    for (int number = 2; std::filesystem::exists(target); ++number) {
      target.replace_filename(file.stem().string() + "-" + std::to_string(number) + file.extension().string());
    }
    return QString::fromStdString(target.string());
  }
  return file_;
}

bool ConfigurePane::save() {
  if (file_.isEmpty()) return false;
  const QString target = writableTarget();
  try {
    const QSignalBlocker quiet(watcher_);
    std::filesystem::create_directories(std::filesystem::path(target.toStdString()).parent_path());
    writeFileAtomically(target.toStdString(), editor_->bytes());
  } catch (const std::exception& error) {
    emit noticed(Notice::of(error));
    return false;
  }
  editor_->setModified(false);
  if (!watcher_->files().isEmpty()) watcher_->removePaths(watcher_->files());
  watcher_->addPath(target);
  if (target != file_) {
    file_ = target;
    emit noticed(
        {Severity::Info, tr("saved as a copy in the workspace: ready-made configs stay as they are"), target, {}});
    refreshList();
    emit fileChanged(file_);
  }
  updateHeader();
  return true;
}

void ConfigurePane::onDiskChanged() {
  if (!QFileInfo::exists(file_)) return;
  if (!watcher_->files().contains(file_)) watcher_->addPath(file_);
  std::string text;
  try {
    text = readFile(file_.toStdString(), 1 << 20);
  } catch (const std::exception& error) {
    emit noticed(Notice::of(error));
    return;
  }
  if (text == editor_->bytes()) return;
  if (isDirty()) {
    emit noticed({Severity::Warning, tr("was changed by another program; your text is not saved yet"), file_,
                  tr("Save to keep yours.")});
    return;
  }
  editor_->setBytes(text);
  takeText();
}

void ConfigurePane::takeText() {
  compose_.stop();
  composition_ = composeFile(file_.toStdString(), {}, editor_->bytes());
  // Its folder stands above already. Of a composed config, a line may be that of a group's file.
  const std::string name = QFileInfo(file_).fileName().toStdString();
  for (ConfigProblem& problem : composition_.problems)
    if (problem.source == file_.toStdString()) problem.source = name;
  form_->show(composition_);
  if (!search_->text().isEmpty()) form_->search(search_->text());
  showProblems();
  const bool whole = composition_.schema && composition_.problems.empty();
  resolved_->setReadOnly(false);
  resolved_->setBytes(whole ? yamlOf(composition_.values) : "# There are problems to solve first.\n");
  resolved_->setReadOnly(true);
  if (whole && !ranksChosen_) {
    launch_->setRanks(composition_.values["launch"]["ranks"].get<int>());
    ranksChosen_ = true;
  }
  launch_->setObstacle(file_.isEmpty() ? tr("Choose a config first")
                       : whole         ? QString()
                                       : tr("Solve the problems first"));
}

void ConfigurePane::showProblems() {
  problems_->clear();
  std::map<int, QString> marks;
  for (const ConfigProblem& problem : composition_.problems) {
    const QString text = QString::fromStdString(describe(errorOf(problem)));
    auto* item = new QListWidgetItem(icon(QStringLiteral("error")), text, problems_);
    item->setData(kKeyRole, QString::fromStdString(problem.key));
    item->setToolTip(text);
    const bool here = problem.source == QFileInfo(file_).fileName().toStdString();
    item->setData(kLineRole, here ? problem.position.line : 0);
    if (here && problem.position.line > 0) marks[problem.position.line] = text;
  }
  editor_->setProblems(marks);
  const int rows = std::min(kMostProblemRows, problems_->count());
  problems_->setFixedHeight(rows * measures::kRow + measures::kGrid);
  problems_->setVisible(rows > 0);
}

void ConfigurePane::applyForm(const QString& path, const QString& yaml) {
  try {
    const ConfigDocument document(editor_->bytes(), QFileInfo(file_).fileName().toStdString());
    editor_->apply(document.setText(path.toStdString(), yaml.toStdString(), composition_.schema));
  } catch (const std::exception& error) {
    emit noticed(Notice::of(error));
  }
  takeText();
}

void ConfigurePane::resetKey(const QString& path) {
  try {
    const ConfigDocument document(editor_->bytes(), QFileInfo(file_).fileName().toStdString());
    editor_->apply(document.remove(path.toStdString()));
  } catch (const std::exception& error) {
    emit noticed(Notice::of(error));
  }
  takeText();
}

void ConfigurePane::launch() {
  takeText();
  if (!launch_->button()->isEnabled()) return;
  if (isDirty() && !save()) return;
  emit launchRequested(file_, launch_->ranks(), launch_->devices());
}

QString ConfigurePane::ownConfig() const {
  const ConfigRoot* own = ownRoot();
  if (!own) return {};
  if (!file_.isEmpty() && insideOf(own->folder, file_.toStdString())) return file_;
  const auto names = configNames(own->folder);
  return names.empty() ? QString() : QString::fromStdString(configFile(own->folder, names.front()).string());
}

void ConfigurePane::train() {
  const QString config = ownConfig();
  if (config.isEmpty() || (config != file_ && !open(config))) return;
  launch();
  if (!composition_.problems.empty()) {
    emit noticed({Severity::Bad, tr("has problems to solve first"), file_, tr("They stand below the config.")});
  }
}

void ConfigurePane::setView(View view) {
  if (QAbstractButton* button = views_->button(static_cast<int>(view))) button->setChecked(true);
  form_->setVisible(view == View::Form || view == View::Both);
  editor_->setVisible(view == View::Text || view == View::Both);
  resolved_->setVisible(view == View::Resolved);
}

void ConfigurePane::updateHeader() {
  const QString shown = file_.isEmpty() ? tr("No config open") : QFileInfo(file_).fileName();
  name_->setText(isDirty() ? tr("%1 •").arg(shown) : shown);
  name_->setToolTip(isDirty() ? tr("%1, not saved").arg(file_) : file_);
  name_->setAccessibleDescription(name_->toolTip());
  undo_->setEnabled(editor_->isUndoAvailable());
  redo_->setEnabled(editor_->isRedoAvailable());
  save_->setEnabled(isDirty());
  search_->setEnabled(!file_.isEmpty());
  if (file_.isEmpty()) launch_->setObstacle(tr("Choose a config first"));
}

}  // namespace counterpoint
