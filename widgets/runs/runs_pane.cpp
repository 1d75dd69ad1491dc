// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/runs/runs_pane.h"

#include <algorithm>

#include "widgets/common/action_registry.h"
#include "widgets/common/data_table.h"
#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"
#include "widgets/runs/progress_delegate.h"
#include "widgets/runs/runs_model.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace counterpoint {
namespace {

struct ColumnWidth {
  RunsModel::Column column;
  int width;
};
// In the pane's usual width everything up to the best value is in sight.
constexpr ColumnWidth kWidths[] = {{RunsModel::Shown, 32},    {RunsModel::State, 94},  {RunsModel::Name, 96},
                                   {RunsModel::Progress, 76}, {RunsModel::Time, 78},   {RunsModel::Last, 60},
                                   {RunsModel::Best, 60},     {RunsModel::Started, 92}};

// Of the table's context menu.
constexpr const char* kMenu[] = {"runs.stop",    "runs.stop_now",    "runs.resume",   "runs.plot",
                                 "runs.details", "runs.compare", "run.copy_command", "runs.copy_path"};

}  // namespace

RunsPane::RunsPane(RunsModel& runs, QWidget* parent)
    : Pane(QStringLiteral("runs"), tr("Runs"), parent),
      runs_(runs),
      proxy_(new RunsFilter(runs, this)),
      table_(new DataTable(tr("Runs"))),
      filter_(new QLineEdit),
      metric_(new QComboBox),
      launch_(new QPushButton(icon(QStringLiteral("add")), tr("Launch"))),
      stop_(new QPushButton(icon(QStringLiteral("stop")), tr("Stop"))),
      resume_(new QPushButton(icon(QStringLiteral("resume")), tr("Resume"))),
      cause_(new QLabel) {
  filter_->setPlaceholderText(tr("filter runs"));
  filter_->setAccessibleName(tr("Filter runs by name, recipe or state"));
  filter_->setClearButtonEnabled(true);
  metric_->setAccessibleName(tr("Metric of the columns last and best"));
  metric_->setToolTip(metric_->accessibleName());
  metric_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  metric_->setMinimumContentsLength(10);
  metric_->addItem(tr("selection metric"), QString());
  launch_->setAccessibleName(tr("Launch a run"));
  table_->setModel(proxy_);
  table_->setSortingEnabled(true);
  table_->sortByColumn(RunsModel::Started, Qt::DescendingOrder);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setItemDelegateForColumn(RunsModel::Progress, new ProgressDelegate(table_));
  table_->setContextMenuPolicy(Qt::CustomContextMenu);
  // Runs of one config differ in the end of their names, the time.
  table_->setTextElideMode(Qt::ElideMiddle);
  for (const ColumnWidth& entry : kWidths) table_->setColumnWidth(entry.column, entry.width);
  table_->horizontalHeader()->setSectionsMovable(true);

  auto* top = new QHBoxLayout;
  top->setContentsMargins(measures::kEdge, measures::kGrid, measures::kEdge, measures::kGrid);
  top->setSpacing(measures::kGap);
  top->addWidget(filter_, 1);
  top->addWidget(metric_);
  auto* bottom = new QHBoxLayout;
  bottom->setContentsMargins(measures::kEdge, measures::kGrid, measures::kEdge, measures::kGap);
  bottom->setSpacing(measures::kGap);
  bottom->addWidget(stop_);
  bottom->addWidget(resume_);
  bottom->addStretch(1);
  bottom->addWidget(launch_);
  cause_->setTextFormat(Qt::PlainText);
  cause_->setWordWrap(true);
  cause_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  cause_->setContentsMargins(measures::kEdge, 0, measures::kEdge, measures::kGrid);
  cause_->setAccessibleName(tr("Why the chosen run failed"));
  cause_->hide();
  setTextRole(cause_, "bad");
  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addLayout(top);
  column->addWidget(cause_);
  column->addWidget(table_, 1);
  column->addLayout(bottom);
  setContent(content);
  setTrainOffer(tr("Choose a config"));

  connect(emptyState(), &EmptyState::pressed, this, &RunsPane::trainRequested);
  connect(launch_, &QPushButton::clicked, this, &RunsPane::launchRequested);
  connect(stop_, &QPushButton::clicked, this, &RunsPane::stop);
  connect(resume_, &QPushButton::clicked, this, &RunsPane::resume);
  connect(filter_, &QLineEdit::textChanged, proxy_, &RunsFilter::setWords);
  connect(metric_, &QComboBox::currentIndexChanged, this,
          [this] { runs_.setMetric(metric_->currentData().toString()); });
  connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
    refresh();
    emit currentChanged(current());
  });
  connect(table_, &QTableView::activated, this, [this](const QModelIndex& index) {
    if (index.column() != RunsModel::Shown) emit detailsRequested(current());
  });
  connect(table_, &QWidget::customContextMenuRequested, this, &RunsPane::showMenu);
  connect(&runs_, &RunsModel::listed, this, &RunsPane::refresh);
  refresh();
}

void RunsPane::showMenu(const QPoint& position) {
  if (!registry_) return;
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->setAccessibleName(tr("The chosen run"));
  registry_->refresh();
  for (const char* id : kMenu) {
    if (QAction* action = registry_->action(QLatin1String(id))) menu->addAction(action);
  }
  menu->popup(table_->viewport()->mapToGlobal(position));
}

QString RunsPane::cause() const { return cause_->text(); }

std::filesystem::path RunsPane::current() const {
  const QModelIndex index = table_->currentIndex();
  return index.isValid() ? std::filesystem::path(index.data(RunsModel::PathRole).toString().toStdString())
                         : std::filesystem::path();
}

void RunsPane::select(const std::filesystem::path& run) {
  const int row = runs_.rowOf(run);
  if (row < 0) return;
  table_->setCurrentIndex(proxy_->mapFromSource(runs_.index(row, RunsModel::Name)));
}

std::vector<PlottedRun> RunsPane::shown() const {
  std::vector<PlottedRun> shown;
  for (const RunSummary& run : runs_.runs()) {
    if (!runs_.isShown(run.path)) continue;
    shown.push_back({run.path, runs_.nameOfRun(run), runs_.styleOf(run.path)});
  }
  return shown;
}

void RunsPane::showNewest() {
  if (!runs_.runs().empty()) runs_.setShown(runs_.runs().front().path, true);
}

void RunsPane::setTrainOffer(const QString& button) {
  emptyState()->set(QStringLiteral("runs"), tr("No runs yet"),
                    tr("Runs appear here, also those that a shell starts in this workspace."), button);
}

bool RunsPane::canStop() const {
  const RunSummary* run = runs_.find(current());
  return run && !run->status.hasEnded();
}

bool RunsPane::canResume() const {
  const RunSummary* run = runs_.find(current());
  return run && run->status.hasEnded() && run->status.state != RunState::Finished;
}

bool RunsPane::stopsNow() const {
  const RunSummary* run = runs_.find(current());
  return run &&
         (run->status.state == RunState::Stopping || asked_.contains(QString::fromStdString(run->path.string())));
}

void RunsPane::stop() {
  if (!canStop()) return;
  if (stopsNow()) return stopNow();
  asked_.insert(QString::fromStdString(current().string()));
  emit stopRequested(current(), false);
  refresh();
}

void RunsPane::stopNow() {
  if (canStop()) emit stopRequested(current(), true);
}

void RunsPane::resume() {
  if (!canResume()) return;
  asked_.remove(QString::fromStdString(current().string()));
  emit resumeRequested(current());
}

void RunsPane::refresh() {
  showEmpty(runs_.runs().empty());
  if (!selectAtFirst_.isEmpty() || !table_->currentIndex().isValid()) {
    for (const RunSummary& run : runs_.runs()) {
      if (selectAtFirst_.isEmpty() || run.path.filename().string() == selectAtFirst_.toStdString()) {
        selectAtFirst_.clear();
        select(run.path);
        break;
      }
    }
  }
  for (const RunSummary& run : runs_.runs()) {
    if (run.status.hasEnded()) asked_.remove(QString::fromStdString(run.path.string()));
  }
  const bool now = stopsNow() && canStop();
  stop_->setEnabled(canStop());
  stop_->setText(now ? tr("Stop now") : tr("Stop"));
  stop_->setToolTip(now ? tr("End the run at once, without saving")
                        : tr("Stop after this step and save; a second press ends it at once"));
  stop_->setAccessibleName(now ? tr("Stop the run now, without saving") : tr("Stop the run after this step"));
  const RunSummary* chosen = runs_.find(current());
  cause_->setText(chosen ? causeOf(*chosen) : QString());
  cause_->setVisible(!cause_->text().isEmpty());
  resume_->setEnabled(canResume());
  resume_->setToolTip(tr("Go on from the last checkpoint"));
  resume_->setAccessibleName(tr("Resume the run from its last checkpoint"));
  const QStringList metrics = runs_.metrics();
  if (metrics.size() != metric_->count() - 1) {
    const QSignalBlocker quiet(metric_);
    while (metric_->count() > 1) metric_->removeItem(1);
    for (const QString& name : metrics) metric_->addItem(name, name);
    metric_->setCurrentIndex(std::max(0, metric_->findData(runs_.metric())));
  }
}

void RunsPane::registerActions(ActionRegistry& registry) {
  const auto add = [&](const char* id, const QString& text, const QString& key, const QString& iconName,
                       std::function<bool()> enabled, std::function<void()> act) {
    ActionSpec spec;
    spec.id = QLatin1String(id);
    spec.text = text;
    spec.category = tr("Runs");
    spec.key = key;
    spec.icon = iconName;
    spec.enabled = std::move(enabled);
    spec.run = std::move(act);
    if (!key.contains(u'+')) spec.scope = this;
    registry.add(std::move(spec));
  };
  const auto any = [this] { return !current().empty(); };
  registry_ = &registry;
  add(
      "runs.stop", tr("Stop the run after this step"), QStringLiteral("Ctrl+."), QStringLiteral("stop"),
      [this] { return canStop() && !stopsNow(); }, [this] { stop(); });
  add(
      "runs.stop_now", tr("Stop the run now, without saving"), QStringLiteral("Ctrl+Shift+."), QStringLiteral("stop"),
      [this] { return canStop(); }, [this] { stopNow(); });
  add(
      "runs.resume", tr("Resume the run"), {}, QStringLiteral("resume"), [this] { return canResume(); },
      [this] { resume(); });
  add("runs.plot", tr("Draw the run or not"), QStringLiteral("V"), QStringLiteral("plots"), any,
      [this] { runs_.setShown(current(), !runs_.isShown(current())); });
  add("runs.filter", tr("Filter runs"), QStringLiteral("/"), QStringLiteral("filter"), nullptr,
      [this] { filter_->setFocus(Qt::ShortcutFocusReason); });
  add("runs.compare", tr("Compare the configs of the drawn runs"), {}, QStringLiteral("compare"), any, [this] {
    QStringList runs;
    for (const PlottedRun& run : shown()) runs << QString::fromStdString(run.path.string());
    const QString chosen = QString::fromStdString(current().string());
    if (!runs.contains(chosen)) runs << chosen;
    emit compareRequested(runs);
  });
  add("runs.details", tr("Show the run's details"), {}, QStringLiteral("info"), any,
      [this] { emit detailsRequested(current()); });
  add("runs.copy_path", tr("Copy the path of the run"), {}, QStringLiteral("copy"), any,
      [this] { QGuiApplication::clipboard()->setText(QString::fromStdString(current().string())); });
  connect(&runs_, &RunsModel::listed, &registry, &ActionRegistry::refresh);
  connect(this, &RunsPane::stopRequested, &registry, &ActionRegistry::refresh);
  connect(this, &RunsPane::currentChanged, &registry, &ActionRegistry::refresh);
}

QJsonObject RunsPane::saveState() const {
  QJsonObject chosen;
  const QHash<QString, bool> choices = runs_.chosen();
  for (auto choice = choices.begin(); choice != choices.end(); ++choice) chosen[choice.key()] = choice.value();
  return {{QStringLiteral("chosen"), chosen},
          {QStringLiteral("metric"), runs_.metric()},
          {QStringLiteral("filter"), filter_->text()},
          {QStringLiteral("current"), QString::fromStdString(current().filename().string())},
          {QStringLiteral("columns"), QString::fromLatin1(table_->horizontalHeader()->saveState().toBase64())}};
}

void RunsPane::restoreState(const QJsonObject& state) {
  QHash<QString, bool> choices;
  const QJsonObject chosen = state[u"chosen"].toObject();
  for (auto choice = chosen.begin(); choice != chosen.end(); ++choice) choices[choice.key()] = choice.value().toBool();
  runs_.setChosen(choices);
  runs_.setMetric(state[u"metric"].toString());
  metric_->setCurrentIndex(std::max(0, metric_->findData(runs_.metric())));
  filter_->setText(state[u"filter"].toString());
  selectAtFirst_ = state[u"current"].toString();
  table_->horizontalHeader()->restoreState(QByteArray::fromBase64(state[u"columns"].toString().toLatin1()));
  refresh();
}

}  // namespace counterpoint
