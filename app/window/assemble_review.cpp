// SPDX-License-Identifier: GPL-3.0-or-later
// Review, Retrieve and Adapters: they share the studies, the run at hand and the model that serves.
#include "app/window/assembly.h"
#include "app/window/main_window.h"
#include "app/window/model_server.h"
#include "app/window/run_panes.h"
#include "app/window/worker_process.h"
#include "core/base/error.h"
#include "core/jobs/rank_program.h"
#include "core/runs/run_list.h"
#include "widgets/adapters/adapters_pane.h"
#include "widgets/clips/caption_pane.h"
#include "widgets/clips/clips_pane.h"
#include "widgets/clips/studies_pane.h"
#include "widgets/common/review_desk.h"
#include "widgets/retrieval/retrieve_pane.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

ServerCommand newestServer(const Workspace* workspace) {
  if (!workspace) throw usageError("no workspace is open", "model", "Open one first.");
  std::error_code error;
  if (const fs::path program = rankProgramPath().toStdString(); !fs::exists(program, error)) {
    throw environmentError("the program that needs LibTorch is missing", program.string(), kSetUpCure);
  }
  for (const RunSummary& run : listRuns(workspace->runs)) {
    if (!fs::exists(run.path / "checkpoints" / "last", error) &&
        !fs::exists(run.path / "checkpoints" / "best", error)) {
      continue;
    }
    return {workerProgram(),
            {QStringLiteral("serve"), QStringLiteral("--model"), QString::fromStdString(run.path.string())},
            QString::fromStdString(workspace->root.string())};
  }
  throw dataError("no run has a checkpoint yet", workspace->runs.string(), "Train a model first.");
}

void showModelState(MainWindow& window, const ModelServer& server) {
  const Json& said = server.description();
  switch (server.state()) {
    case ModelLink::State::Off: return window.setModelStatus({});
    case ModelLink::State::Starting: return window.setModelStatus(QObject::tr("model: loading"));
    case ModelLink::State::Lost:
      window.setModelStatus(QObject::tr("model: gone"), server.problem());
      return window.notify({Severity::Warning, server.problem(), QObject::tr("model"),
                            QObject::tr("Load it again from Review, Retrieve or Adapters.")});
    case ModelLink::State::Ready:
      const QString run = QString::fromStdString(fs::path(said.value("run", std::string())).filename().string());
      return window.setModelStatus(QObject::tr("model: %1 step %2, ready").arg(run).arg(said.value("step", 0)),
                                   QString::fromStdString(said.value("device", std::string())));
  }
}

}  // namespace

void assembleReview(MainWindow& window) {
  auto* server = new ModelServer(&window);
  auto* desk = new ReviewDesk(&window);
  desk->setModel(server);
  if (auto* runs = window.findChild<RunPanes*>()) {
    QObject::connect(runs->model(), &RunsModel::listed, desk, &ReviewDesk::refreshRuns);
  }
  server->setNewest([&window] { return newestServer(window.workspace()); });
  QObject::connect(server, &ModelServer::stateChanged, &window, [&window, server] { showModelState(window, *server); });

  auto* studies = new StudiesPane(*desk);
  auto* clips = new ClipsPane(*desk);
  auto* report = new CaptionPane(*desk);
  auto* retrieve = new RetrievePane(*desk);
  auto* adapters = new AdaptersPane(*desk);
  studies->setKeyScope(clips->stage());
  window.addPane(QStringLiteral("review"), clips, PanePlace::Centre);
  window.addPane(QStringLiteral("review"), studies, PanePlace::Left, 0.2);
  window.addPane(QStringLiteral("review"), report, PanePlace::Right, 0.28);
  window.addPane(QStringLiteral("retrieve"), retrieve, PanePlace::Centre);
  window.addPane(QStringLiteral("adapters"), adapters, PanePlace::Centre);

  const auto openWorkspace = [&window] {
    if (QAction* open = window.actions().action(QStringLiteral("workspace.open"))) open->trigger();
  };
  QObject::connect(studies, &StudiesPane::openRequested, &window, openWorkspace);
  QObject::connect(clips, &ClipsPane::openRequested, &window, openWorkspace);
  QObject::connect(retrieve, &RetrievePane::openRequested, &window, openWorkspace);
  const auto showClip = [&window, desk, clips](const QString& file) {
    if (desk->openClip(file)) window.showPane(clips->identifier());
  };
  QObject::connect(retrieve, &RetrievePane::clipRequested, &window, showClip);
  QObject::connect(&window, &MainWindow::clipOpenRequested, desk, showClip);
  QObject::connect(desk, &ReviewDesk::noticed, &window, &MainWindow::notify);

  QObject::connect(&window, &MainWindow::workspaceOpened, desk, [&window, desk, adapters](const Workspace& workspace) {
    desk->setPlace({workspace.root, workspace.studies, workspace.runs, workspace.synthetic});
    adapters->setLists(workspace.adapters, workspace.root);
  });
  QObject::connect(&window, &MainWindow::workspaceClosed, desk, [desk, server, adapters] {
    desk->setPlace({});
    adapters->setLists({}, {});
    server->unload();
  });
}

}  // namespace counterpoint
