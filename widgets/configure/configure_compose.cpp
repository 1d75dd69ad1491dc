// SPDX-License-Identifier: GPL-3.0-or-later
// From the text to values, problems and a launch.
#include "core/base/error.h"
#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/configure/configure_pane.h"
#include "widgets/configure/launch_bar.h"
#include "widgets/configure/schema_form.h"
#include "widgets/configure/yaml_editor.h"

#include <QFileInfo>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>

#include <algorithm>

namespace counterpoint {
namespace {

constexpr int kMostProblemRows = 4;
constexpr int kKeyRole = Qt::UserRole, kLineRole = Qt::UserRole + 1;

}  // namespace

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
  checkBeforeStart();
}

void ConfigurePane::jumpToProblem(QListWidgetItem* item) {
  const int line = item->data(kLineRole).toInt();
  if (line > 0 && editor_->isVisible()) {
    editor_->jumpToLine(line);
  } else {
    form_->jumpTo(item->data(kKeyRole).toString());
  }
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

void ConfigurePane::train() {
  const QString config = ownConfig();
  if (config.isEmpty() || (config != file_ && !open(config))) return;
  launch();
  if (!composition_.problems.empty()) {
    emit noticed({Severity::Bad, tr("has problems to solve first"), file_, tr("They stand below the config.")});
  }
}

}  // namespace counterpoint
