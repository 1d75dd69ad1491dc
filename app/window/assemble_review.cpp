// SPDX-License-Identifier: GPL-3.0-or-later
// Review, Retrieve and Adapters: they share the studies, the run at hand and the model that serves.
#include "app/window/assembly.h"
#include "app/window/main_window.h"
#include "app/window/model_server.h"
#include "app/window/run_panes.h"
#include "app/window/worker_process.h"
#include "core/base/error.h"
#include "core/jobs/rank_program.h"
#include "widgets/adapters/adapters_pane.h"
#include "widgets/clips/caption_pane.h"
#include "widgets/clips/clips_pane.h"
#include "widgets/clips/studies_pane.h"
#include "widgets/common/review_desk.h"
#include "widgets/retrieval/retrieve_pane.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

const QString kEmbedder = QStringLiteral("embedder");  // the name of its process while it works

// The model of the run that is chosen in Review, or else of the newest run that has one.
ServerCommand wantedServer(const Workspace* workspace, const RunsModel& runs, const fs::path& chosen) {
  if (!workspace) throw usageError("no workspace is open", "model", "Open one first.");
  std::error_code error;
  if (const fs::path program = rankProgramPath().toStdString(); !fs::exists(program, error)) {
    throw environmentError("the program that needs LibTorch is missing", program.string(), kSetUpCure);
  }
  const fs::path run = runs.runToServe(chosen);
  if (run.empty()) throw dataError("no run has a checkpoint yet", workspace->runs.string(), "Train a model first.");
  return {workerProgram(),
          {QStringLiteral("serve"), QStringLiteral("--model"), QString::fromStdString(run.string())},
          QString::fromStdString(workspace->root.string())};
}

void registerModelActions(ActionRegistry& actions, ModelServer& server) {
  ActionSpec load;
  load.id = QStringLiteral("model.load");
  load.text = QObject::tr("Load the chosen model");
  load.category = QObject::tr("Model");
  load.icon = QStringLiteral("model");
  load.help = QObject::tr("Of the run that is chosen in Report, else of the newest; in the place of another one");
  load.run = [&server] { server.loadWanted(); };
  load.enabled = [&server] { return server.hasWanted(); };
  actions.add(load);
  ActionSpec unload;
  unload.id = QStringLiteral("model.unload");
  unload.text = QObject::tr("Unload the model");
  unload.category = load.category;
  unload.help = QObject::tr("End its process and give its memory back");
  unload.run = [&server] { server.unload(); };
  unload.enabled = [&server] { return server.state() != ModelLink::State::Off; };
  actions.add(unload);
  QObject::connect(&server, &ModelServer::stateChanged, &actions, &ActionRegistry::refresh);
}

// Makes the embeddings of the lists, one after another, with `model`; then shows them.
void embedLists(MainWindow& window, AdaptersPane& pane, const QString& model, std::vector<fs::path> lists) {
  if (lists.empty()) {
    window.setTaskStatus({});
    pane.setLists(window.workspace()->adapters, window.workspace()->root);
    return window.notify({Severity::Good, QObject::tr("The adapters have their embeddings"), {}, {}});
  }
  const QString list = QString::fromStdString(lists.back().string()), place = window.workspacePath();
  lists.pop_back();
  window.setTaskStatus(QObject::tr("adapters: making embeddings"));
  auto* worker = new WorkerProcess(&window);
  worker->setObjectName(kEmbedder);
  QObject::connect(worker, &WorkerProcess::line, &window, [&window](const QString& line) {
    window.setTaskStatus(QObject::tr("adapters: %1").arg(line.simplified()));
  });
  QObject::connect(worker, &WorkerProcess::finished, &pane,
                   [&window, &pane, worker, model, place, lists](int status, const QString&, const QString& problem) {
                     worker->setObjectName({});
                     worker->deleteLater();
                     if (window.workspacePath() != place) return window.setTaskStatus({});
                     if (status == 0) return embedLists(window, pane, model, lists);
                     window.setTaskStatus({});
                     window.notify({Severity::Bad, problem, QObject::tr("adapters"), {}});
                   });
  worker->start(workerProgram(),
                {QStringLiteral("lora"), QStringLiteral("embed"), QStringLiteral("--model"), model, list}, place);
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
  auto* runs = window.findChild<RunPanes*>();
  QObject::connect(runs->model(), &RunsModel::listed, desk, &ReviewDesk::refreshRuns);
  server->setWanted([&window, runs, desk] { return wantedServer(window.workspace(), *runs->model(), desk->run()); });
  registerModelActions(window.actions(), *server);
  QObject::connect(desk, &ReviewDesk::runsChanged, &window.actions(), &ActionRegistry::refresh);
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
  const auto train = [&window] { trainOrChoose(window); };
  QObject::connect(report, &CaptionPane::trainWanted, &window, train);
  QObject::connect(retrieve, &RetrievePane::trainWanted, &window, train);
  QObject::connect(adapters, &AdaptersPane::trainWanted, &window, train);
  QObject::connect(adapters, &AdaptersPane::embedWanted, &window, [&window, runs, desk, adapters] {
    const fs::path model = runs->model()->runToServe(desk->run());
    if (!window.workspace() || model.empty() || window.findChild<WorkerProcess*>(kEmbedder)) return;
    embedLists(window, *adapters, QString::fromStdString(model.string()), window.workspace()->adapters);
  });
  const auto showClip = [&window, desk, clips](const QString& file) {
    window.showPane(clips->identifier());
    if (!desk->isLoading()) {
      desk->openClip(file);
      return;
    }
    // The workspace was opened just now: the table may have the clip.
    QObject::connect(
        desk, &ReviewDesk::loaded, clips, [desk, file] { desk->openClip(file); }, Qt::SingleShotConnection);
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
