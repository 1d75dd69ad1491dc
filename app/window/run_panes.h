// SPDX-License-Identifier: GPL-3.0-or-later
// The list of runs, a run's details and the plots, wired to one another and to counterpoint-worker.
#pragma once

#include <filesystem>
#include <map>
#include <optional>

#include "widgets/common/notice.h"
#include "widgets/common/run_feed.h"
#include "widgets/plots/plots_pane.h"
#include "widgets/runs/run_details_pane.h"
#include "widgets/runs/runs_model.h"
#include "widgets/runs/runs_pane.h"

#include <QObject>
#include <QPointer>

namespace counterpoint {

class RunPanes : public QObject {
  Q_OBJECT

 public:
  explicit RunPanes(QObject* parent = nullptr);
  ~RunPanes() override;

  // The panes are made here; a Perspective may take them.
  RunsPane* runs() const { return list_; }
  RunDetailsPane* details() const { return details_; }
  PlotsPane* plots() const { return plots_; }
  RunsModel* model() const { return model_; }
  RunFeeds* feeds() const { return feeds_; }

  // Where runs lie and where counterpoint-worker is called; both empty: no workspace.
  void setWorkspace(const std::filesystem::path& workspace, const std::filesystem::path& runs);

  // What the button of the empty panes says.
  void setTrainOffer(const QString& button);

  // Selects and draws a run of the workspace, as soon as the list has it; a warning for a run that lies elsewhere.
  void openRun(const QString& folder);

 signals:
  void runStatusChanged(const QString& text);  // "1 run going, 62 %"; empty when none goes
  void launchRequested();                      // bring the configs forward
  void trainRequested();                       // launch the workspace's own config
  void runsRequested();                        // bring the list of runs forward
  void compareRequested(const QStringList& runs);  // their configs, beside one another
  void detailsRequested();                     // bring the details forward
  void noticed(const counterpoint::Notice& notice);

 private:
  void call(const QStringList& arguments, const QString& doing);
  void drawShown();
  void openAwaited();
  void tellStatus();
  void tellFailures();

  std::filesystem::path workspace_, folder_;
  std::filesystem::path awaited_;                                    // to be selected when the list has it
  std::optional<std::map<std::filesystem::path, RunState>> states_;  // as of the last listing
  RunFeeds* feeds_;
  RunsModel* model_;
  QPointer<RunsPane> list_;  // a perspective may own and end them
  QPointer<RunDetailsPane> details_;
  QPointer<PlotsPane> plots_;
};

}  // namespace counterpoint
