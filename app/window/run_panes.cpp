// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/run_panes.h"

#include <algorithm>
#include <utility>

#include "app/window/worker_process.h"
#include "widgets/common/number_text.h"

namespace counterpoint {

RunPanes::RunPanes(QObject* parent)
    : QObject(parent),
      feeds_(new RunFeeds(this)),
      model_(new RunsModel(feeds_->thread(), this)),
      list_(new RunsPane(*model_)),
      details_(new RunDetailsPane(*model_, *feeds_)),
      plots_(new PlotsPane(*feeds_)) {
  connect(model_, &RunsModel::shownChanged, this, &RunPanes::drawShown);
  connect(model_, &RunsModel::listed, this, &RunPanes::drawShown);
  connect(model_, &RunsModel::listed, this, &RunPanes::openAwaited);
  connect(model_, &RunsModel::listed, this, &RunPanes::tellStatus);
  connect(model_, &RunsModel::listed, this, &RunPanes::tellFailures);
  connect(list_, &RunsPane::currentChanged, details_, &RunDetailsPane::setRun);
  connect(list_, &RunsPane::detailsRequested, this, &RunPanes::detailsRequested);
  connect(list_, &RunsPane::compareRequested, this, &RunPanes::compareRequested);
  connect(list_, &RunsPane::launchRequested, this, &RunPanes::launchRequested);
  connect(list_, &RunsPane::trainRequested, this, &RunPanes::trainRequested);
  connect(plots_, &PlotsPane::trainRequested, this, &RunPanes::trainRequested);
  connect(plots_, &PlotsPane::showNewestRequested, list_, &RunsPane::showNewest);
  connect(plots_, &PlotsPane::exported, this, [this](const QString& path) {
    emit noticed(Notice{Severity::Good, tr("Written"), path, {}});
  });
  connect(details_, &RunDetailsPane::chooseRequested, this, &RunPanes::runsRequested);
  connect(list_, &RunsPane::stopRequested, this, [this](const std::filesystem::path& run, bool now) {
    QStringList arguments{QStringLiteral("stop"), QString::fromStdString(run.string())};
    if (now) arguments << QStringLiteral("--after") << QStringLiteral("now");
    call(arguments, now ? tr("Stopping now") : tr("Stopping after this step"));
  });
  connect(list_, &RunsPane::resumeRequested, this, [this](const std::filesystem::path& run) {
    call({QStringLiteral("resume"), QStringLiteral("--detach"), QString::fromStdString(run.string())}, tr("Resuming"));
  });
  for (Pane* pane :
       {static_cast<Pane*>(list_.data()), static_cast<Pane*>(details_.data()), static_cast<Pane*>(plots_.data())}) {
    connect(pane, &Pane::noticed, this, &RunPanes::noticed);
  }
}

RunPanes::~RunPanes() {
  // Panes that live still look at the model, and the model reads in the thread of the feeds.
  delete list_;
  delete details_;
  delete plots_;
  delete model_;
}

void RunPanes::setWorkspace(const std::filesystem::path& workspace, const std::filesystem::path& runs) {
  workspace_ = workspace;
  folder_ = runs;
  awaited_.clear();
  details_->setRun({});
  model_->setFolder(runs);
  states_.reset();
}

void RunPanes::drawShown() { plots_->setRuns(list_->shown(), !model_->runs().empty()); }

void RunPanes::openRun(const QString& folder) {
  std::filesystem::path run(folder.toStdString());
  if (run.is_relative()) run = workspace_ / run;
  run = run.lexically_normal();
  if (!run.has_filename()) run = run.parent_path();
  std::error_code ignored;
  if (folder_.empty() || !std::filesystem::equivalent(run.parent_path(), folder_, ignored)) {
    emit noticed(Notice{Severity::Warning, tr("is no run of the open workspace"), folder,
                        tr("Open the workspace in whose folder runs it lies.")});
    return;
  }
  awaited_ = folder_ / run.filename();
  openAwaited();
  if (!awaited_.empty()) model_->refreshNow();
}

void RunPanes::openAwaited() {
  if (awaited_.empty() || !list_ || model_->rowOf(awaited_) < 0) return;
  const std::filesystem::path run = std::exchange(awaited_, {});
  model_->setShown(run, true);
  list_->select(run);
}

void RunPanes::tellStatus() {
  int going = 0;
  double least = 2;
  for (const RunSummary& run : model_->runs()) {
    if (run.status.state != RunState::Running && run.status.state != RunState::Stopping) continue;
    ++going;
    if (const double share = progressShare(run.status); share >= 0) least = std::min(least, share);
  }
  QString text;
  if (going > 0) text = going == 1 ? tr("1 run going") : tr("%1 runs going").arg(going);
  if (going > 0 && least <= 1) text += QStringLiteral(", ") + percentText(least);
  emit runStatusChanged(text);
}

void RunPanes::setTrainOffer(const QString& button) {
  list_->setTrainOffer(button);
  plots_->setTrainOffer(button);
}

void RunPanes::tellFailures() {
  std::map<std::filesystem::path, RunState> now;
  for (const RunSummary& run : model_->runs()) {
    const RunState state = now[run.path] = run.status.state;
    // What had failed before this window looked is no news.
    if (!states_ || (state != RunState::Failed && state != RunState::Killed)) continue;
    if (const auto before = states_->find(run.path); before != states_->end() && before->second == state) continue;
    const bool failed = state == RunState::Failed;
    emit noticed({failed ? Severity::Bad : Severity::Warning,
                  failed ? tr("The run failed: %1").arg(causeOf(run)) : tr("The run was ended without saving"),
                  model_->nameOfRun(run),
                  {}});
  }
  if (!folder_.empty()) states_ = std::move(now);
}

void RunPanes::call(const QStringList& arguments, const QString& doing) {
  auto* worker = new WorkerProcess(this);
  connect(worker, &WorkerProcess::finished, this, [this, worker](int status, const QString&, const QString& problem) {
    worker->deleteLater();
    model_->refreshNow();
    if (status != 0) emit noticed(Notice{Severity::Bad, problem, {}, {}});
  });
  emit noticed(Notice{Severity::Info, doing, {}, {}});
  worker->start(workerProgram(), arguments, QString::fromStdString(workspace_.string()));
}

}  // namespace counterpoint
