// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/compare_view.h"

#include "widgets/common/data_table.h"
#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/notice.h"
#include "widgets/common/number_text.h"
#include "widgets/common/theme.h"
#include "widgets/configure/comparison_model.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace counterpoint {
namespace {

constexpr int kKeyWidth = 240, kValueWidth = 180;

// A run's config is known by its run.
QString nameOf(const QString& file) {
  const QFileInfo info(file);
  return info.fileName() == QLatin1String("config.yaml") ? info.absoluteDir().dirName() : info.completeBaseName();
}

}  // namespace

CompareView::CompareView(QWidget* parent)
    : QWidget(parent),
      add_(new QToolButton),
      copy_(new QToolButton),
      menu_(new QMenu(add_)),
      search_(new QLineEdit),
      only_(new QCheckBox(tr("Differences only"))),
      count_(new QLabel),
      model_(new ComparisonModel(this)),
      table_(new DataTable(tr("Comparison of configs"))) {
  setAccessibleName(tr("Compare configs"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(measures::kGrid);
  auto* row = new QHBoxLayout;
  row->setContentsMargins(measures::kEdge, 0, measures::kGap, 0);
  row->setSpacing(measures::kGap);
  add_->setText(tr("Compare with"));
  add_->setIcon(icon(QStringLiteral("compare")));
  add_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  add_->setPopupMode(QToolButton::InstantPopup);
  add_->setMenu(menu_);
  add_->setAccessibleName(tr("Compare with another config or a run"));
  search_->setPlaceholderText(tr("Search keys and values"));
  search_->setAccessibleName(tr("Search the comparison"));
  search_->setClearButtonEnabled(true);
  only_->setChecked(true);
  copy_->setIcon(icon(QStringLiteral("copy")));
  copy_->setAutoRaise(true);
  copy_->setToolTip(tr("Copy the table"));
  copy_->setAccessibleName(tr("Copy the table"));
  setTextRole(count_, "quiet");
  row->addWidget(add_);
  row->addWidget(search_, 1);
  row->addWidget(only_);
  row->addWidget(count_);
  row->addWidget(copy_);
  column->addLayout(row);
  column->addWidget(table_, 1);
  table_->setModel(model_);
  table_->horizontalHeader()->setSectionsMovable(true);
  table_->horizontalHeader()->setSectionsClickable(true);
  table_->horizontalHeader()->setToolTip(tr("A click on a name makes that config the base"));
  connect(table_->horizontalHeader(), &QHeaderView::sectionClicked, this, [this](int section) {
    model_->setBase(section - 1);
    refresh();
  });
  connect(search_, &QLineEdit::textChanged, this, [this](const QString& text) {
    model_->setSearch(text);
    refresh();
  });
  connect(only_, &QCheckBox::toggled, this, [this](bool on) {
    model_->setDifferencesOnly(on);
    refresh();
  });
  connect(copy_, &QToolButton::clicked, this, [this] { QApplication::clipboard()->setText(table_->text()); });
  connect(menu_, &QMenu::aboutToShow, this, [this] {
    emit candidatesAsked();
    fillMenu();
  });
  fillMenu();
  refresh();
}

void CompareView::setEdited(const QString& name, const Json& values) {
  edited_ = {name.toStdString(), values};
  if (isVisible() || !others_.empty()) refresh();
}

void CompareView::setCandidates(std::vector<Candidate> candidates) { candidates_ = std::move(candidates); }

void CompareView::fillMenu() {
  menu_->clear();
  const QStringList taken = files();
  for (const Candidate& candidate : candidates_) {
    QAction* action = menu_->addAction(candidate.title);
    action->setObjectName(QStringLiteral("configure.with.") + candidate.file);
    action->setCheckable(true);
    action->setChecked(taken.contains(candidate.file));
    action->setToolTip(candidate.file);
    connect(action, &QAction::toggled, this, [this, file = candidate.file](bool on) { on ? add(file) : remove(file); });
  }
  for (const QString& file : taken) {
    if (std::any_of(candidates_.begin(), candidates_.end(), [&](const auto& one) { return one.file == file; }))
      continue;
    QAction* action = menu_->addAction(nameOf(file));
    action->setObjectName(QStringLiteral("configure.with.") + file);
    action->setCheckable(true);
    action->setChecked(true);
    connect(action, &QAction::toggled, this, [this, file] { remove(file); });
  }
  menu_->addSeparator();
  menu_->addActions(commands_);
}

void CompareView::chooseRun() {
  auto* dialog = new QFileDialog(this, tr("Run folder to compare with"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  connect(dialog, &QFileDialog::fileSelected, this, &CompareView::add);
  dialog->open();
}

void CompareView::add(const QString& given) {
  const QFileInfo info(given);
  const QString file = info.isDir() ? given + QStringLiteral("/config.yaml") : given;
  if (files().contains(file)) return;
  try {
    std::vector<ConfigProblem> problems;
    Json values = valuesForComparison(file.toStdString(), {}, &problems);
    others_.push_back({file, {nameOf(file).toStdString(), std::move(values)}});
    if (!problems.empty()) {
      emit noticed({Severity::Warning, tr("has problems: what is wrong shows its default"), file,
                    QString::fromStdString(problems.front().what)});
    }
  } catch (const std::exception& error) {
    emit noticed(Notice::of(error));
    return;
  }
  refresh();
}

void CompareView::remove(const QString& file) {
  std::erase_if(others_, [&](const Other& other) { return other.file == file; });
  refresh();
}

void CompareView::clear() {
  others_.clear();
  refresh();
}

QStringList CompareView::files() const {
  QStringList files;
  for (const Other& other : others_) files << other.file;
  return files;
}

void CompareView::refresh() {
  std::vector<NamedValues> configs;
  if (!edited_.name.empty()) configs.push_back(edited_);
  for (const Other& other : others_) configs.push_back(other.config);
  const int before = model_->configs();
  model_->setComparison(compareConfigs(configs));
  if (model_->configs() != before) {
    table_->setColumnWidth(0, kKeyWidth);
    for (int i = 1; i < model_->columnCount(); ++i) table_->setColumnWidth(i, kValueWidth);
  }
  count_->setText(others_.empty()           ? tr("Nothing beside it yet")
                  : model_->rowCount() == 1 ? tr("1 key")
                                            : tr("%1 keys").arg(countText(model_->rowCount())));
}

}  // namespace counterpoint
