// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/runs/run_facts.h"

#include "core/base/clock.h"
#include "widgets/common/number_text.h"
#include "widgets/common/theme.h"
#include "widgets/runs/runs_model.h"

#include <QDateTime>

namespace counterpoint {
namespace {

QString timeText(double seconds) {
  return seconds > 0
             ? QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(seconds * 1000)).toString(u"yyyy-MM-dd hh:mm:ss")
             : QString();
}

}  // namespace

void RunFacts::set(const RunSummary& run) {
  const Status& status = run.status;
  QList<std::pair<QString, QString>> rows;
  const auto add = [&rows](const QString& name, const QString& value) {
    if (!value.isEmpty()) rows.append({name, value});
  };
  add(tr("State"), stateWord(status.state));
  add(tr("Progress"), progressWords(status));
  if (status.progress.epochs > 0) {
    add(tr("Epoch"), tr("%1 of %2").arg(numberText(status.progress.epoch), numberText(status.progress.epochs)));
  }
  if (status.progress.samplesPerSecond > 0)
    add(tr("Rate"), tr("%1 samples/s").arg(numberText(status.progress.samplesPerSecond)));
  add(tr("Duration"), durationText(run.durationSeconds(wallSeconds())));
  for (const auto& [name, metric] : status.metrics) {
    add(QString::fromStdString(name),
        tr("last %1, best %2 at step %3 (%4 is better)")
            .arg(numberText(metric.last, 4), numberText(metric.best, 4), countText(metric.bestStep),
                 metric.smallerIsBetter ? tr("smaller") : tr("larger")));
  }
  add(tr("Recipe"), QString::fromStdString(status.recipe));
  add(tr("Ranks"), tr("%1 on %2").arg(QString::number(status.ranks), QString::fromStdString(status.host)));
  if (status.attempt > 0) add(tr("Resumed"), tr("%1 times").arg(status.attempt));
  add(tr("Created"), timeText(status.created));
  add(tr("Started"), timeText(status.started));
  add(tr("Ended"), timeText(status.ended));
  if (status.exitStatus) add(tr("Exit status"), QString::number(*status.exitStatus));
  add(tr("Folder"), QString::fromStdString(run.path.string()));

  // Values change each second; rows seldom: what is selected stays.
  if (rows.size() == rows_.size()) {
    rows_ = std::move(rows);
    emit dataChanged(index(0, 0), index(static_cast<int>(rows_.size()) - 1, 1));
    return;
  }
  beginResetModel();
  rows_ = std::move(rows);
  endResetModel();
}

int RunFacts::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}
int RunFacts::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : 2; }

QVariant RunFacts::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const auto& [name, value] = rows_[index.row()];
  if (role == Qt::DisplayRole || role == Qt::ToolTipRole) return index.column() == 0 ? name : value;
  if (role == Qt::ForegroundRole && index.column() == 0) return roles().quiet;
  return {};
}

QVariant RunFacts::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  return section == 0 ? tr("Fact") : tr("Value");
}

}  // namespace counterpoint
