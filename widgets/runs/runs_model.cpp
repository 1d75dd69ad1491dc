// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/runs/runs_model.h"

#include <algorithm>
#include <set>

#include "core/base/clock.h"
#include "widgets/common/icons.h"
#include "widgets/common/number_text.h"
#include "widgets/common/run_name.h"

#include <QDateTime>
#include <QThread>

namespace counterpoint {
namespace {

constexpr int kDigits = 4;
// Before so many seconds of an attempt the rate is not steady: no promise is made.
constexpr double kSteadyAfterSeconds = 20;

QString folderName(const std::filesystem::path& run) { return QString::fromStdString(run.filename().string()); }

bool isGoingOn(RunState state) { return state == RunState::Running || state == RunState::Stopping; }

}  // namespace

QString stateSymbol(RunState state) {
  switch (state) {
    case RunState::Queued: return QStringLiteral("◌");
    case RunState::Running:
    case RunState::Stopping: return QStringLiteral("●");
    case RunState::Paused: return QStringLiteral("❚❚");
    case RunState::Finished: return QStringLiteral("✓");
    case RunState::Failed:
    case RunState::Killed: return QStringLiteral("✗");
  }
  return {};
}

QString stateWord(RunState state) {
  switch (state) {
    case RunState::Queued: return QObject::tr("queued");
    case RunState::Running: return QObject::tr("running");
    case RunState::Paused: return QObject::tr("paused");
    case RunState::Stopping: return QObject::tr("stopping");
    case RunState::Finished: return QObject::tr("finished");
    case RunState::Failed: return QObject::tr("failed");
    case RunState::Killed: return QObject::tr("killed");
  }
  return {};
}

QString stateIconName(RunState state) {
  const std::string_view name = nameOf(state);
  return QStringLiteral("state_") + QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

double progressShare(const Status& status) {
  const RunProgress& progress = status.progress;
  // The last report may come before the last step: a finished run is done.
  if (status.state == RunState::Finished) return 1;
  return progress.totalSteps > 0 ? static_cast<double>(progress.step) / static_cast<double>(progress.totalSteps) : -1;
}

QString progressWords(const Status& status) {
  const RunProgress& progress = status.progress;
  if (progress.totalSteps <= 0)
    return progress.step > 0 ? QObject::tr("step %1").arg(countText(progress.step)) : QString();
  return QObject::tr("%1, step %2 of %3")
      .arg(percentText(progressShare(status)), countText(progress.step), countText(progress.totalSteps));
}

QString timeWords(const RunSummary& run, double now) {
  const Status& status = run.status;
  if (isGoingOn(status.state)) {
    const bool steady = status.progress.etaSeconds && now - status.started >= kSteadyAfterSeconds;
    return etaText(status.progress.etaSeconds.value_or(0), steady);
  }
  const double seconds = run.durationSeconds(now);
  return seconds > 0 ? durationText(seconds) : QString();
}

QString causeOf(const RunSummary& run) {
  QStringList causes;
  if (const auto& error = run.status.error) {
    const QString rank = error->rank >= 0 ? QObject::tr("Rank %1: ").arg(error->rank) : QString();
    causes << rank + QString::fromStdString(error->line());
  }
  if (!run.remark.empty()) causes << QString::fromStdString(run.remark);
  return causes.join(u'\n');
}

RunsModel::RunsModel(QThread* reading, QObject* parent) : QAbstractTableModel(parent), reader_(new RunsReader) {
  reader_->moveToThread(reading);
  connect(reader_, &RunsReader::listed, this, &RunsModel::take, Qt::QueuedConnection);
}

RunsModel::~RunsModel() { reader_->deleteLater(); }

void RunsModel::setFolder(const std::filesystem::path& runs) {
  folder_ = runs;
  take(QString::fromStdString(runs.string()), {}, {});  // nothing of the folder before is offered any more
  QMetaObject::invokeMethod(reader_,
                            [reader = reader_, runs] { reader->watch(QString::fromStdString(runs.string())); });
}

void RunsModel::refreshNow() { QMetaObject::invokeMethod(reader_, &RunsReader::look); }

void RunsModel::take(const QString& folder, const std::vector<RunSummary>& runs, const RunTraitsByPath& traits) {
  if (folder.toStdString() != folder_.string()) return;  // of the workspace before
  traits_ = traits;
  const auto samePlaces = [&] {
    return runs.size() == runs_.size() && std::equal(runs.begin(), runs.end(), runs_.begin(),
                                                     [](const auto& a, const auto& b) { return a.path == b.path; });
  };
  std::set<std::filesystem::path> shownBefore;
  for (const RunSummary& run : runs_) {
    if (isShown(run.path)) shownBefore.insert(run.path);
  }
  if (samePlaces()) {
    runs_ = runs;
    if (!runs_.empty()) emit dataChanged(index(0, 0), index(static_cast<int>(runs_.size()) - 1, kColumns - 1));
  } else if (runs.size() > runs_.size() && !runs_.empty() &&
             std::equal(runs_.begin(), runs_.end(), runs.end() - static_cast<std::ptrdiff_t>(runs_.size()),
                        [](const auto& a, const auto& b) { return a.path == b.path; })) {
    // New runs come on top; a reset would lose what is selected.
    beginInsertRows({}, 0, static_cast<int>(runs.size() - runs_.size()) - 1);
    runs_ = runs;
    endInsertRows();
    emit dataChanged(index(0, 0), index(static_cast<int>(runs_.size()) - 1, kColumns - 1));
  } else {
    beginResetModel();
    runs_ = runs;
    endResetModel();
  }
  std::set<std::filesystem::path> shownNow;
  for (const RunSummary& run : runs_) {
    if (isShown(run.path)) shownNow.insert(run.path);
  }
  emit listed();
  if (shownNow != shownBefore) emit shownChanged();
}

int RunsModel::rowOf(const std::filesystem::path& run) const {
  const auto found =
      std::find_if(runs_.begin(), runs_.end(), [&](const RunSummary& known) { return known.path == run; });
  return found == runs_.end() ? -1 : static_cast<int>(found - runs_.begin());
}

const RunSummary* RunsModel::find(const std::filesystem::path& run) const {
  const int row = rowOf(run);
  return row < 0 ? nullptr : &runs_[static_cast<std::size_t>(row)];
}

const RunTraits& RunsModel::traitsOf(const std::filesystem::path& run) const {
  static const RunTraits kNone;
  const auto found = traits_.find(run);
  return found == traits_.end() ? kNone : found->second;
}

std::filesystem::path RunsModel::runToServe(const std::filesystem::path& wanted) const {
  if (traitsOf(wanted).hasModel) return wanted;
  for (const RunSummary& run : runs_) {
    if (traitsOf(run.path).hasModel) return run.path;
  }
  return {};
}

QString RunsModel::nameOfRun(const RunSummary& run) const {
  QStringList folders;
  for (const RunSummary& one : runs_) folders << folderName(one.path);
  return shortRunName(folderName(run.path), folders);
}

SeriesStyle RunsModel::styleOf(const std::filesystem::path& run) const {
  return seriesStyle(static_cast<int>(runs_.size()) - 1 - rowOf(run));
}

bool RunsModel::isShown(const std::filesystem::path& run) const {
  const auto choice = chosen_.find(folderName(run));
  if (choice != chosen_.end()) return *choice;
  const int row = rowOf(run);
  return row == 0 || (row > 0 && isGoingOn(runs_[static_cast<std::size_t>(row)].status.state));
}

void RunsModel::setShown(const std::filesystem::path& run, bool shown) {
  chosen_[folderName(run)] = shown;
  const int row = rowOf(run);
  if (row >= 0) emit dataChanged(index(row, Shown), index(row, Shown));
  emit shownChanged();
}

void RunsModel::setChosen(const QHash<QString, bool>& chosen) {
  chosen_ = chosen;
  if (!runs_.empty()) emit dataChanged(index(0, Shown), index(static_cast<int>(runs_.size()) - 1, Shown));
  emit shownChanged();
}

void RunsModel::setMetric(const QString& metric) {
  metric_ = metric;
  if (!runs_.empty()) emit dataChanged(index(0, Last), index(static_cast<int>(runs_.size()) - 1, Best));
  emit headerDataChanged(Qt::Horizontal, Last, Best);
}

QStringList RunsModel::metrics() const {
  std::set<std::string> names;
  for (const RunSummary& run : runs_) {
    for (const auto& [name, summary] : run.status.metrics) names.insert(name);
  }
  QStringList list;
  for (const std::string& name : names) list << QString::fromStdString(name);
  return list;
}

const MetricSummary* RunsModel::metricOf(const RunSummary& run) const {
  const auto& metrics = run.status.metrics;
  if (metrics.empty()) return nullptr;
  const auto found = metrics.find(metric_.isEmpty() ? traitsOf(run.path).bestMetric : metric_.toStdString());
  if (found != metrics.end()) return &found->second;
  return metric_.isEmpty() ? &metrics.begin()->second : nullptr;
}

QString RunsModel::metricText(const RunSummary& run, bool best) const {
  const MetricSummary* metric = metricOf(run);
  return metric ? numberText(best ? metric->best : metric->last, kDigits) : QString();
}

int RunsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(runs_.size());
}
int RunsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kColumns; }

QVariant RunsModel::display(const RunSummary& run, int column) const {
  switch (column) {
    case State: return stateWord(run.status.state);
    case Name: return nameOfRun(run);
    case Progress: return progressWords(run.status);
    case Time: return timeWords(run, wallSeconds());
    case Last: return metricText(run, false);
    case Best: return metricText(run, true);
    case Started: {
      const double time = run.status.started > 0 ? run.status.started : run.status.created;
      return time > 0 ? QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(time * 1000)).toString(u"MM-dd hh:mm")
                      : QString();
    }
    default: return {};
  }
}

QVariant RunsModel::sortKey(const RunSummary& run, int column) const {
  switch (column) {
    case Shown: return isShown(run.path) ? 0 : 1;
    case State: return static_cast<int>(run.status.state);
    case Progress: return progressShare(run.status);
    case Time: return run.durationSeconds(wallSeconds());
    case Last:
    case Best: {
      const MetricSummary* metric = metricOf(run);
      return metric ? QVariant(column == Last ? metric->last : metric->best) : QVariant();
    }
    case Started: return run.status.created;
    default: return display(run, column);
  }
}

QString RunsModel::spoken(const RunSummary& run, int column) const {
  const QString name = display(run, Name).toString();
  if (column == Shown) return isShown(run.path) ? tr("%1 is drawn").arg(name) : tr("%1 is not drawn").arg(name);
  QStringList words{name, stateWord(run.status.state)};
  for (const int other : {Progress, Time}) {
    if (!display(run, other).toString().isEmpty()) words << display(run, other).toString();
  }
  if (run.status.error) words << QString::fromStdString(run.status.error->line());
  if (!run.remark.empty()) words << QString::fromStdString(run.remark);
  return words.join(QStringLiteral(", "));
}

QVariant RunsModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const RunSummary& run = runs_[static_cast<std::size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole: return display(run, index.column());
    case Qt::DecorationRole:
      if (index.column() == State) return icon(stateIconName(run.status.state));
      if (index.column() == Name) return styleOf(run.path).colour;
      return {};
    case Qt::CheckStateRole:
      return index.column() == Shown ? QVariant(isShown(run.path) ? Qt::Checked : Qt::Unchecked) : QVariant();
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole: return spoken(run, index.column());
    case Qt::TextAlignmentRole:
      return int((index.column() == Last || index.column() == Best ? Qt::AlignRight : Qt::AlignLeft) |
                 Qt::AlignVCenter);
    case SortRole: return sortKey(run, index.column());
    case StateRole: return static_cast<int>(run.status.state);
    case ShareRole: return sortKey(run, Progress);
    case PathRole: return QString::fromStdString(run.path.string());
    default: return {};
  }
}

bool RunsModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (role != Qt::CheckStateRole || index.column() != Shown) return false;
  setShown(runs_[static_cast<std::size_t>(index.row())].path, value.toInt() == Qt::Checked);
  return true;
}

Qt::ItemFlags RunsModel::flags(const QModelIndex& index) const {
  Qt::ItemFlags flags = QAbstractTableModel::flags(index);
  if (index.column() == Shown) flags |= Qt::ItemIsUserCheckable;
  return flags;
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  const QString metric = metric_.isEmpty() ? tr("the metric that chooses the best checkpoint") : metric_;
  if (role == Qt::ToolTipRole || role == Qt::AccessibleTextRole) {
    switch (section) {
      case Shown: return tr("Drawn in the plots");
      case Last: return tr("Last value of %1").arg(metric);
      case Best: return tr("Best value of %1").arg(metric);
      default: return headerData(section, orientation, Qt::DisplayRole);
    }
  }
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Shown: return QString();  // its boxes say enough; the words are its tooltip
    case State: return tr("State");
    case Name: return tr("Run");
    case Progress: return tr("Progress");
    case Time: return tr("Time");
    case Last: return tr("Last");
    case Best: return tr("Best");
    case Started: return tr("Started");
    default: return {};
  }
}

RunsFilter::RunsFilter(RunsModel& model, QObject* parent) : QSortFilterProxyModel(parent), model_(model) {
  setSourceModel(&model);
  setSortRole(RunsModel::SortRole);
  setSortCaseSensitivity(Qt::CaseInsensitive);
  setDynamicSortFilter(true);
}

void RunsFilter::setWords(const QString& words) {
  words_ = words.split(u' ', Qt::SkipEmptyParts);
  invalidateFilter();
}

bool RunsFilter::filterAcceptsRow(int row, const QModelIndex&) const {
  const RunSummary& run = model_.runs()[static_cast<std::size_t>(row)];
  const QString text = QStringLiteral("%1 %2 %3")
                           .arg(QString::fromStdString(run.path.filename().string()),
                                QString::fromStdString(run.status.recipe), stateWord(run.status.state));
  return std::all_of(words_.begin(), words_.end(),
                     [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

}  // namespace counterpoint
