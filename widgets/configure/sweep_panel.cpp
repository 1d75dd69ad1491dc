// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/sweep_panel.h"

#include "core/base/error.h"
#include "core/config/compose/group_choices.h"
#include "core/config/overrides/sweep.h"
#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/number_text.h"
#include "widgets/common/theme.h"

#include <QAbstractListModel>
#include <QCompleter>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <optional>

namespace counterpoint {
namespace {

constexpr int kKeyWidth = 200, kCountWidth = 72;

SweepOptions optionsOf(const Composition& composition) {
  SweepOptions options;
  if (composition.composed) {
    options.groupOptions = [composed = composition.composed](const std::string& group) {
      for (const auto& choice : groupChoices(*composed))
        if (choice.group == group) return choice.options;
      return std::vector<std::string>();
    };
  }
  return options;
}

}  // namespace

// Reads a job from the plan when it comes into sight: a million jobs cost nothing.
class JobList : public QAbstractListModel {
 public:
  using QAbstractListModel::QAbstractListModel;

  void setPlan(std::optional<SweepPlan> plan) {
    beginResetModel();
    plan_ = std::move(plan);
    endResetModel();
  }
  int rowCount(const QModelIndex& parent = {}) const override {
    return parent.isValid() || !plan_ ? 0 : static_cast<int>(plan_->size());
  }
  QVariant data(const QModelIndex& index, int role) const override {
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    QStringList words;
    for (const auto& override : plan_->job(static_cast<std::size_t>(index.row())))
      words << QString::fromStdString(override);
    return QStringLiteral("%1   %2").arg(index.row()).arg(words.join(QLatin1Char(' ')));
  }

 private:
  std::optional<SweepPlan> plan_;
};

SweepPanel::SweepPanel(QWidget* parent)
    : QWidget(parent),
      list_(new QVBoxLayout),
      key_(new QLineEdit),
      start_(new QPushButton(tr("Start sweep"))),
      total_(new QLabel),
      jobs_(new QListView),
      model_(new JobList(this)) {
  setAccessibleName(tr("Sweep"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(measures::kEdge, measures::kGap, measures::kEdge, measures::kGap);
  column->setSpacing(measures::kGap);
  auto* help = new QLabel(tr("Each key is tried with each of its values: 1e-4,3e-4 or range(1,5) or choice(a,b)."));
  help->setWordWrap(true);
  setTextRole(help, "quiet");
  column->addWidget(help);
  list_->setSpacing(measures::kGrid);
  column->addLayout(list_);
  key_->setPlaceholderText(tr("Add a key"));
  key_->setAccessibleName(tr("Key to sweep"));
  key_->setMaximumWidth(2 * kKeyWidth);
  column->addWidget(key_);
  auto* row = new QHBoxLayout;
  row->addWidget(total_, 1);
  start_->setProperty("primary", true);
  row->addWidget(start_);
  column->addLayout(row);
  jobs_->setModel(model_);
  jobs_->setUniformItemSizes(true);
  jobs_->setAccessibleName(tr("Jobs of the sweep"));
  jobs_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  jobs_->setFont(codeFont());
  jobs_->setFrameShape(QFrame::NoFrame);
  column->addWidget(jobs_, 1);
  connect(key_, &QLineEdit::returnPressed, this, &SweepPanel::addTyped);
  connect(start_, &QPushButton::clicked, this, [this] { emit startAsked(overrides()); });
  check();
}

void SweepPanel::setComposition(const Composition& composition) {
  const bool other = composition.schema != composition_.schema;
  composition_ = composition;
  if (other && composition_.schema) {
    QStringList paths;
    for (const auto& key : composition_.schema->keys()) paths << QString::fromStdString(key.path);
    auto* completer = new QCompleter(paths, key_);
    completer->setFilterMode(Qt::MatchContains);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    key_->setCompleter(completer);
  }
  check();
}

void SweepPanel::addTyped() {
  const QString key = key_->text().trimmed();
  if (key.isEmpty()) return;
  key_->clear();
  emit keyTyped(key);
}

void SweepPanel::mark(const QString& key, const QString& given) {
  if (QLineEdit* there = values(key)) {
    there->setFocus(Qt::OtherFocusReason);
    return;
  }
  Row row{key, new QWidget, new QLineEdit(given), new QLabel, new QLabel};
  auto* grid = new QGridLayout(row.widget);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(measures::kGap);
  grid->setVerticalSpacing(0);
  auto* name = new QLabel(key);
  name->setFixedWidth(kKeyWidth);
  name->setToolTip(key);
  name->setBuddy(row.values);
  row.values->setAccessibleName(tr("Values of %1").arg(key));
  row.values->setFont(codeFont());
  row.count->setFixedWidth(kCountWidth);
  setTextRole(row.count, "quiet");
  setTextRole(row.problem, "bad");
  row.problem->setWordWrap(true);
  auto* away = new QToolButton;
  away->setIcon(icon(QStringLiteral("remove")));
  away->setAutoRaise(true);
  away->setToolTip(tr("Sweep %1 no more").arg(key));
  away->setAccessibleName(away->toolTip());
  grid->addWidget(name, 0, 0);
  grid->addWidget(row.values, 0, 1);
  grid->addWidget(row.count, 0, 2);
  grid->addWidget(away, 0, 3);
  grid->addWidget(row.problem, 1, 1, 1, 3);
  list_->addWidget(row.widget);
  connect(row.values, &QLineEdit::textChanged, this, &SweepPanel::check);
  connect(away, &QToolButton::clicked, this, [this, key] { unmark(key); });
  rows_.push_back(row);
  check();
  row.values->setFocus(Qt::OtherFocusReason);
  row.values->end(false);
}

void SweepPanel::unmark(const QString& key) {
  const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const Row& row) { return row.key == key; });
  if (found == rows_.end()) return;
  found->widget->deleteLater();
  found->widget->hide();
  rows_.erase(found);
  check();
}

void SweepPanel::clear() {
  for (const Row& row : rows_) row.widget->deleteLater();
  rows_.clear();
  check();
}

QStringList SweepPanel::keys() const {
  QStringList keys;
  for (const Row& row : rows_) keys << row.key;
  return keys;
}

QStringList SweepPanel::overrides() const {
  QStringList overrides;
  for (const Row& row : rows_) overrides << row.key + QLatin1Char('=') + row.values->text().trimmed();
  return overrides;
}

void SweepPanel::setOverrides(const QStringList& overrides) {
  clear();
  for (const QString& override : overrides)
    mark(override.section(QLatin1Char('='), 0, 0), override.section(QLatin1Char('='), 1));
}

QLineEdit* SweepPanel::values(const QString& key) const {
  for (const Row& row : rows_)
    if (row.key == key) return row.values;
  return nullptr;
}

// What is wrong with the row; empty when nothing is.
QString SweepPanel::problemOf(const Row& row, std::size_t& count) const {
  count = 0;
  const std::string key = row.key.toStdString();
  if (row.values->text().trimmed().isEmpty()) return tr("Give the values to try.");
  try {
    const Override override = parseOverride(key + "=" + row.values->text().trimmed().toStdString());
    const SweepOptions options = optionsOf(composition_);
    count = override.isSweep() ? sweepValueCount(override, options) : 1;
    if (!composition_.schema) return {};
    const SchemaKey* known = composition_.schema->find(key);
    const bool isGroup = composition_.composed && !known;
    if (isGroup) return {};
    if (!known) {
      const std::string nearest = composition_.schema->nearest(key);
      return tr("There is no key %1.").arg(row.key) +
             (nearest.empty() ? QString()
                              : QLatin1Char(' ') + tr("Did you mean %1?").arg(QString::fromStdString(nearest)));
    }
    const auto check = [known](const OverrideElement& element) { checkValue(*known, valueOf(*known, element.node())); };
    if (override.isSweep()) {
      for (const auto& element : sweepValues(override, options)) check(element);
    } else {
      check(*override.value);
    }
  } catch (const Error& error) {
    return QString::fromStdString(error.problem() + (error.cure().empty() ? "" : ". " + error.cure()));
  }
  return {};
}

void SweepPanel::check() {
  bool right = !rows_.empty();
  for (const Row& row : rows_) {
    std::size_t count = 0;
    const QString problem = problemOf(row, count);
    row.problem->setText(problem);
    row.problem->setVisible(!problem.isEmpty());
    row.count->setText(count == 0   ? QString()
                       : count == 1 ? tr("1 value")
                                    : tr("%1 values").arg(countText(static_cast<qint64>(count))));
    right = right && problem.isEmpty();
  }
  std::optional<SweepPlan> plan;
  QString obstacle = rows_.empty() ? tr("No key is swept yet.") : right ? QString() : tr("Solve what is marked first.");
  if (right) {
    try {
      std::vector<Override> parsed;
      for (const QString& override : overrides()) parsed.push_back(parseOverride(override.toStdString()));
      plan.emplace(parsed, optionsOf(composition_));
    } catch (const Error& error) {
      obstacle = QString::fromStdString(error.problem());
    }
  }
  if (obstacle.isEmpty() && (!composition_.schema || !composition_.problems.empty()))
    obstacle = tr("Solve the problems of the config first.");
  total_->setText(!plan ? obstacle
                  : plan->size() == 1
                      ? tr("1 job")
                      : tr("%1 jobs, one after the other").arg(countText(static_cast<qint64>(plan->size()))));
  start_->setEnabled(obstacle.isEmpty());
  start_->setToolTip(obstacle);
  model_->setPlan(std::move(plan));
  emit changed();
}

}  // namespace counterpoint
