// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/run_panes.h"

#include "app/window/worker_process.h"

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
  connect(list_, &RunsPane::currentChanged, details_, &RunDetailsPane::setRun);
  connect(list_, &RunsPane::detailsRequested, this, &RunPanes::detailsRequested);
  connect(list_, &RunsPane::launchRequested, this, &RunPanes::launchRequested);
  connect(plots_, &PlotsPane::launchRequested, this, &RunPanes::launchRequested);
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
  details_->setRun({});
  model_->setFolder(runs);
}

void RunPanes::drawShown() { plots_->setRuns(list_->shown(), !model_->runs().empty()); }

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
