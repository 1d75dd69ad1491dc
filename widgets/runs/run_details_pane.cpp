// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/runs/run_details_pane.h"

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/runs/run_folder.h"
#include "widgets/common/action_registry.h"
#include "widgets/common/data_table.h"
#include "widgets/common/measures.h"
#include "widgets/common/number_text.h"
#include "widgets/common/theme.h"
#include "widgets/runs/run_events.h"
#include "widgets/runs/run_facts.h"
#include "widgets/runs/run_log.h"
#include "widgets/runs/runs_model.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QVBoxLayout>

namespace counterpoint {
namespace {

constexpr int kFactWidth = 160;

}  // namespace

QString commandOf(const std::filesystem::path& run) {
  try {
    const Json record = readJsonFile(RunFolder(run).environment());
    return QString::fromStdString(record.value("command_line", std::string()));
  } catch (const std::exception&) {
    return {};  // a run of an earlier time, or one that ended before it could say
  }
}

RunDetailsPane::RunDetailsPane(RunsModel& runs, RunFeeds& feeds, QWidget* parent)
    : Pane(QStringLiteral("run_details"), tr("Run"), parent),
      runs_(runs),
      feeds_(feeds),
      title_(new QLabel),
      state_(new QLabel),
      cause_(new QLabel),
      copy_(new QPushButton(tr("Copy command"))),
      tabs_(new QTabWidget),
      facts_(new DataTable(tr("Facts about the run"))),
      model_(new RunFacts(this)),
      log_(new RankLogView(feeds.thread())),
      events_(new RunEventsView) {
  title_->setFont(uiFont(measures::kMedium, true));
  title_->setTextFormat(Qt::PlainText);
  title_->setMinimumWidth(0);
  state_->setTextFormat(Qt::PlainText);
  setTextRole(state_, "quiet");
  cause_->setTextFormat(Qt::PlainText);
  cause_->setWordWrap(true);
  cause_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  cause_->setContentsMargins(measures::kEdge, 0, measures::kEdge, measures::kGrid);
  cause_->setAccessibleName(tr("Cause of the failure"));
  cause_->hide();
  setTextRole(cause_, "bad");
  copy_->setAccessibleName(tr("Copy the command that started this run"));
  facts_->setModel(model_);
  facts_->setColumnWidth(0, kFactWidth);
  tabs_->setDocumentMode(true);
  tabs_->setAccessibleName(tr("Parts of the run"));
  tabs_->addTab(facts_, tr("Overview"));
  tabs_->addTab(log_, tr("Logs"));
  tabs_->addTab(events_, tr("Events"));

  auto* row = new QHBoxLayout;
  row->setContentsMargins(measures::kEdge, measures::kGrid, measures::kEdge, measures::kGrid);
  row->setSpacing(measures::kGap);
  row->addWidget(title_);
  row->addWidget(state_, 1);
  row->addWidget(copy_);
  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addLayout(row);
  column->addWidget(cause_);
  column->addWidget(tabs_, 1);
  setContent(content);
  emptyState()->set(QStringLiteral("logs"), tr("No run is chosen"),
                    tr("Facts, logs, captions and retrievals of the run that is chosen in the list."),
                    tr("Choose a run"));
  connect(emptyState(), &EmptyState::pressed, this, &RunDetailsPane::chooseRequested);
  connect(copy_, &QPushButton::clicked, this, &RunDetailsPane::copyCommand);
  connect(&runs_, &RunsModel::listed, this, &RunDetailsPane::refresh);
  connect(&runs_, &RunsModel::dataChanged, this, &RunDetailsPane::refresh);
}

RunDetailsPane::~RunDetailsPane() = default;

void RunDetailsPane::setRun(const std::filesystem::path& run) {
  if (run == run_) return;
  run_ = run;
  log_->setRun(run_);
  events_->setFeed(run_.empty() ? nullptr : feeds_.feed(run_));
  refresh();
}

void RunDetailsPane::refresh() {
  const RunSummary* run = run_.empty() ? nullptr : runs_.find(run_);
  showEmpty(!run);
  if (!run) return;
  const Status& status = run->status;
  title_->setText(runs_.nameOfRun(*run));
  QStringList words{stateSymbol(status.state) + u' ' + stateWord(status.state)};
  for (const QString& more : {progressWords(status), timeWords(*run, wallSeconds())}) {
    if (!more.isEmpty()) words << more;
  }
  state_->setText(words.join(QStringLiteral("   ")));
  cause_->setText(causeOf(*run));
  cause_->setVisible(!cause_->text().isEmpty());
  model_->set(*run);
}

QString RunDetailsPane::cause() const { return cause_->text(); }

void RunDetailsPane::copyCommand() {
  const QString command = commandOf(run_);
  if (command.isEmpty()) {
    emit noticed(
        Notice{Severity::Warning, tr("The run did not record its command"), QString::fromStdString(run_.string()), {}});
    return;
  }
  QApplication::clipboard()->setText(command);
  emit noticed(Notice{Severity::Info, tr("Copied: %1").arg(command), {}, {}});
}

void RunDetailsPane::registerActions(ActionRegistry& registry) {
  const auto add = [&](const char* id, const QString& text, const QString& key, std::function<void()> act) {
    ActionSpec spec;
    spec.id = QLatin1String(id);
    spec.text = text;
    spec.category = tr("Runs");
    spec.key = key;
    spec.scope = this;
    spec.enabled = [this] { return !run_.empty(); };
    spec.run = std::move(act);
    registry.add(std::move(spec));
  };
  add("run.overview", tr("Overview of the run"), QStringLiteral("Alt+1"), [this] { tabs_->setCurrentWidget(facts_); });
  add("run.logs", tr("Logs of the run"), QStringLiteral("Alt+2"), [this] { tabs_->setCurrentWidget(log_); });
  add("run.events", tr("Events of the run"), QStringLiteral("Alt+3"), [this] { tabs_->setCurrentWidget(events_); });
  add("run.find", tr("Find in the log"), QStringLiteral("Ctrl+F"), [this] {
    tabs_->setCurrentWidget(log_);
    log_->search()->setFocus(Qt::ShortcutFocusReason);
  });
  add("run.copy_command", tr("Copy the command of the run"), {}, [this] { copyCommand(); });
}

std::vector<TourStep> RunDetailsPane::tourSteps() {
  return {{QStringLiteral("run-overview"), [this] { tabs_->setCurrentWidget(facts_); }, nullptr},
          {QStringLiteral("run-logs"), [this] { tabs_->setCurrentWidget(log_); }, nullptr},
          {QStringLiteral("run-events"),
           [this] {
             tabs_->setCurrentWidget(events_);
             events_->table()->selectRow(0);
           },
           nullptr}};
}

}  // namespace counterpoint
